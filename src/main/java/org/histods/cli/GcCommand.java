package org.histods.cli;

import java.util.List;
import java.util.Map;
import org.histods.mirror.Rubbish;
import org.histods.problem.Problem;
import org.histods.quantity.Bytes;
import org.histods.quantity.Count;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Throws away what nobody will use. */
@Command(
        name = "gc",
        description = "Delete what interrupted pulls left behind and no pull will use again.",
        footer = {"", "Pulled datasets and kept archives are never touched; transfers younger than a week stay."})
final class GcCommand implements Action {

    private final Wiring wiring;

    @Option(names = "--dry-run", description = "say what would be deleted, delete nothing")
    private boolean dryRun;

    GcCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        wiring.mirror().check();
        if (!dryRun) {
            wiring.mirror().complete().forEach(wiring.console()::say);
        }
        List<Rubbish> rubbish = wiring.mirror().rubbish();
        long sum = 0;
        for (Rubbish one : rubbish) {
            sum += one.bytes();
            wiring.console()
                    .object(Map.of(
                            "event",
                            dryRun ? "would-delete" : "deleted",
                            "path",
                            one.path().toString(),
                            "bytes",
                            one.bytes(),
                            "reason",
                            one.reason()));
            wiring.console().data(one.path() + "  " + Bytes.text(one.bytes()) + "  " + one.reason());
            if (!dryRun) {
                wiring.mirror().sweep(one);
            }
        }
        wiring.console()
                .say((dryRun ? "would free " : "freed ") + Bytes.text(sum) + " in "
                        + Count.of(rubbish.size(), "place"));
        return 0;
    }
}
