package org.histods.cli.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.cli.mirror.ContentLookup.Match;
import org.histods.cli.mirror.ContentLookup.Result;
import org.histods.cli.shell.Console;
import org.histods.fetch.ResponseSummary;
import org.histods.provenance.FetchRecord;
import org.histods.text.Count;
import org.histods.text.TerminalText;

/** Shows the results of {@code identify} and counts them. */
final class IdentifyView {

    private static final int SHOWN = 5;

    private final Console console;
    private final Map<String, Long> datasets = new TreeMap<>();
    private boolean many;
    private long known;
    private long unknown;
    private long empty;
    private long unreadable;

    IdentifyView(Console console) {
        this.console = console;
    }

    /** Shows one line for each file from now on, because a folder may hold many. */
    void folder() {
        many = true;
    }

    void unreadable() {
        unreadable++;
    }

    boolean allKnown() {
        return known > 0 && unknown == 0 && unreadable == 0;
    }

    void show(Result result) {
        if (result.empty()) {
            empty++;
        } else if (result.known()) {
            known++;
        } else {
            unknown++;
        }
        result.matches().stream()
                .map(match -> dataset(match) + ", licence " + license(match))
                .distinct()
                .forEach(dataset -> datasets.merge(dataset, 1L, Long::sum));
        console.object(json(result));
        lines(result).forEach(console::data);
    }

    private List<String> lines(Result result) {
        List<String> lines = new ArrayList<>();
        String file = TerminalText.safeLine(result.file().toString());
        if (result.empty()) {
            lines.add(file + "  empty file");
        } else if (!result.known()) {
            lines.add(file + "  unknown");
        } else if (many) {
            Match first = result.matches().get(0);
            String more = result.places() == 1 ? "" : "  (" + Count.of(result.places() - 1, "more place") + ")";
            lines.add(file + "  " + dataset(first) + "  " + path(first) + more);
        } else {
            lines.add(file);
            result.matches().stream().limit(SHOWN).forEach(match -> lines.addAll(lines(match)));
            if (result.places() > SHOWN) {
                lines.add("  … " + Count.of(result.places() - SHOWN, "more place") + " (--json lists them)");
            }
        }
        return lines;
    }

    private static List<String> lines(Match match) {
        List<String> lines = new ArrayList<>();
        lines.add("  " + dataset(match) + "  " + path(match));
        if (match.id() == null) {
            return lines;
        }
        lines.add("    licence  " + license(match));
        if (match.by() != null) {
            lines.add(
                    "    known    only from the imported index of " + match.by().madeBy() + " (fingerprint "
                            + match.by().fingerprint() + "): no dataset in this mirror has it");
            return lines;
        }
        FetchRecord fetch = match.fetch();
        if (fetch == null) {
            lines.add("    source   unknown, the receipt of this file is missing");
            return lines;
        }
        lines.add("    source   " + (fetch.url() == null ? "local file " + fetch.path() : fetch.url()));
        String member = match.origin() == null ? null : match.origin().entry();
        if (member != null) {
            lines.add("    entry    " + member);
        }
        lines.add("    check    " + check(fetch));
        return lines;
    }

    private static String check(FetchRecord fetch) {
        return fetch.verifiedBy()
                .map(by -> "verified against a checksum published by " + by)
                .orElse(
                        fetch.ofRanges()
                                ? "not compared: only ranges of the archive were read; the file matches its CRC-32"
                                : "computed only: there is no published checksum"
                                        + fetch.end()
                                                .map(end -> "; " + ResponseSummary.endText(end))
                                                .orElse(""));
    }

    private static String dataset(Match match) {
        return match.id() == null
                ? "an archive of a dataset that is not in the mirror"
                : match.id() + " " + match.version()
                        + (match.by() == null ? "" : " (index of " + match.by().madeBy() + ")");
    }

    private static String path(Match match) {
        return match.path() + (match.archive() && match.id() != null ? " (downloaded archive)" : "");
    }

    private static String license(Match match) {
        return match.license() == null ? "unknown" : match.license();
    }

    private static Map<String, Object> json(Result result) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("file", result.file().toString());
        line.put("bytes", result.bytes());
        line.put("sha256", result.sha256() == null ? null : result.sha256().hex());
        line.put("places", result.places());
        line.put("matches", result.matches().stream().map(IdentifyView::json).toList());
        return line;
    }

    private static Map<String, Object> json(Match match) {
        FetchRecord fetch = match.fetch();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("dataset", match.id());
        line.put("version", match.version());
        line.put("path", match.path());
        line.put("license", match.license());
        line.put("url", fetch == null ? null : fetch.url());
        line.put("member", match.origin() == null ? null : match.origin().entry());
        line.put("archive", match.archive());
        line.put("check", fetch == null ? null : fetch.check());
        line.put("end", fetch == null ? null : fetch.end().orElse(null));
        line.put("index", match.by() == null ? null : match.by().fingerprint().hex());
        line.put("made_by", match.by() == null ? null : match.by().madeBy());
        return line;
    }

    /** Shows how many files were checked, and what they are. */
    void summary() {
        long files = known + unknown + empty + unreadable;
        if (files == 1 && known + empty == 1) {
            return;
        }
        datasets.forEach((dataset, count) -> console.say("  " + count + " from " + dataset));
        List<String> parts = new ArrayList<>(List.of(known + " known", unknown + " unknown"));
        if (empty > 0) {
            parts.add(empty + " empty");
        }
        if (unreadable > 0) {
            parts.add(unreadable + " unreadable");
        }
        console.say(Count.of(files, "file") + " checked: " + String.join(", ", parts));
        if (unknown > 0) {
            console.say(
                    "  unknown: no dataset in this mirror or in an imported index, and no archive of one, contains the file");
        }
    }
}
