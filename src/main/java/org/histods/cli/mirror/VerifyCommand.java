package org.histods.cli.mirror;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.BagWriter;
import org.histods.provenance.JournalVerifier;
import org.histods.pull.PullRequest;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.TerminalText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods verify}: compares files on disk with their recorded checksums. */
@Command(
        name = "verify",
        description = {
            "Check pulled datasets, or a bag in any folder, for modified files",
            "",
            "Compares files with the SHA-256 recorded when they were pulled, and exits with code 5 if a file is"
                    + " modified, missing or unexpected. By default, only files whose size or times changed since"
                    + " the last check are read.",
            "",
            "An argument with a slash is a folder with a BagIt bag from any tool. It is read completely, and"
                    + " nothing in it is trusted; compare its fingerprint with the one in a paper or lock file.",
            "",
            "The record is checked too: its tag files against each other, and against the mirror's journal, to"
                    + " which every pull, repair and removal appends a line. --journal checks only the records and"
                    + " the journal.",
            "",
            "--images also checks that images can be opened: that TIFF, SVS, NDPI, DICOM and BMP files are"
                    + " complete, and that PNG, JPEG and GIF files can be decoded. It exits with code 9 if all"
                    + " checksums match but an image cannot be opened.",
            "",
            "--oldest 5%% is meant for cron: it reads the files that have gone unread for the longest time, up to"
                    + " that share of all bytes, so that daily runs read everything within twenty days.",
            "",
            "--repair lists each modified file and replaces it with a fresh download. Your own files in the dataset's"
                    + " folder are kept unless --discard-extra is given."
        },
        footer = {
            "",
            "Examples:",
            "  histods verify",
            "  histods verify kather-2018 --full",
            "  histods verify --oldest 5%%",
            "  histods verify tcga-luad --images",
            "  histods verify kather-2018 --repair",
            "  histods verify --journal",
            "  histods verify ./received --fingerprint b2bdd32fe7cb361e…"
        })
public final class VerifyCommand implements CliCommand {

    private static final int MAX_LISTED = 20;

    private final AppContext app;

