package org.histods.audit.report;

import static org.histods.html.Html.element;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.Severity;
import org.histods.html.Html;

/** Elements that several parts of the audit page use. */
final class HtmlFragments {

    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");

    private HtmlFragments() {}

    /** A text of others; its direction does not affect its neighbours. */
    static Html bdi(String text) {
        return element("bdi").text(text);
    }

    /** A text of others in a monospaced font. */
    static Html mono(String text) {
        return element("bdi", "mono").text(text);
    }

    /** Prose in which words between backquotes are code. */
    static Html prose(String text) {
        Html prose = element("bdi");
        Matcher code = CODE.matcher(text);
        int end = 0;
        while (code.find()) {
            prose.text(text.substring(end, code.start())).add(element("code").text(code.group(1)));
            end = code.end();
        }
        return prose.text(text.substring(end));
    }

    /** A list of facts. */
    static Html list(List<String> lines) {
        return element("ul", "facts-list")
                .add(lines.stream().map(line -> element("li").add(prose(line))).toList());
    }

    /** A part that opens on a click. */
    static Html fold(Html summary, Html body, boolean open) {
        return element("details").flag("open", open).add(element("summary").add(summary), body);
    }

    /** A table that scrolls sideways on narrow screens. */
    static Html wide(Html table) {
        return element("div", "wide").add(table);
    }

    /** A table that scrolls sideways and can be reached with the keyboard. */
    static Html wide(String label, Html table) {
        return element("div", "wide")
                .attribute("role", "region")
                .attribute("aria-label", label)
                .attribute("tabindex", "0")
                .add(table);
    }

    /** A column head. */
    static Html head(Html content, boolean number) {
        return element("th")
                .attribute("scope", "col")
                .attribute("class", number ? "number" : null)
                .add(content);
    }

    static Html badge(Severity severity) {
        return element("span", "badge " + severity.word())
                .add(element("span").attribute("aria-hidden", "true").text(sign(severity)))
                .text(" " + severity.word());
    }

    static Html badge(String word) {
        return element("span", "badge " + word).text(word);
    }

    /** A mark by shape, for readers who cannot tell the colours apart. */
    static String sign(Severity severity) {
        return switch (severity) {
            case ERROR -> "✕";
            case WARNING -> "▲";
            case NOTE -> "●";
        };
    }

    static Html quiet(String text) {
        return element("span", "quiet").text(text);
    }

    static Html unknown(String text) {
        return element("span", "unknown").text(text);
    }

    static Html roles(AuditedDataset dataset) {
        if (dataset.roles().isEmpty()) {
            return unknown("no role");
        }
        return Html.sequence()
                .add(
                        dataset.roles().stream()
                                .map(role -> element("span", "badge role").text(role))
                                .toList(),
                        " ");
    }
}
