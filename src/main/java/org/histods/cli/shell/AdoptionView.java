package org.histods.cli.shell;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.histods.provenance.LocalContent;
import org.histods.pull.AdoptionReport;
import org.histods.pull.PullPlan;
import org.histods.text.Bytes;
import org.histods.text.Count;

/** Shows which files of a folder become part of a dataset, and what each group of files was compared with. */
public final class AdoptionView {

    private static final int LISTED = 3;

    private AdoptionView() {}

    /**
     * Prints the {@code adopt} object of {@code --json} or its text; nothing if no folder was offered.
     *
     * @param out receives the lines of text
     */
    public static void show(Console console, PullPlan plan, Consumer<String> out) {
        AdoptionReport report = plan.adoption();
        if (report == null) {
            return;
        }
        console.object(json(plan, report));
        for (LocalContent.Group group : report.groups()) {
            out.accept("  " + Count.of(group.files(), "file") + ", " + Bytes.text(group.bytes()) + ", " + group.text());
        }
        report.reasons().forEach(reason -> out.accept("  " + reason));
        boolean fetched = report.selection().isEmpty();
        list(out, report.missing(), "missing", fetched ? "fetched" : "left out because of --no-fetch");
        list(out, report.differing(), "with the name of a file of the dataset, but other content", "not used");
        list(out, report.unused(), "not part of what is adopted", "left alone");
    }

    private static void list(Consumer<String> out, List<String> files, String what, String fate) {
        if (!files.isEmpty()) {
            out.accept("  " + Count.of(files.size(), "file") + " " + what + ", " + fate + ": "
                    + String.join(", ", files.subList(0, Math.min(LISTED, files.size())))
                    + (files.size() > LISTED ? ", …" : ""));
        }
    }

    private static Map<String, Object> json(PullPlan plan, AdoptionReport report) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "adopt");
        line.put("dataset", plan.dataset());
        line.put("version", plan.version());
        line.put(
                "groups",
                report.groups().stream()
                        .map(group -> {
                            Map<String, Object> one = new LinkedHashMap<>();
                            one.put("check", group.check());
                            one.put("files", group.files());
                            one.put("bytes", group.bytes());
                            return one;
                        })
                        .toList());
        line.put("missing", report.missing());
        line.put("differing", report.differing());
        line.put("unused", report.unused());
        line.put("unread", report.reasons());
        line.put("fetched", report.selection().isEmpty());
        return line;
    }
}
