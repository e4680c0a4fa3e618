package org.histods.cli.mirror;

import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.MirrorLookup;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code histods path}: prints the folder with a dataset's files. */
@Command(
        name = "path",
        description = "Print the folder of a pulled dataset",
        footer = {"", "Example:", "  ls \"$(histods path mbm)\""})
public final class PathCommand implements CliCommand {

    private final AppContext app;

    @Parameters(paramLabel = "ID[@VERSION]", description = "a pulled dataset")
    private String name = "";

    public PathCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        BagRef bag = new MirrorLookup(app).one(name);
        app.console()
                .object(Map.of(
                        "id",
                        bag.id(),
                        "version",
                        bag.version(),
                        "path",
                        bag.data().toString()));
        app.console().data(bag.data().toString());
        return 0;
    }
}
