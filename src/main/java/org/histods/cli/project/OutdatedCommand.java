package org.histods.cli.project;

import java.util.List;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.problem.Problem;
import org.histods.pull.upstream.VersionCheck;
import org.histods.text.Count;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code histods outdated}: which datasets have a newer version or changed at their hosts. */
@Command(
        name = "outdated",
        description = {
            "List datasets that have a newer version or changed at their hosts",
            "",
            "Compares the datasets of this project, or those in the mirror, with the catalogue and with what their"
                    + " hosts state now. Downloads no data. Exits with code 6 if a dataset is outdated, with 4 or 3"
                    + " if one could not be checked, and with 0 only if all are up to date."
        },
        footer = {"", "Examples:", "  histods outdated", "  histods outdated kather-2018 --json"})
public final class OutdatedCommand implements CliCommand {

    private final AppContext app;

    @Mixin
    private final VersionTargets.Named named = new VersionTargets.Named();

    public OutdatedCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        VersionTargets targets = new VersionTargets(app);
        List<VersionTargets.Target> all = targets.of(named);
        int outdated = 0;
        int unknown = 0;
        int byHand = 0;
        for (VersionTargets.Target target : all) {
            VersionTargets.Compared compared = targets.compare(target);
            targets.show(compared);
            VersionCheck.Result result = compared.result();
            outdated += result.outdated() ? 1 : 0;
            unknown += result.unchecked().isEmpty() || result.byHand() ? 0 : 1;
            byHand += result.byHand() ? 1 : 0;
        }
        app.console()
                .say(Count.of(all.size(), "dataset") + ": " + outdated + " outdated"
                        + (unknown + byHand == 0 ? "" : ", " + (unknown + byHand) + " not or only partly checked"));
        if (outdated > 0) {
            return Problem.Kind.UPSTREAM_CHANGED.exit();
        }
        if (unknown > 0) {
            return Problem.Kind.NETWORK.exit();
        }
        return byHand > 0 ? Problem.Kind.PERSON.exit() : 0;
    }
}
