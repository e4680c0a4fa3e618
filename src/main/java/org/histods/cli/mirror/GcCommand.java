package org.histods.cli.mirror;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.mirror.BagRef;
import org.histods.mirror.GarbageItem;
import org.histods.mirror.GarbageReport;
import org.histods.mirror.Mirror;
import org.histods.mirror.MirrorGarbage;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.ExtraFiles;
import org.histods.provenance.FetchRecord;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Durations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code histods gc}: deletes unused files of the mirror. */
@Command(
        name = "gc",
        description = {
            "Delete what interrupted pulls and removals left behind",
            "",
            "Never deletes pulled datasets or files that a running histods uses. Files that histods did not create"
                    + " are listed and kept."
        },
        footer = {
            "",
            "Examples:",
            "  histods gc --dry-run",
            "  histods gc --older-than 12h",
            "  histods gc --all",
            "  histods gc --archives --dry-run",
            "  histods gc --store s3://our-lab/histods --dry-run"
        })
public final class GcCommand implements CliCommand {

    private final AppContext app;

    @Option(names = "--dry-run", description = "show what would be deleted, without deleting")
    private boolean dryRun;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            description = "delete unfinished transfers that nothing was written to for this long, such as 7d, 12h or 0"
                    + " (default: 7d)")
    private @Nullable String olderThan;

    @Option(
            names = "--all",
            description = "delete all unfinished transfers, and kept archives that no pulled dataset uses")
    private boolean all;

    @Option(
            names = "--archives",
            description = "delete all kept archives, even those that pulled datasets were unpacked from")
    private boolean keptArchives;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description = "instead, the files in s3://BUCKET/PREFIX that no dataset there needs; asks before deleting")
    private @Nullable String store;

    public GcCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        Duration age = age();
        if (store != null) {
            if (all || keptArchives) {
                throw new Problem(
                        Problem.Kind.USAGE, (all ? "--all" : "--archives") + " is about the mirror, not about --store");
            }
            return new StoreCleanup(app, store, dryRun).run(age);
        }
        Mirror mirror = app.mirror();
        mirror.check();
        if (Files.notExists(mirror.root())) {
            app.console().say("there is no mirror at " + mirror.root() + " yet; the first pull creates it");
            return 0;
        }
        mirror.require();
        if (!dryRun) {
            mirror.garbage().complete().forEach(app.console()::say);
        }
        GarbageReport garbage = mirror.garbage().find(age);
        List<GarbageItem> items = new ArrayList<>();
        List<GarbageItem> kept = new ArrayList<>(garbage.leftAlone());
        for (GarbageItem item : garbage.items()) {
            String why = reasonToKeep(item);
            if (why == null) {
                items.add(item);
            } else {
                kept.add(item.leftAlone(why));
            }
        }
        int exit = 0;
        if (all || keptArchives) {
            try {
                GarbageReport archives = archives(mirror, olderThan == null ? Duration.ZERO : age);
                items.addAll(archives.items());
                kept.addAll(archives.leftAlone());
            } catch (Problem p) {
                app.console().warn("archives are not deleted, because not all datasets could be read");
                app.console().problem("", p);
                exit = p.kind().exit();
            }
        }
        int deleted = delete(items);
        kept.forEach(this::showKept);
        return exit == 0 ? deleted : exit;
    }

    /** Why an item must not be deleted; null if it may be. A replaced bag may contain files of the user. */
    private static @Nullable String reasonToKeep(GarbageItem one) {
        Path current = one.successor().orElse(null);
        if (current == null) {
            return null;
        }
        try {
            List<String> lacking = ExtraFiles.lacking(one.path(), current);
            return lacking.isEmpty()
                    ? null
                    : "a bag that was replaced and holds " + Count.of(lacking.size(), "file")
                            + " that the new one lacks, such as " + lacking.get(0);
        } catch (Problem p) {
            return "a replaced bag whose content cannot be determined: " + p.message();
        }
    }

    private Duration age() throws Problem {
        if (olderThan == null) {
            return all ? Duration.ZERO : MirrorGarbage.OLD_TRANSFER;
        }
        return Durations.parse(olderThan)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "--older-than '" + olderThan + "' is not a duration",
                        "use " + Durations.EXAMPLES));
    }

    /** Kept archives that no receipt of a bag names; with {@code --archives} all. */
    private GarbageReport archives(Mirror mirror, Duration age) throws Problem {
        if (mirror.garbage().inUse()) {
            app.console().warn("archives are not deleted while a pull is running");
            return new GarbageReport(List.of(), List.of());
        }
        Set<String> used = new HashSet<>();
        for (BagRef ref : keptArchives ? List.<BagRef>of() : mirror.bags()) {
            for (FetchRecord fetch : Bag.read(ref).fetches()) {
                used.add(fetch.sha256());
            }
        }
        GarbageReport kept = mirror.garbage().keptArchives(age);
        return new GarbageReport(
                kept.items().stream()
                        .filter(one -> !used.contains(String.valueOf(one.path().getFileName())))
                        .toList(),
                kept.leftAlone());
    }

    private int delete(List<GarbageItem> items) {
        Console console = app.console();
        long bytes = 0;
        int count = 0;
        int exit = 0;
        for (GarbageItem item : items) {
            try {
                if (!dryRun) {
                    app.mirror().garbage().delete(item);
                }
            } catch (Problem p) {
                console.problem("", p);
                exit = exit == 0 ? p.kind().exit() : exit;
                continue;
            }
            bytes += item.bytes();
            count++;
            console.object(json(dryRun ? "would-delete" : "deleted", item));
            console.result(item.path() + "  " + Bytes.text(item.bytes()) + "  " + item.reason());
        }
        console.say((dryRun ? "would free " : "freed ") + Bytes.text(bytes) + " (" + Count.of(count, "item") + ")");
        return exit;
    }

    private void showKept(GarbageItem item) {
        app.console().object(json("left-alone", item));
        app.console().warn("not deleted: " + item.path() + " is " + item.reason());
    }

    private static Map<String, Object> json(String event, GarbageItem item) {
        return json(event, item.path().toString(), item.bytes(), item.reason());
    }

    /** The JSON line for a file or folder that is deleted, would be deleted, or is kept. */
    static Map<String, Object> json(String event, String path, long bytes, String reason) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put("path", path);
        line.put("bytes", bytes);
        line.put("reason", reason);
        return line;
    }
}
