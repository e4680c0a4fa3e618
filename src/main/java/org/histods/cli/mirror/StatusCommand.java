package org.histods.cli.mirror;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.cli.shell.TextTable;
import org.histods.mirror.BagRef;
import org.histods.mirror.GarbageItem;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.text.Bytes;
import org.histods.text.Count;
import picocli.CommandLine.Command;

/** What the mirror holds. */
@Command(name = "status", description = "Show what the mirror holds.")
public final class StatusCommand implements CliCommand {

    private final AppContext wiring;

    public StatusCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        Mirror mirror = wiring.mirror();
        Console console = wiring.console();
        TextTable table =
                new TextTable(List.of("ID", "VERSION", "FILES", "SIZE", "PULLED", "LICENCE", "FINGERPRINT"), 5);
        long sum = 0;
        List<BagRef> bags = new ArrayList<>();
        int exit = 0;
        for (BagRef ref : new MirrorLookup(wiring).all()) {
            try {
                Bag bag = Bag.read(ref);
                table.add(List.of(
                        ref.id() + (bag.selection().isEmpty() ? "" : " (part)"),
                        ref.version().text(),
                        Long.toString(bag.fileCount()),
                        Bytes.text(bag.bytes()),
                        bag.date(),
                        bag.license(),
                        bag.fingerprint().hex().substring(0, 12)));
                sum += bag.bytes();
                console.object(row(bag));
                bags.add(ref);
            } catch (Problem p) {
                if (Files.exists(ref.path())) {
                    console.problem(ref.id() + " " + ref.version(), p);
                    exit = exit == 0 ? p.kind().exit() : exit;
                }
            }
        }
        if (!bags.isEmpty()) {
            table.lines(console.width()).forEach(console::data);
        }
        List<GarbageItem> partials = mirror.partials();
        console.say((bags.isEmpty() ? "" : "\n") + Count.of(bags.size(), "dataset") + ", " + Bytes.text(sum) + " in "
                + mirror.root()
                + (Files.exists(mirror.root()) ? "" : ", which is not there yet; the first pull makes it"));
        if (!partials.isEmpty()) {
            long waiting = partials.stream().mapToLong(GarbageItem::bytes).sum();
            console.say(Count.of(partials.size(), "unfinished transfer") + ", " + Bytes.text(waiting)
                    + "; the same pull goes on from there");
        }
        return exit;
    }

    private static Map<String, Object> row(Bag bag) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", bag.ref().id());
        row.put("version", bag.ref().version());
        row.put("path", bag.ref().data().toString());
        row.put("files", bag.fileCount());
        row.put("bytes", bag.bytes());
        row.put("pulled", bag.date());
        row.put("license", bag.license());
        row.put("selection", bag.selection());
        row.put("fingerprint", bag.fingerprint().hex());
        return row;
    }
}
