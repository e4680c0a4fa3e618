package org.histods.audit.report;

import java.util.List;
import java.util.stream.Collectors;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.Severity;
import org.histods.html.HtmlPage;

/** Pieces of a page. What others wrote becomes text, whatever stands in it. */
final class HtmlFragments {

    private HtmlFragments() {}

    /** Text as text: markup is escaped, and characters that would turn its direction are spelt out. */
    static String text(String text) {
        return HtmlPage.escaped(HtmlPage.plain(text));
    }

    /** An element with somebody's text; its direction does not touch its neighbours. */
    static String bdi(String text) {
        return "<bdi>" + text(text) + "</bdi>";
    }

    static String mono(String text) {
        return "<bdi class=\"mono\">" + text(text) + "</bdi>";
    }

    /** Prose in which `backquoted` words are code. */
    static String prose(String text) {
        return "<bdi>" + text(text).replaceAll("`([^`\n]+)`", "<code>$1</code>") + "</bdi>";
    }

    /** A list of texts, one fact an item. */
    static String list(List<String> lines) {
        return "<ul class=\"facts-list\">"
                + lines.stream().map(line -> "<li>" + prose(line) + "</li>").collect(Collectors.joining()) + "</ul>\n";
    }

    /** Something that opens on a click. */
    static String fold(String summary, String body, boolean open) {
        return "<details" + (open ? " open" : "") + "><summary>" + summary + "</summary>\n" + body + "</details>\n";
    }

    static String badge(Severity severity) {
        return "<span class=\"badge " + severity.word() + "\"><span aria-hidden=\"true\">" + sign(severity) + "</span> "
                + severity.word() + "</span>";
    }

    /** A mark by shape, for those who cannot tell colours. */
    static String sign(Severity severity) {
        return switch (severity) {
            case ERROR -> "✕";
            case WARNING -> "▲";
            case NOTE -> "●";
        };
    }

    static String roles(AuditedDataset dataset) {
        if (dataset.roles().isEmpty()) {
            return "<span class=\"unknown\">no role</span>";
        }
        return dataset.roles().stream()
                .map(role -> "<span class=\"badge role\">" + text(role) + "</span>")
                .collect(Collectors.joining(" "));
    }
}
