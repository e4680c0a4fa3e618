package org.histods.cli.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.Console;
import org.histods.manifest.PatientRule;
import org.histods.provenance.Bag;
import org.histods.split.SplitReport;
import org.histods.split.SplitReport.Shared;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Shows the result of {@code split}. */
final class SplitView {

    private static final int MAX_SHOWN = 5;

    private final Console console;

    SplitView(Console console) {
        this.console = console;
    }

    void show(Bag bag, SplitReport report, @Nullable PatientRule rule) {
        console.object(json(bag, report, rule));
        String level = report.level() == null ? "patient" : report.level();
        console.data(bag.ref().id() + " " + bag.ref().version() + ": " + verdict(report));
        for (SplitReport.Size split : report.splits()) {
            console.data("  " + split.name() + ": " + Count.of(split.files(), "file") + ", "
                    + (report.level() == null ? "patients unknown" : Count.of(split.patients(), level)));
        }
        shared("in several splits: " + level + " ", report.leaks().patients());
        shared("in several splits: file ", report.leaks().files());
        shared("the same bytes in several splits: ", report.leaks().sameContent());
        report.unchecked().reasons().forEach(doubt -> console.data("could not check: " + doubt));
        if (!report.unchecked().reasons().isEmpty() && rule != null && rule.note() != null) {
            console.data("  the manifest says: " + rule.note());
        }
        list(
                "could not check: listed but not in the dataset",
                report.unchecked().missing());
        list(
                "could not check: matches files of several " + level + "s, or of an unknown one",
                report.unchecked().ambiguous());
        list(
                "could not check: the path contains no " + level,
                report.unchecked().unread());
        if (report.loose() > 0) {
            console.data("matched by file name only, because folders differ: " + Count.of(report.loose(), "file"));
        }
        report.notes().forEach(console::data);
        list("in no split", report.unlisted());
    }

    private static String verdict(SplitReport report) {
        String level = report.level() == null ? report.by() : report.level();
        return switch (report.verdict()) {
            case APART -> "apart, no " + level + " is in two splits";
            case NOT_APART ->
                "NOT APART"
                        + (report.leaks().patients().isEmpty()
                                ? ""
                                : ", " + Count.of(report.leaks().patients().size(), level) + " in several splits")
                        + (report.leaks().files().isEmpty()
                                ? ""
                                : ", " + Count.of(report.leaks().files().size(), "file") + " in several splits")
                        + (report.leaks().sameContent().isEmpty()
                                ? ""
                                : ", the same bytes in several splits "
                                        + Count.of(report.leaks().sameContent().size(), "time"));
            case NOT_PROVEN -> "NOT PROVEN, no overlap found but not everything could be checked";
        };
    }

    private void shared(String what, List<Shared> all) {
        for (Shared shared : all.subList(0, Math.min(MAX_SHOWN, all.size()))) {
            console.data(what + shared.what());
            shared.files().forEach((split, files) -> console.data("  " + split + ": " + few(files)));
        }
        if (all.size() > MAX_SHOWN) {
            console.data("… " + (all.size() - MAX_SHOWN) + " more (--json lists them)");
        }
    }

    private static String few(List<String> files) {
        return Count.of(files.size(), "file") + (files.size() == 1 ? ", " : ", such as ") + files.get(0);
    }

    private void list(String what, List<String> files) {
        if (!files.isEmpty()) {
            console.data(what + ": " + few(files));
        }
    }

    private static Map<String, Object> json(Bag bag, SplitReport report, @Nullable PatientRule rule) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("dataset", bag.ref().id());
        line.put("version", bag.ref().version());
        line.put("verdict", report.verdict().word());
        line.put("by", report.by());
        line.put("level", report.level());
        List<Object> splits = new ArrayList<>();
        report.splits()
                .forEach(split ->
                        splits.add(Map.of("name", split.name(), "files", split.files(), "patients", split.patients())));
        line.put("splits", splits);
        line.put("shared", listed("patient", report.leaks().patients()));
        line.put("twice", listed("path", report.leaks().files()));
        line.put("same", listed("sha256", report.leaks().sameContent()));
        line.put("missing", report.unchecked().missing());
        line.put("ambiguous", report.unchecked().ambiguous());
        line.put("unread", report.unchecked().unread());
        line.put("loose", report.loose());
        line.put("unlisted", report.unlisted());
        line.put("doubts", report.unchecked().reasons());
        line.put("notes", report.notes());
        line.put("note", rule == null ? null : rule.note());
        return line;
    }

    private static List<Map<String, Object>> listed(String what, List<Shared> all) {
        return all.stream()
                .map(shared -> Map.<String, Object>of(what, shared.what(), "splits", shared.files()))
                .toList();
    }
}
