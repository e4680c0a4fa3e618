package org.histods.cli.mirror;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.objectstore.UnusedFiles;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Durations;

/** Lists the files of an object store that no dataset there needs, and deletes them if the user agrees. */
final class StoreCleanup {

    private final AppContext app;
    private final String url;
    private final boolean dryRun;

    /** @param url such as {@code s3://bucket/prefix} */
    StoreCleanup(AppContext app, String url, boolean dryRun) {
        this.app = app;
        this.url = url;
        this.dryRun = dryRun;
    }

    /**
     * Lists the files, asks, and deletes them.
     *
     * @param age files written more recently are kept
     * @return the exit code
     */
    int run(Duration age) throws Problem {
        Console console = app.console();
        UnusedFiles files = new UnusedFiles(app.objectStore(url));
        UnusedFiles.Found found = files.find(Clock.systemUTC().instant().minus(age));
        for (UnusedFiles.Unused file : found.unused()) {
            if (dryRun) {
                console.object(line("would-delete", file));
            }
            console.result(file.url() + "  " + Bytes.text(file.bytes()));
        }
        if (found.recent() > 0) {
            console.warn(
                    "kept " + Count.of(found.recent(), "file") + " that no dataset needs and that may be of a push that"
                            + " is under way: written less than " + Durations.text(age) + " ago (--older-than)");
        }
        long bytes =
                found.unused().stream().mapToLong(UnusedFiles.Unused::bytes).sum();
        String all = Count.of(found.unused().size(), "file") + ", " + Bytes.text(bytes);
        console.say(url + ": no dataset of " + found.bags() + " needs " + all);
        if (dryRun || found.unused().isEmpty()) {
            return 0;
        }
        if (!app.yes() && !confirmed(all)) {
            console.say("nothing was deleted");
            return CliCommand.NO;
        }
        files.requireUnchanged(found);
        for (UnusedFiles.Unused file : found.unused()) {
            files.delete(file);
            console.object(line("deleted", file));
        }
        console.say("deleted " + all);
        return 0;
    }

    private static Map<String, Object> line(String event, UnusedFiles.Unused file) {
        return GcCommand.json(event, file.url(), file.bytes(), "no dataset in the store needs it");
    }

    private boolean confirmed(String all) throws Problem {
        if (!app.input().interactive()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "deleting files of a store must be confirmed, and there is no terminal to ask at",
                    "--yes deletes without asking; --dry-run only lists");
        }
        return app.input().confirms("Delete " + all + " of " + url + "?");
    }
}
