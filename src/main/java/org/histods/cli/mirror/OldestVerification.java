package org.histods.cli.mirror;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagWriter;
import org.histods.provenance.JournalVerifier;
import org.histods.provenance.OldestVerifier;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** {@code verify --oldest}: reads the files that have gone unread for the longest time, up to a share of all bytes. */
final class OldestVerification {

    private static final Pattern SHARE = Pattern.compile("([0-9]{1,3}(?:\\.[0-9]{1,6})?) ?%");

    private final AppContext app;
    private final double share;

    /**
     * @param share such as {@code 5%}
     * @throws Problem {@code USAGE} if it is not a share above 0 and up to 100 %
     */
    OldestVerification(AppContext app, String share) throws Problem {
        this.app = app;
        Matcher matcher = SHARE.matcher(share);
        this.share = matcher.matches() ? Double.parseDouble(matcher.group(1)) / 100 : 0;
        if (this.share <= 0 || this.share > 1) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "--oldest '" + share + "' is not a share of the bytes",
                    "use one above 0 % and up to 100 %, such as 5%");
        }
    }

    /** Verifies files of these bags, prints what was found, and returns the exit code. */
    int check(List<BagRef> refs, JournalVerifier journal) throws Problem {
        int exit = 0;
        List<Bag> bags = new ArrayList<>();
        for (BagRef ref : refs) {
            try {
                bags.add(Bag.read(ref));
            } catch (Problem p) {
                app.console().problem(ref.id().text(), p);
                exit = Math.max(exit, p.kind().exit());
            }
        }
        OldestVerifier.Result result =
                app.verifier().oldest(app.mirror()::stamps, journal).verify(bags, share, Instant.now());
        for (OldestVerifier.Report report : result.reports()) {
            exit = Math.max(exit, show(report));
        }
        boolean ok = exit == 0;
        Instant since = ok ? result.since() : null;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "verify-oldest");
        line.put("ok", ok);
        line.put("share", share);
        line.put("bytes", result.bytes());
        line.put("of", result.total());
        line.put("since", since == null ? null : BagWriter.time(since));
        app.console().object(line);
        VerifyCommand.lines(app.console(), ok)
                .accept(Bytes.text(result.bytes()) + " of " + Bytes.text(result.total()) + " read and correct; "
                        + rest(since, ok));
        return exit;
    }

    /** What is known about the files that were not read now. */
    private static String rest(@Nullable Instant since, boolean ok) {
        if (since != null) {
            return "every file was read since " + BagWriter.time(since);
        }
        return ok
                ? "the last reading of some other files is unknown: the next runs read these first"
                : "damaged and unreadable files come first in the next run";
    }

    private int show(OldestVerifier.Report report) {
        Console console = app.console();
        Bag bag = report.bag();
        Map<String, Object> line = MirrorLookup.event("verify", bag.ref());
        line.put("ok", report.ok());
        line.put("files", bag.fileCount());
        line.put("read", report.files() + report.changed().size());
        line.put("changed", report.changed().stream().map(FilePath::text).toList());
        line.put("missing", report.missing().stream().map(FilePath::text).toList());
        line.put("unreadable", report.unreadable());
        line.put("record", report.record());
        console.object(line);
        Consumer<String> lines = VerifyCommand.lines(console, report.ok());
        lines.accept(bag.ref().id() + " " + bag.ref().version() + ": " + (report.ok() ? "" : "NOT OK, ")
                + report.files() + " of " + Count.of(bag.fileCount(), "file") + " read and correct, "
                + Bytes.text(report.bytes()));
        VerifyCommand.list(lines, "modified", report.changed());
        VerifyCommand.list(lines, "missing", report.missing());
        VerifyCommand.list(lines, "cannot be read", report.unreadable());
        VerifyCommand.list(lines, "record", report.record());
        int exit = 0;
        if (!report.changed().isEmpty()
                || !report.missing().isEmpty()
                || !report.record().isEmpty()) {
            console.say("hint: `histods verify " + bag.ref().id() + "` checks the whole dataset and says what to do");
            exit = Problem.Kind.WRONG_BYTES.exit();
        }
        if (!report.unreadable().isEmpty()) {
            exit = Problem.Kind.DISK.exit();
        }
        Problem unrecorded = report.unrecorded();
        if (unrecorded != null) {
            console.problem(bag.ref().id().text(), unrecorded);
            console.say("hint: the next run reads the same files again, because this run could not be recorded");
            exit = Problem.Kind.DISK.exit();
        }
        return exit;
    }
}
