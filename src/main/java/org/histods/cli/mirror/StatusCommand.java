package org.histods.cli.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.cli.shell.TextTable;
import org.histods.cli.shell.TextTable.Column;
import org.histods.mirror.BagRef;
import org.histods.mirror.GarbageItem;
import org.histods.mirror.Mirror;
import org.histods.mirror.ShardSet;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.text.Bytes;
import org.histods.text.Count;
import picocli.CommandLine.Command;

/** {@code histods status}: lists the datasets in the mirror. */
@Command(
        name = "status",
        description = "List the datasets in the mirror",
        footer = {"", "Examples:", "  histods status", "  histods status --json | jq -r '.id // empty'"})
public final class StatusCommand implements CliCommand {

    private static final List<Column> COLUMNS = List.of(
            Column.fixed("ID"),
            new Column("VERSION", 10, 0),
            Column.whole("FILES", 3),
            Column.whole("SIZE", 1),
            new Column("PULLED", 10, 5),
            new Column("LICENCE", 9, 2),
            new Column("FINGERPRINT", 12, 4));

    private final AppContext app;

    public StatusCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        Mirror mirror = app.mirror();
        Console console = app.console();
        TextTable table = new TextTable(COLUMNS);
        long total = 0;
        long sharedBytes = 0;
        int inSharedMirrors = 0;
        List<BagRef> bags = new ArrayList<>();
        int exit = new MirrorLookup(app).unreadable();
        for (BagRef ref : new MirrorLookup(app).all()) {
            try {
                Bag bag = Bag.read(ref);
                table.add(List.of(
                        ref.id() + (bag.selection().isEmpty() ? "" : " (part)") + (mirror.owns(ref) ? "" : " (shared)"),
                        ref.version().text(),
                        Long.toString(bag.fileCount()),
                        Bytes.text(bag.bytes()),
                        bag.date(),
                        bag.license(),
                        bag.fingerprint().hex().substring(0, 12)));
                if (mirror.owns(ref)) {
                    total += bag.bytes();
                } else {
                    inSharedMirrors++;
                }
                long shared = shared(mirror, bag);
                sharedBytes += shared;
                console.object(row(bag, mirror.owns(ref), shared));
                bags.add(ref);
            } catch (Problem p) {
                if (Files.exists(ref.path())) {
                    console.problem(ref.id() + " " + ref.version(), p);
                    exit = exit == 0 ? p.kind().exit() : exit;
                }
            }
        }
        if (!bags.isEmpty()) {
            table.lines(console.tableWidth()).forEach(console::data);
        }
        console.say((bags.isEmpty() ? "" : "\n") + Count.of(bags.size() - inSharedMirrors, "dataset") + ", "
                + Bytes.text(total)
                + " in "
                + mirror.root()
                + (Files.exists(mirror.root()) ? "" : ", which does not exist yet; the first pull creates it"));
        if (sharedBytes > 0) {
            console.say(
                    Bytes.text(sharedBytes)
                            + " of that are in files that another dataset or an adopted folder has too; the disk has each of them once");
        }
        if (inSharedMirrors > 0) {
            console.say(Count.of(inSharedMirrors, "dataset") + " (shared) in "
                    + mirror.shared().stream().map(one -> one.root().toString()).collect(Collectors.joining(", ")));
        }
        showUnfinished(mirror, console);
        return exit;
    }

    /** Shows unfinished shard sets, kept archives and unfinished transfers. */
    private static void showUnfinished(Mirror mirror, Console console) throws Problem {
        for (ShardSet set : mirror.shardSets()) {
            Set<Integer> finished = mirror.finishedShards(set).keySet();
            console.object(row(set, finished));
            console.say("unfinished: " + set.id() + " " + set.version() + ", of which "
                    + Count.of(finished.size(), "shard") + " of " + set.count()
                    + (finished.size() == 1 ? " is" : " are") + " there ("
                    + finished.stream().map(String::valueOf).collect(Collectors.joining(", "))
                    + "); the same pull without --shard downloads the rest");
        }
        List<GarbageItem> archives =
                mirror.garbage().keptArchives(Duration.ZERO).items();
        if (!archives.isEmpty()) {
            long bytes = archives.stream().mapToLong(GarbageItem::bytes).sum();
            console.say(Count.of(archives.size(), "kept archive") + ", " + Bytes.text(bytes)
                    + "; `histods gc --archives` deletes them");
        }
        List<GarbageItem> partials = mirror.garbage().partials();
        if (!partials.isEmpty()) {
            long bytes = partials.stream().mapToLong(GarbageItem::bytes).sum();
            console.say(Count.of(partials.size(), "unfinished transfer") + ", " + Bytes.text(bytes)
                    + "; the same pull continues "
                    + (partials.size() == 1 ? "it" : "them"));
        }
    }

    /** The bytes in files that a dataset shares with others or with an adopted folder; 0 if its record names none. */
    private static long shared(Mirror mirror, Bag bag) throws Problem {
        try {
            return mirror.owns(bag.ref()) && bag.local() ? mirror.sharedBytes(bag.ref()) : 0;
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot read " + bag.ref().path(), e));
        }
    }

    private static Map<String, Object> row(ShardSet set, Set<Integer> finished) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("event", "shards");
        row.put("dataset", set.id());
        row.put("version", set.version());
        row.put("of", set.count());
        row.put("finished", finished);
        return row;
    }

    private static Map<String, Object> row(Bag bag, boolean own, long shared) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", bag.ref().id());
        row.put("version", bag.ref().version());
        row.put("path", bag.ref().data().toString());
        row.put("files", bag.fileCount());
        row.put("bytes", bag.bytes());
        row.put("pulled", bag.date());
        row.put("license", bag.license());
        row.put("selection", bag.selection());
        row.put("own", own);
        row.put("shared", shared);
        row.put("fingerprint", bag.fingerprint().hex());
        return row;
    }
}
