package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.provenance.received.ReceivedBag;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Says what a bag in any folder is worth. */
final class ReceivedBagView {

    private final AppContext wiring;

    ReceivedBagView(AppContext wiring) {
        this.wiring = wiring;
    }

    /** The exit code. */
    int verify(Path folder, @Nullable Fingerprint expected) throws Problem {
        ReceivedBag.Report report = ReceivedBag.verify(folder, AppContext.cores(), expected);
        Console console = wiring.console();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "verify");
        line.put("dataset", report.info().get("Histods-Dataset"));
        line.put("version", report.info().get("Histods-Version"));
        line.put("path", folder.toString());
        line.put("ok", report.ok());
        line.put("files", report.files());
        line.put("read", report.read());
        line.put("changed", report.changed());
        line.put("missing", report.missing());
        line.put("extra", report.extra());
        line.put("record", report.record());
        line.put("unchecked", report.unchecked());
        line.put("fingerprint", report.fingerprint().hex());
        line.put("expected", expected == null ? null : expected.hex());
        console.object(line);
        console.data(folder + ": " + (report.ok() ? "ok" : "NOT OK") + ", " + Count.of(report.files(), "file")
                + " listed, " + report.read() + " read");
        console.data("  says it is  " + told(report, "Histods-Dataset") + " " + told(report, "Histods-Version"));
        console.data("  fingerprint " + report.fingerprint()
                + (expected == null ? "" : expected.equals(report.fingerprint()) ? ", as expected" : ""));
        VerifyCommand.list(console, "changed", report.changed());
        VerifyCommand.list(console, "missing", report.missing());
        VerifyCommand.list(console, "extra", report.extra());
        VerifyCommand.list(console, "record", report.record());
        VerifyCommand.list(console, "unchecked", report.unchecked());
        if (expected == null && report.ok()) {
            console.say("the files are what the bag itself says; compare the fingerprint with that of a paper or a lock"
                    + " (--fingerprint) to know whose they are");
        }
        return report.ok() ? 0 : Problem.Kind.WRONG_BYTES.exit();
    }

    private static String told(ReceivedBag.Report report, String label) {
        return FilePath.printable(report.info().getOrDefault(label, "(not said)"));
    }
}
