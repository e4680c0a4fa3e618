package org.histods.cli.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.histods.cli.mirror.ContentLookup.Answer;
import org.histods.cli.mirror.ContentLookup.Match;
import org.histods.cli.shell.Console;
import org.histods.provenance.FetchRecord;
import org.histods.text.Count;

/** What is said of files whose origin was asked for. */
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

    /** There will be many files: one line for each. */
    void folder() {
        many = true;
    }

    void unreadable() {
        unreadable++;
    }

    boolean allKnown() {
        return known > 0 && unknown == 0 && unreadable == 0;
    }

    void show(Answer answer) {
        if (answer.empty()) {
            empty++;
        } else if (answer.known()) {
            known++;
        } else {
            unknown++;
        }
        Set<String> of = new LinkedHashSet<>();
        answer.matches().forEach(match -> of.add(dataset(match) + ", licence " + license(match)));
        of.forEach(dataset -> datasets.merge(dataset, 1L, Long::sum));
        console.object(json(answer));
        lines(answer).forEach(console::data);
    }

    private List<String> lines(Answer answer) {
        List<String> lines = new ArrayList<>();
        String file = answer.file().toString();
        if (answer.empty()) {
            lines.add(file + "  empty: says nothing of where it comes from");
        } else if (!answer.known()) {
            lines.add(file + "  unknown");
        } else if (many) {
            Match first = answer.matches().get(0);
            String more = answer.places() == 1 ? "" : "  and " + (answer.places() - 1) + " more";
            lines.add(file + "  " + dataset(first) + "  " + path(first) + more);
        } else {
            lines.add(file);
            answer.matches().stream().limit(SHOWN).forEach(match -> lines.addAll(lines(match)));
            if (answer.places() > SHOWN) {
                lines.add("  and " + Count.of(answer.places() - SHOWN, "more place") + "; --json lists them");
            }
        }
        return lines;
    }

    private static List<String> lines(Match match) {
        List<String> lines = new ArrayList<>();
        lines.add("  " + dataset(match) + "  " + path(match));
        if (match.bag() == null) {
            return lines;
        }
        lines.add("    licence  " + license(match));
        FetchRecord fetch = match.fetch();
        if (fetch == null) {
            lines.add("    fetched  the receipt of this file is missing");
            return lines;
        }
        String from = fetch.url() == null ? "brought by hand as " + fetch.path() : fetch.url();
        lines.add("    fetched  " + from);
        String member = match.coming() == null ? null : match.coming().entry();
        if (member != null) {
            lines.add("    member   " + member);
        }
        lines.add("    check    " + check(fetch));
        return lines;
    }

    private static String check(FetchRecord fetch) {
        return fetch.verifiedBy()
                .map(by -> "verified against a checksum that " + by + " published")
                .orElse("computed only: nobody publishes a checksum of it");
    }

    private static String dataset(Match match) {
        return match.bag() == null
                ? "a kept archive of a dataset that is not in the mirror"
                : match.bag().id() + " " + match.bag().version();
    }

    private static String path(Match match) {
        return match.path() + (match.archive() && match.bag() != null ? " (the archive that it came in)" : "");
    }

    private static String license(Match match) {
        return match.license() == null ? "unknown" : match.license();
    }

    private static Map<String, Object> json(Answer answer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("file", answer.file().toString());
        line.put("bytes", answer.bytes());
        line.put("sha256", answer.sha256() == null ? null : answer.sha256().hex());
        line.put("places", answer.places());
        line.put("matches", answer.matches().stream().map(IdentifyView::json).toList());
        return line;
    }

    private static Map<String, Object> json(Match match) {
        FetchRecord fetch = match.fetch();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("dataset", match.bag() == null ? null : match.bag().id());
        line.put("version", match.bag() == null ? null : match.bag().version());
        line.put("path", match.path());
        line.put("license", match.license());
        line.put("url", fetch == null ? null : fetch.url());
        line.put("member", match.coming() == null ? null : match.coming().entry());
        line.put("archive", match.archive());
        line.put("check", fetch == null ? null : fetch.check());
        return line;
    }

    /** How many were looked at, and what they are. */
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
            parts.add(unreadable + " could not be read");
        }
        console.say(Count.of(files, "file") + " looked at: " + String.join(", ", parts));
        if (unknown > 0) {
            console.say(
                    "  unknown: no file pulled into this mirror, and no archive that one came in, has this content");
        }
    }
}
