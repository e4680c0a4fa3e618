package org.histods.html;

import java.util.Collection;
import java.util.Set;
import org.histods.text.TerminalText;
import org.jspecify.annotations.Nullable;

/**
 * An element of HTML or SVG under construction, or a sequence of them. Texts and attribute values are escaped when they
 * are added, so that nothing in them becomes markup. {@link #toString} gives the markup.
 */
public final class Html {

    /** Elements without an end tag. */
    private static final Set<String> VOID = Set.of("br", "input", "rect", "path");

    private final String name;
    private final StringBuilder attributes = new StringBuilder();
    private final StringBuilder content = new StringBuilder();

    private Html(String name) {
        this.name = name;
    }

    /** An empty element. */
    public static Html element(String name) {
        return new Html(name);
    }

    /** An empty element with a class. */
    public static Html element(String name, String cssClass) {
        return new Html(name).attribute("class", cssClass);
    }

    /** A sequence without an element around it. */
    public static Html sequence() {
        return new Html("");
    }

    /** A sequence of these. */
    public static Html sequence(Html... parts) {
        return sequence().add(parts);
    }

    /** A text. */
    public static Html of(String text) {
        return sequence().text(text);
    }

    /**
     * Markup as it is.
     *
     * @param markup of the program itself, never from a manifest, a host or a user
     */
    public static Html trusted(String markup) {
        Html html = sequence();
        html.content.append(markup);
        return html;
    }

    /** Sets an attribute; null leaves it out. */
    public Html attribute(String name, @Nullable Object value) {
        if (value != null) {
            attributes
                    .append(' ')
                    .append(name)
                    .append("=\"")
                    .append(escaped(String.valueOf(value)))
                    .append('"');
        }
        return this;
    }

    /** Sets an attribute without a value, such as {@code open}. */
    public Html flag(String name, boolean set) {
        if (set) {
            attributes.append(' ').append(name);
        }
        return this;
    }

    /** Adds a text. */
    public Html text(String text) {
        content.append(escaped(text));
        return this;
    }

    /** Adds elements. */
    public Html add(Html... parts) {
        for (Html part : parts) {
            part.appendTo(content);
        }
        return this;
    }

    /** Adds elements. */
    public Html add(Collection<Html> parts) {
        parts.forEach(part -> part.appendTo(content));
        return this;
    }

    /** Adds elements with a text between each two. */
    public Html add(Collection<Html> parts, String between) {
        boolean first = true;
        for (Html part : parts) {
            if (!first) {
                text(between);
            }
            part.appendTo(content);
            first = false;
        }
        return this;
    }

    private void appendTo(StringBuilder out) {
        if (name.isEmpty()) {
            out.append(content);
        } else if (VOID.contains(name) && content.isEmpty()) {
            out.append('<').append(name).append(attributes).append("/>");
        } else {
            out.append('<').append(name).append(attributes).append('>').append(content);
            out.append("</").append(name).append('>');
        }
    }

    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        appendTo(out);
        return out.toString();
    }

    private static String escaped(String text) {
        return TerminalText.safe(text)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
