package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.pull.PullRequest;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares pulled datasets with their own record. */
@Command(
        name = "verify",
        description = "Compare pulled datasets, or a bag in any folder, with their record: every file, its SHA-256.",
        footer = {
            "",
            "A name with a slash is a folder that holds a bag, such as one that somebody handed over: it is read",
            "whole and nothing in it is trusted. Whether it is the data of a paper, the paper's fingerprint tells.",
            "",
            "Without a level, files are read that have been touched since they were last known to be right.",
            "Exit code 5 if a file is changed, missing or too many.",
            "",
            "--repair fetches a changed file again in place of the changed one, which is named before. Files that do",
            "not belong are kept; with --discard-extra they are deleted.",
            "",
            "Examples:",
            "  histods verify                                            the whole mirror",
            "  histods verify ./received --fingerprint b2bdd32fe7cb361e… a bag that somebody handed over"
        })
public final class VerifyCommand implements CliCommand {

    private static final int LISTED = 20;

    private final AppContext wiring;

    @Parameters(
            arity = "0..*",
            paramLabel = "ID|DIR",
            description = "pulled datasets, or folders with bags; all pulled if none is named")
    private List<String> names = new ArrayList<>();

    @Option(names = "--quick", description = "sizes and times only: reads no content")
    private boolean quick;

    @Option(names = "--full", description = "read every byte")
    private boolean full;

    @Option(names = "--repair", description = "fetch again what is changed or missing")
    private boolean repair;

    @Option(names = "--discard-extra", description = "with --repair: delete files that do not belong")
    private boolean discardExtra;

    @Option(names = "--fingerprint", paramLabel = "HEX", description = "what the fingerprint of the files must be")
    private @Nullable String fingerprint;

    public VerifyCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        if (quick && full) {
            throw new Problem(Problem.Kind.USAGE, "--quick and --full exclude each other");
        }
        if (discardExtra && !repair) {
            throw new Problem(Problem.Kind.USAGE, "--discard-extra goes with --repair");
        }
        Fingerprint expected = expected();
        List<String> folders = names.stream().filter(this::folder).toList();
        if (!folders.isEmpty() && (quick || repair)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    (quick ? "--quick" : "--repair") + " is for pulled datasets, and " + folders.get(0)
                            + " is a folder");
        }
        int exit = 0;
        for (String folder : folders) {
            exit = Math.max(exit, new ReceivedBagView(wiring).verify(wiring.path(Path.of(folder)), expected));
        }
        List<String> ids =
                names.stream().filter(name -> !folders.contains(name)).toList();
        return names.isEmpty() || !ids.isEmpty() ? Math.max(exit, pulled(ids, expected)) : exit;
    }

    private @Nullable Fingerprint expected() throws Problem {
        if (fingerprint == null) {
            return null;
        }
        if (names.size() != 1) {
            throw new Problem(Problem.Kind.USAGE, "--fingerprint is that of one dataset: name one");
        }
        try {
            String hex = fingerprint.strip().toLowerCase(Locale.ROOT);
            return new Fingerprint(hex.startsWith("sha256:") ? hex.substring("sha256:".length()) : hex);
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private boolean folder(String name) {
        return name.contains("/") || name.equals(".") || name.equals("..");
    }

    private int pulled(List<String> ids, @Nullable Fingerprint expected) throws Problem {
        List<BagRef> bags = new MirrorLookup(wiring).of(ids);
        if (bags.isEmpty()) {
            wiring.console().say("the mirror " + wiring.mirrorFolder() + " is empty: nothing to verify");
            return 0;
        }
        int exit = 0;
        for (BagRef ref : bags) {
            try {
                exit = Math.max(exit, one(Bag.read(ref), expected));
            } catch (Problem p) {
                wiring.console().problem(ref.id().text(), p);
                exit = Math.max(exit, p.kind().exit());
            }
        }
        return exit;
    }

    private int one(Bag bag, @Nullable Fingerprint expected) throws Problem {
        if (expected != null && !expected.equals(bag.fingerprint())) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    "the fingerprint of what was pulled is " + bag.fingerprint() + ", not the expected " + expected,
                    bag.selection().isEmpty()
                            ? "another version of the dataset, or another selection of its files, was used"
                            : "only a part of the dataset was pulled: " + String.join(", ", bag.selection()));
        }
        BagVerifier.Level level =
                full ? BagVerifier.Level.FULL : quick ? BagVerifier.Level.QUICK : BagVerifier.Level.USUAL;
        BagRef ref = bag.ref();
        BagVerifier.Report report =
                wiring.verifier().verify(bag, wiring.mirror().stamps(ref), level, n -> {});
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

    private void show(Bag bag, BagVerifier.Report report) {
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
                + Count.of(report.files(), "file") + ", " + Bytes.text(bag.bytes()) + " (" + read + ")");
        // A repair replaces what a person may have changed on purpose: each such file is named.
        list(
                quick ? "touched" : "changed",
                report.changed(),
                repair ? report.changed().size() : LISTED);
        list("missing", report.missing());
        list("extra", report.extra());
        list("record", report.record());
    }

    private void list(String what, List<?> paths) {
        list(what, paths, LISTED);
    }

    private void list(String what, List<?> paths, int most) {
        list(wiring.console(), what, paths, most);
    }

    /** The first of them, each on its line. */
    static void list(Console console, String what, List<?> paths) {
        list(console, what, paths, LISTED);
    }

    private static void list(Console console, String what, List<?> paths, int most) {
        for (Object path : paths.subList(0, Math.min(most, paths.size()))) {
            console.data("  " + what + "  " + path);
        }
        if (paths.size() > most) {
            console.data("  " + what + "  and " + (paths.size() - most) + " more");
        }
    }

    private int mend(Bag bag, BagVerifier.Report report) throws Problem {
        BagRef ref = bag.ref();
        if (!report.extra().isEmpty() && !discardExtra) {
            wiring.console()
                    .warn("files that do not belong are left alone; move them yourself out of " + ref.data()
                            + ", or delete them with --discard-extra");
        }
        Set<FilePath> broken = new TreeSet<>(report.changed());
        broken.addAll(report.missing());
        if (broken.isEmpty() && report.record().isEmpty() && !discardExtra) {
            wiring.console().say(ref.id() + ": nothing to mend");
            return Problem.Kind.WRONG_BYTES.exit();
        }
        ManifestFile manifest = new MirrorLookup(wiring).used(ref);
        PullRequest request = new PullRequest(
                manifest, bag.variant().orElse(null), bag.selection(), null, List.of(), false, 4, discardExtra);
        try (ProgressDisplay progress = wiring.progress(manifest.manifest())) {
            wiring.puller(null).repair(request, broken, progress);
        }
        if (!broken.isEmpty()) {
            wiring.console().say(ref.id() + ": " + Count.of(broken.size(), "file") + " mended");
        }
        Bag mended = Bag.read(new BagRef(ref.id(), ref.version(), ref.path()));
        BagVerifier.Report after =
                wiring.verifier().verify(mended, wiring.mirror().stamps(ref), BagVerifier.Level.USUAL, n -> {});
        show(mended, after);
        return after.ok() ? 0 : Problem.Kind.WRONG_BYTES.exit();
    }
}
