package org.histods.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.mirror.Bytes;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.Verifier;
import org.histods.pull.PullRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares pulled datasets with their own record. */
@Command(
        name = "verify",
        description = "Compare pulled datasets with their record: every file, its size, its SHA-256.",
        footer = {
            "",
            "Without a level, files are read that have been touched since they were last known to be right.",
            "Exit code 5 if a file is changed, missing or too many."
        })
final class VerifyCommand implements Action {

    private static final int LISTED = 20;

    private final Wiring wiring;

    @Parameters(arity = "0..*", paramLabel = "ID", description = "pulled datasets; all if none is named")
    private List<String> names = new ArrayList<>();

    @Option(names = "--quick", description = "sizes and times only: reads no content")
    private boolean quick;

    @Option(names = "--full", description = "read every byte")
    private boolean full;

    @Option(names = "--repair", description = "fetch again what is changed or missing")
    private boolean repair;

    VerifyCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        if (quick && full) {
            throw new Problem(Problem.Kind.USAGE, "--quick and --full exclude each other");
        }
        List<BagRef> bags = new Pulled(wiring).of(names);
        if (bags.isEmpty()) {
            wiring.console().say("the mirror " + wiring.mirrorFolder() + " is empty: nothing to verify");
            return 0;
        }
        int exit = 0;
        for (BagRef ref : bags) {
            try {
                exit = Math.max(exit, one(Bag.read(ref)));
            } catch (Problem p) {
                wiring.console().problem(ref.id(), p);
                exit = Math.max(exit, p.kind().exit());
            }
        }
        return exit;
    }

    private int one(Bag bag) throws Problem {
        Verifier.Level level = full ? Verifier.Level.FULL : quick ? Verifier.Level.QUICK : Verifier.Level.USUAL;
        BagRef ref = bag.ref();
        Verifier.Report report =
                wiring.verifier().verify(bag, wiring.mirror().stamps(ref.id(), ref.version()), level, n -> {});
        show(bag, report);
        if (report.ok()) {
            return 0;
        }
        if (!repair) {
            wiring.console().say("  hint: histods verify " + ref.id() + " --repair");
            return Problem.Kind.WRONG_BYTES.exit();
        }
        return mend(bag, report);
    }

    private void show(Bag bag, Verifier.Report report) {
        Console console = wiring.console();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "verify");
        line.put("dataset", bag.ref().id());
        line.put("version", bag.ref().version());
        line.put("ok", report.ok());
        line.put("files", report.files());
        line.put("read", report.read());
        line.put("changed", report.changed().stream().map(FilePath::text).toList());
        line.put("missing", report.missing().stream().map(FilePath::text).toList());
        line.put("extra", report.extra());
        line.put("record", report.record());
        console.object(line);
        String read = quick
                ? "sizes and times looked at, no content read"
                : report.read() == report.files()
                        ? "all read"
                        : report.read() + " read, the others untouched since they were last read";
        console.data(bag.ref().id() + " " + bag.ref().version() + ": " + (report.ok() ? "ok" : "NOT OK") + ", "
                + report.files() + " files, " + Bytes.text(bag.bytes()) + " (" + read + ")");
        list(quick ? "touched" : "changed", report.changed());
        list("missing", report.missing());
        list("extra", report.extra());
        list("record", report.record());
    }

    private void list(String what, List<?> paths) {
        for (Object path : paths.subList(0, Math.min(LISTED, paths.size()))) {
            wiring.console().data("  " + what + "  " + path);
        }
        if (paths.size() > LISTED) {
            wiring.console().data("  " + what + "  and " + (paths.size() - LISTED) + " more");
        }
    }

    private int mend(Bag bag, Verifier.Report report) throws Problem {
        BagRef ref = bag.ref();
        if (!report.extra().isEmpty()) {
            wiring.console().warn("files that do not belong are left alone; move them yourself out of " + ref.data());
        }
        Set<FilePath> broken = new TreeSet<>(report.changed());
        broken.addAll(report.missing());
        ManifestFile manifest = new Pulled(wiring).used(ref);
        PullRequest request =
                new PullRequest(manifest, bag.variant().orElse(null), bag.selection(), null, List.of(), false, 4);
        try (Progress progress = new Progress(wiring.console(), manifest.manifest())) {
            wiring.puller(null).repair(request, broken, progress);
        }
        wiring.console().say(ref.id() + ": " + broken.size() + (broken.size() == 1 ? " file" : " files") + " mended");
        Bag mended = Bag.read(new BagRef(ref.id(), ref.version(), ref.path()));
        Verifier.Report after = wiring.verifier()
                .verify(mended, wiring.mirror().stamps(ref.id(), ref.version()), Verifier.Level.USUAL, n -> {});
        show(mended, after);
        return after.ok() ? 0 : Problem.Kind.WRONG_BYTES.exit();
    }
}
