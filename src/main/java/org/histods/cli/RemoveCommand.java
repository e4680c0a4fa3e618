package org.histods.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.provenance.ExtraFiles;
import org.histods.quantity.Bytes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes datasets out of the mirror. */
@Command(name = "remove", description = "Delete pulled datasets from the mirror.")
final class RemoveCommand implements Action {

    private final Wiring wiring;

    @Parameters(arity = "1..*", paramLabel = "ID[@VERSION]", description = "datasets that were pulled")
    private List<String> names = new ArrayList<>();

    @Option(names = "--discard-extra", description = "also delete files in data/ that are not the dataset's")
    private boolean discardExtra;

    RemoveCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        List<BagRef> bags = new Pulled(wiring).of(names);
        if (!discardExtra) {
            for (BagRef bag : bags) {
                ExtraFiles.refuseToDelete(bag);
            }
        }
        for (BagRef bag : bags) {
            long bytes = wiring.mirror().remove(bag);
            wiring.mirror()
                    .journal()
                    .append(Map.of(
                            "time",
                            org.histods.provenance.BagWriter.time(java.time.Instant.now()),
                            "event",
                            "remove",
                            "dataset",
                            bag.id(),
                            "version",
                            bag.version()));
            wiring.console()
                    .object(Map.of("event", "removed", "dataset", bag.id(), "version", bag.version(), "bytes", bytes));
            wiring.console().data("removed " + bag.id() + " " + bag.version() + ", " + Bytes.text(bytes) + " freed");
        }
        return 0;
    }
}
