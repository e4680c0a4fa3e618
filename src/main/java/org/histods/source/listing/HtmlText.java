package org.histods.source.listing;

import java.util.regex.Pattern;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** Converts the HTML in hosts' descriptions to plain text. */
public final class HtmlText {

    private static final Pattern BLANK = Pattern.compile("[\\s\\p{Cntrl}\\u00a0]+");
    private static final Pattern BEFORE_PUNCTUATION = Pattern.compile(" ([.,;:!?)])");

    private HtmlText() {}

    /** The text of a fragment, without tags, scripts, styles and comments; entities decoded, white space collapsed. */
    public static String text(String html) {
        return text(HtmlParser.parse(html));
    }

    /** The same for a parsed element. */
    public static String text(Element element) {
        StringBuilder text = new StringBuilder();
        element.traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode part) {
                    text.append(part.getWholeText());
                } else {
                    text.append(' ');
                }
            }

            @Override
            public void tail(Node node, int depth) {
                if (node instanceof Element) {
                    text.append(' ');
                }
            }
        });
        return collapsed(text.toString());
    }

    /** The text with runs of white space and control characters replaced by one space. */
    public static String collapsed(String text) {
        return BEFORE_PUNCTUATION
                .matcher(BLANK.matcher(text).replaceAll(" "))
                .replaceAll("$1")
                .strip();
    }
}
