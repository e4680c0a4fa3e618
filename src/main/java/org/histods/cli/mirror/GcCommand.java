package org.histods.cli.mirror;

import java.nio.file.Files;
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
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Durations;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deletes what nobody will use. */
@Command(
        name = "gc",
        description = "Delete what interrupted pulls and removals left behind.",
        footer = {
            "",
            "Never deletes a pulled dataset, nor what a running histods works on. Files that histods did not make are",
            "left alone and named.",
            "",
            "Examples:",
            "  histods gc --dry-run",
            "  histods gc --older-than 12h",
            "  histods gc --all"
        })
public final class GcCommand implements CliCommand {

    private final AppContext wiring;

    @Option(names = "--dry-run", description = "say what would be deleted, delete nothing")
    private boolean dryRun;

    @Option(
            names = "--older-than",
            paramLabel = "DURATION",
            description = "delete transfers that nothing was written to for that long, such as 7d, 12h or 0"
                    + " (default: 7d)")
    private @Nullable String olderThan;

    @Option(
            names = "--all",
            description = "delete all transfers that a pull could go on with, and kept archives that no pulled dataset"
                    + " came from")
    private boolean all;

    public GcCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        Duration age = age();
        Mirror mirror = wiring.mirror();
        if (Files.notExists(mirror.root())) {
            wiring.console().say("there is no mirror at " + mirror.root() + " yet; the first pull makes it");
            return 0;
        }
        mirror.require();
        if (!dryRun) {
            mirror.complete().forEach(wiring.console()::say);
        }
        GarbageReport garbage = mirror.garbage(age);
        List<GarbageItem> rubbish = new ArrayList<>(garbage.items());
        List<GarbageItem> leftAlone = new ArrayList<>(garbage.leftAlone());
        int exit = 0;
        if (all) {
            try {
                GarbageReport archives = archives(mirror, age);
                rubbish.addAll(archives.items());
                leftAlone.addAll(archives.leftAlone());
            } catch (Problem p) {
                wiring.console().warn("kept archives are left alone, since not all datasets could be read");
                wiring.console().problem("", p);
                exit = p.kind().exit();
            }
        }
        int swept = sweep(rubbish);
        leftAlone.forEach(this::name);
        return exit == 0 ? swept : exit;
    }

    private Duration age() throws Problem {
        if (olderThan == null) {
            return all ? Duration.ZERO : Mirror.OLD_TRANSFER;
        }
        return Durations.parse(olderThan)
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "--older-than: '" + olderThan + "' is not a duration",
                        "such as " + Durations.EXAMPLES));
    }

    /** The kept archives that no receipt of a bag names. */
    private GarbageReport archives(Mirror mirror, Duration age) throws Problem {
        if (mirror.inUse()) {
            wiring.console().warn("kept archives are left alone while a pull is running");
            return new GarbageReport(List.of(), List.of());
        }
        Set<String> used = new HashSet<>();
        for (BagRef ref : mirror.bags()) {
            for (FetchRecord fetch : Bag.read(ref).fetches()) {
                used.add(fetch.sha256());
            }
        }
        GarbageReport kept = mirror.keptArchives(age);
        return new GarbageReport(
                kept.items().stream()
                        .filter(one -> !used.contains(String.valueOf(one.path().getFileName())))
                        .toList(),
                kept.leftAlone());
    }

    private int sweep(List<GarbageItem> rubbish) {
        Console console = wiring.console();
        long sum = 0;
        int places = 0;
        int exit = 0;
        for (GarbageItem one : rubbish) {
            try {
                if (!dryRun) {
                    wiring.mirror().delete(one);
                }
            } catch (Problem p) {
                console.problem("", p);
                exit = exit == 0 ? p.kind().exit() : exit;
                continue;
            }
            sum += one.bytes();
            places++;
            console.object(row(dryRun ? "would-delete" : "deleted", one));
            if (!console.quiet()) {
                console.data(one.path() + "  " + Bytes.text(one.bytes()) + "  " + one.reason());
            }
        }
        console.say((dryRun ? "would free " : "freed ") + Bytes.text(sum) + " in " + Count.of(places, "place"));
        return exit;
    }

    private void name(GarbageItem one) {
        wiring.console().object(row("left-alone", one));
        wiring.console().warn("left alone: " + one.path() + " is " + one.reason());
    }

    private static Map<String, Object> row(String event, GarbageItem one) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("event", event);
        row.put("path", one.path().toString());
        row.put("bytes", one.bytes());
        row.put("reason", one.reason());
        return row;
    }
}
