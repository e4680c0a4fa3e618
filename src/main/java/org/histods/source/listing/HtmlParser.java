package org.histods.source.listing;

import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.ParseSettings;
import org.jsoup.parser.Parser;
import org.jsoup.parser.Tag;
import org.jsoup.parser.TagSet;

/**
 * Parses HTML that hosts send. Uses jsoup's tokeniser for HTML, but its tree builder for XML: the repairs that browsers
 * make (formatting elements, text in tables) take quadratic time on hostile pages, and nothing here depends on them. So
 * unclosed elements contain what follows them.
 */
public final class HtmlParser {

    private static final List<String> VOID =
            List.of("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr");

    private HtmlParser() {}

    /** The document; any text is one. Takes time and memory proportional to the text's length. */
    public static Document parse(String html) {
        TagSet tags = new TagSet();
        add(tags, VOID, Tag.Void);
        add(tags, List.of("script", "style"), Tag.Data);
        add(tags, List.of("title", "textarea"), Tag.RcData);
        Parser parser = Parser.xmlParser().settings(ParseSettings.htmlDefault).tagSet(tags);
        return Jsoup.parse(html, "", parser);
    }

    private static void add(TagSet tags, List<String> names, int option) {
        names.forEach(name -> tags.add(new Tag(name, Parser.NamespaceXml).set(option)));
    }
}
