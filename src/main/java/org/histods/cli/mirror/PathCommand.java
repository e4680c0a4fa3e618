package org.histods.cli;

import java.util.Map;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Where a dataset's files are. */
@Command(
        name = "path",
        description = "Print the folder of a pulled dataset's files.",
        footer = {"", "Example:", "  ls \"$(histods path mbm)\""})
final class PathCommand implements Action {

    private final Wiring wiring;

    @Parameters(paramLabel = "ID[@VERSION]", description = "a dataset that was pulled")
    private String name = "";

    PathCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        BagRef bag = new Pulled(wiring).one(name);
        wiring.console()
                .object(Map.of(
                        "id",
                        bag.id(),
                        "version",
                        bag.version(),
                        "path",
                        bag.data().toString()));
        wiring.console().data(bag.data().toString());
        return 0;
    }
}
