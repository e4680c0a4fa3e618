package org.histods.cli.mirror;

import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.MirrorLookup;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Where a dataset's files are. */
@Command(
        name = "path",
        description = "Print the folder of a pulled dataset's files.",
        footer = {"", "Example:", "  ls \"$(histods path mbm)\""})
public final class PathCommand implements CliCommand {

    private final AppContext wiring;

    @Parameters(paramLabel = "ID[@VERSION]", description = "a dataset that was pulled")
    private String name = "";

    public PathCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        BagRef bag = new MirrorLookup(wiring).one(name);
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
