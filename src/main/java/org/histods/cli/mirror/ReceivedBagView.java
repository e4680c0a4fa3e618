package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.provenance.received.ReceivedBag;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Verifies a bag in any folder and shows the result. */
final class ReceivedBagView {

    private final AppContext app;

    ReceivedBagView(AppContext app) {
        this.app = app;
    }

    /**
     * Verifies a bag, prints the result, and returns the exit code.
     *
     * @param expected the fingerprint that the files should have, or its first digits; null if unknown
     */
    int verify(Path folder, @Nullable String expected) throws Problem {
        // ReceivedBag compares only a whole fingerprint; the first digits of one are compared here.
        Fingerprint whole = expected == null || expected.length() < 64 ? null : new Fingerprint(expected);
        ReceivedBag.Report report = ReceivedBag.verify(folder, AppContext.cores(), whole);
        boolean match = expected == null || report.fingerprint().hex().startsWith(expected);
        boolean ok = report.ok() && match;
        List<String> record = new ArrayList<>(report.record());
        if (!match && whole == null) {
            record.add("the fingerprint of these files is " + report.fingerprint() + ", and does not start with "
                    + expected);
        }
        Console console = app.console();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "verify");
        line.put("dataset", report.info().get("Histods-Dataset"));
        line.put("version", report.info().get("Histods-Version"));
        line.put("path", folder.toString());
        line.put("ok", ok);
        line.put("files", report.files());
        line.put("read", report.read());
        line.put("changed", report.changed());
        line.put("missing", report.missing());
        line.put("extra", report.extra());
        line.put("record", record);
        line.put("unchecked", report.unchecked());
        line.put("other_forms", report.otherForms());
        line.put("fingerprint", report.fingerprint().hex());
        line.put("expected", expected);
        console.object(line);
        Consumer<String> lines = VerifyCommand.lines(console, ok);
        lines.accept(folder + ": "
                + (ok ? report.unchecked().isEmpty() ? "ok" : "ok as far as it could be checked" : "NOT OK")
                + ", " + Count.of(report.files(), "file") + " listed, " + report.read() + " read");
        lines.accept("  claims to be " + label(report, "Histods-Dataset") + " " + label(report, "Histods-Version"));
        lines.accept("  fingerprint  " + report.fingerprint() + (expected == null ? "" : match ? ", as expected" : ""));
        VerifyCommand.list(lines, "modified", report.changed());
        VerifyCommand.list(lines, "missing", report.missing());
        VerifyCommand.list(lines, "unexpected", report.extra());
        VerifyCommand.list(lines, "record", record);
        VerifyCommand.list(lines, "unchecked", report.unchecked());
        VerifyCommand.otherForms(lines, report.otherForms());
        if (expected == null && ok) {
            console.say("the files match the bag's own checksums; to confirm where they come from, pass the fingerprint"
                    + " of a paper or lock file with --fingerprint");
        }
        return ok ? 0 : Problem.Kind.WRONG_BYTES.exit();
    }

    private static String label(ReceivedBag.Report report, String name) {
        return FilePath.printable(report.info().getOrDefault(name, "(not stated)"));
    }
}