    @Parameters(
            arity = "0..*",
            paramLabel = "ID|DIR",
            description = "pulled datasets, or folders with bags (default: the whole mirror)")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--quick",
            description = "check sizes and times; read only files with new hard links or permissions")
    private boolean quick;

    @Option(names = "--full", description = "read every byte")
    private boolean full;

    @Option(
            names = "--oldest",
            paramLabel = "SHARE",
            description = "read the files unread for the longest time, up to a share of all bytes, such as 5%%")
    private @Nullable String oldest;

    @Option(names = "--images", description = "also check whether images can be opened")
    private boolean images;

    @Option(names = "--repair", description = "download modified and missing files again")
    private boolean repair;

    @Option(names = "--discard-extra", description = "with --repair, delete files that are not part of the dataset")
    private boolean discardExtra;

    @Option(
            names = "--fingerprint",
            paramLabel = "HEX",
            description = "fail unless the fingerprint of the files is HEX, or starts with it")
    private @Nullable String fingerprint;

    @Option(names = "--journal", description = "check only the mirror's journal, and the datasets' records against it")
    private boolean journal;

    @Option(
            names = "--accept",
            description = "with --journal, record the errors in the journal and accept the current state")
    private boolean accept;

    public VerifyCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        if (quick && full) {
            throw new Problem(Problem.Kind.USAGE, "--quick and --full cannot be combined");
        }
        if (discardExtra && !repair) {
            throw new Problem(Problem.Kind.USAGE, "--discard-extra requires --repair");
        }
        if (accept && !journal) {
            throw new Problem(Problem.Kind.USAGE, "--accept requires --journal");
        }
        if (journal) {
            if (!names.isEmpty() || quick || full || oldest != null || repair || images || fingerprint != null) {
                throw new Problem(Problem.Kind.USAGE, "--journal cannot be combined with datasets or other checks");
            }
            return journal();
        }
        if (oldest != null && (quick || full || repair || images || fingerprint != null)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "--oldest cannot be combined with other checks or --repair",
                    "run `histods verify ID --repair` for a dataset that it found to be wrong");
        }
        OldestVerification share = oldest == null ? null : new OldestVerification(app, oldest);
        String expected = expected();
        List<String> folders = names.stream().filter(VerifyCommand::isFolder).toList();
        if (!folders.isEmpty() && (quick || repair || images || share != null)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    (quick ? "--quick" : repair ? "--repair" : images ? "--images" : "--oldest")
                            + " applies to pulled datasets, but " + folders.get(0) + " is a folder");
        }
        int exit = 0;
        for (String folder : folders) {
            exit = Math.max(exit, new ReceivedBagView(app).verify(app.path(Path.of(folder)), expected));
        }
        List<String> ids =
                names.stream().filter(name -> !folders.contains(name)).toList();
        return names.isEmpty() || !ids.isEmpty() ? Math.max(exit, pulled(ids, expected, share)) : exit;
    }

    /** The fingerprint given with {@code --fingerprint} or its first digits, in lower case; null if not given. */
    private @Nullable String expected() throws Problem {
        if (fingerprint == null) {
            return null;
        }
        if (names.size() != 1) {
            throw new Problem(Problem.Kind.USAGE, "--fingerprint requires a single dataset or folder");
        }
        return fingerprint(fingerprint);
    }

    /**
     * A fingerprint as typed, or its first digits, in lower case.
     *
     * @throws Problem {@code USAGE} if it is not a fingerprint
     */
    static String fingerprint(String typed) throws Problem {
        String hex = typed.strip().toLowerCase(Locale.ROOT).replaceFirst("^sha256:", "");
        if (!hex.matches("[0-9a-f]{8,64}")) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "'" + FilePath.printable(typed) + "' is not a fingerprint: 64 hex digits, or the first of them,"
                            + " 8 at least");
        }
        return hex;
    }

    private static boolean isFolder(String name) {
        return name.contains("/") || name.equals(".") || name.equals("..");
    }

    /** Checks the journal, and the records of all datasets against it; reads no file of a dataset. */
    private int journal() throws Problem {
        Console console = app.console();
        Mirror mirror = app.mirror();
        mirror.garbage().complete().forEach(console::say);
        int unreadable = new MirrorLookup(app).unreadable();
        List<BagRef> bags =
                new MirrorLookup(app).all().stream().filter(mirror::owns).toList();
        JournalVerifier verifier = JournalVerifier.of(mirror);
        if (bags.isEmpty()
                && unreadable == 0
                && verifier.lines() == 0
                && verifier.faults().isEmpty()) {
            throw nothing();
        }
        if (accept) {
            List<String> found = verifier.accept(BagWriter.time(Instant.now()));
            found.forEach(fault -> console.result("accepted  " + fault));
            verifier = JournalVerifier.of(mirror);
        }
        List<String> faults = new ArrayList<>(journalFaults(verifier, bags));
        for (BagRef bag : bags) {
            String fault = verifier.fault(bag);
            if (fault != null) {
                faults.add(bag.id() + " " + bag.version() + ": " + fault);
            }
        }
        faults.addAll(verifier.missing());
        show(verifier, faults, true);
        return faults.isEmpty() ? unreadable : Problem.Kind.WRONG_BYTES.exit();
    }

    /**
     * An empty mirror is never reported as ok, because a disk that is not mounted looks like an empty folder.
     */
    private Problem nothing() throws Problem {
        return new Problem(
                Problem.Kind.USAGE,
                "the mirror " + app.mirrorFolder() + " contains no datasets, so nothing was verified",
                "name another mirror with --mirror, or mount its disk");
    }

    /** What is wrong with the journal as a whole and with mirror.json. */
    private List<String> journalFaults(JournalVerifier verifier, List<BagRef> bags) throws Problem {
        List<String> faults = new ArrayList<>(verifier.faults());
        Mirror mirror = app.mirror();
        if (bags.stream().anyMatch(mirror::owns) && !mirror.marked()) {
            faults.add("mirror.json is missing, which makes the folder a mirror");
        }
        return faults;
    }

    private void show(JournalVerifier verifier, List<String> faults, boolean always) throws Problem {
        if (faults.isEmpty() && !always) {
            return;
        }
        Console console = app.console();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "verify-journal");
        line.put("ok", faults.isEmpty());
        line.put("lines", verifier.lines());
        line.put("faults", faults);
        line.put("accepted", verifier.accepted());
        console.object(line);
        Consumer<String> lines = lines(console, faults.isEmpty());
        lines.accept("journal: " + (faults.isEmpty() ? "ok" : "NOT OK") + ", " + Count.of(verifier.lines(), "line"));
        list(lines, "journal", faults, faults.size());
        verifier.accepted().forEach(one -> lines.accept("  accepted  " + one));
        if (!faults.isEmpty()) {
            console.say("hint: compare with a backup of " + app.mirror().root() + "/journal.jsonl;"
                    + " `histods verify --journal --accept` records the errors in the journal and accepts the"
                    + " current state");
        }
    }

    private int pulled(List<String> ids, @Nullable String expected, @Nullable OldestVerification share) throws Problem {
        Mirror mirror = app.mirror();
        mirror.garbage().complete().forEach(app.console()::say);
        List<BagRef> bags = new MirrorLookup(app).of(ids);
        JournalVerifier verifier = JournalVerifier.of(mirror);
        List<String> faults = journalFaults(verifier, bags);
        if (ids.isEmpty()) {
            faults.addAll(verifier.missing());
        }
        show(verifier, faults, false);
        int exit = faults.isEmpty() ? 0 : Problem.Kind.WRONG_BYTES.exit();
        if (ids.isEmpty()) {
            exit = Math.max(exit, new MirrorLookup(app).unreadable());
        }
        if (bags.isEmpty() && exit == 0) {
            throw nothing();
        }
        if (share != null) {
            return Math.max(exit, share.check(bags, verifier));
        }
        int opened = 0;
        for (BagRef ref : bags) {
            try {
                Bag bag = Bag.read(ref);
                exit = Math.max(exit, verify(bag, expected, verifier));
                if (images) {
                    opened = Math.max(opened, new ImageVerification(app).check(bag));
                }
            } catch (Problem p) {
                app.console().problem(ref.id().text(), p);
                exit = Math.max(exit, p.kind().exit());
            }
        }
        // A wrong checksum takes precedence over an image that cannot be opened.
        return exit != 0 ? exit : opened;
    }

    private int verify(Bag bag, @Nullable String expected, JournalVerifier journal) throws Problem {
        if (expected != null && !bag.fingerprint().hex().startsWith(expected)) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    "the fingerprint is " + bag.fingerprint() + ", expected " + expected,
                    bag.selection().isEmpty()
                            ? "the expected fingerprint belongs to another version or another selection of files"
                            : "the mirror holds only part of the dataset: " + String.join(", ", bag.selection()));
        }
        BagVerifier.Level level =
                full ? BagVerifier.Level.FULL : quick ? BagVerifier.Level.QUICK : BagVerifier.Level.USUAL;
        BagRef ref = bag.ref();
        String fault = journal.fault(ref);
        BagVerifier.Report report = app.verifier()
                .verify(bag, app.mirror().stamps(ref), level, n -> {})
                .with(fault);
        show(bag, report);
        if (report.ok()) {
            return 0;
        }
        if (fault != null) {
            app.console()
                    .say("hint: what was changed cannot be determined, so it cannot be repaired; `histods"
                            + " remove` and `histods pull` fetch the dataset again, `histods verify"
                            + " --journal --accept` keeps it as it is");
            return Problem.Kind.WRONG_BYTES.exit();
        }
        if (!repair) {
            app.console().say("hint: " + hint(ref, report));
            return Problem.Kind.WRONG_BYTES.exit();
        }
        return repair(bag, report);
    }

    private String hint(BagRef ref, BagVerifier.Report report) {
        boolean recorded = report.missing().isEmpty() && report.record().isEmpty();
        if (recorded && report.changed().isEmpty()) {
            return "move the files that do not belong to the dataset out of " + ref.path()
                    + ", or delete them with `histods verify " + ref.id() + " --repair --discard-extra`";
        }
        return quick && recorded
                ? "`histods verify " + ref.id()
                        + "` reads these files; a copy that does not keep their times (cp -r) changes them too"
                : "`histods verify " + ref.id() + " --repair` restores the files";
    }

    private void show(Bag bag, BagVerifier.Report report) throws Problem {
        Console console = app.console();
        Map<String, Object> line = MirrorLookup.event("verify", bag.ref());
        line.put("ok", report.ok());
        line.put("files", report.files());
        line.put("read", report.read());
        line.put("changed", report.changed().stream().map(FilePath::text).toList());
        line.put("missing", report.missing().stream().map(FilePath::text).toList());
        line.put("other_forms", report.otherForms().stream().map(FilePath::text).toList());
        line.put("extra", report.extra());
        line.put("record", report.record());
        Map<String, String> unconfirmed = report.record().isEmpty() ? bag.unconfirmedEnds() : Map.of();
        line.put("unconfirmed", List.copyOf(unconfirmed.keySet()));
        console.object(line);
        long there = report.files() - report.missing().size();
        String read = report.read() == report.files()
                ? "all read"
                : quick
                        ? "sizes and times" + (report.read() == 0 ? " only" : ", " + report.read() + " read")
                        : report.read()
                                + (report.read() == there
                                        ? " read, the others are missing"
                                        : " read, the others unchanged since the last check");
        Consumer<String> lines = lines(console, report.ok());
        lines.accept(bag.ref().id() + " " + bag.ref().version() + ": " + (report.ok() ? "ok" : "NOT OK") + ", "
                + Count.of(report.files(), "file") + ", " + Bytes.text(bag.bytes()) + " (" + read + ")");
        // A repair replaces files that the user may have modified on purpose, so it lists all of them.
        list(
                lines,
                quick ? "size or time differs" : "modified",
                report.changed(),
                repair ? report.changed().size() : MAX_LISTED);
        list(lines, "missing", report.missing());
        list(lines, "unexpected", report.extra());
        list(lines, "record", report.record());
        unconfirmed.forEach((path, end) -> lines.accept("  " + TerminalText.safeLine(path) + ": " + end));
        otherForms(lines, report.otherForms());
    }

    /** Says that names on disk have another Unicode form than in the record; nothing if there are none. */
    static void otherForms(Consumer<String> lines, List<?> paths) {
        if (!paths.isEmpty()) {
            lines.accept("  " + Count.of(paths.size(), "file")
                    + " with a name in another Unicode form (NFC or NFD) on disk, such as " + paths.get(0));
        }
    }

    /** Prints lines of a report; with {@code --quiet} only those of a failed check, on standard error. */
    static Consumer<String> lines(Console console, boolean ok) {
        return ok ? console::result : console::failure;
    }

    /** Prints the first paths, each on a line of its own. */
    static void list(Consumer<String> lines, String what, List<?> paths) {
        list(lines, what, paths, MAX_LISTED);
    }

    private static void list(Consumer<String> lines, String what, List<?> paths, int most) {
        for (Object path : paths.subList(0, Math.min(most, paths.size()))) {
            lines.accept("  " + what + "  " + TerminalText.safeLine(path.toString()));
        }
        if (paths.size() > most) {
            lines.accept("  " + what + "  … " + (paths.size() - most) + " more");
        }
    }

    private int repair(Bag bag, BagVerifier.Report report) throws Problem {
        BagRef ref = bag.ref();
        if (!report.extra().isEmpty() && !discardExtra) {
            app.console()
                    .warn("unexpected files are kept; move them out of " + ref.data()
                            + ", or delete them with --discard-extra");
        }
        Set<FilePath> broken = new TreeSet<>(report.changed());
        broken.addAll(report.missing());
        if (broken.isEmpty() && report.record().isEmpty() && !discardExtra) {
            app.console().say(ref.id() + ": nothing to repair");
            return Problem.Kind.WRONG_BYTES.exit();
        }
        ManifestFile manifest = new MirrorLookup(app).manifest(ref);
        PullRequest request = new PullRequest(
                manifest,
                bag.variant().orElse(null),
                bag.selection(),
                null,
                List.of(),
                false,
                PullRequest.JOBS,
                discardExtra,
                null,
                null);
        try (ProgressDisplay progress = app.progress(manifest.manifest())) {
            app.puller().repair(request, broken, progress);
        }
        if (!broken.isEmpty()) {
            app.console().say(ref.id() + ": " + Count.of(broken.size(), "file") + " repaired");
        }
        Bag repaired = Bag.read(new BagRef(ref.id(), ref.version(), ref.path()));
        BagVerifier.Report after = app.verifier()
                .verify(repaired, app.mirror().stamps(ref), BagVerifier.Level.USUAL, n -> {})
                .with(JournalVerifier.of(app.mirror()).fault(ref));
        show(repaired, after);
        return after.ok() ? 0 : Problem.Kind.WRONG_BYTES.exit();
    }
}
