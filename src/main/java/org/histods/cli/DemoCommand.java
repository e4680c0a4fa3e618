package org.histods.cli;

import java.util.Map;
import org.histods.problem.Problem;
import picocli.CommandLine.Command;

/** A tour. */
@Command(name = "demo", description = "Show histods at work with stand-in datasets; needs no internet.")
final class DemoCommand implements Action {

    DemoCommand(Wiring wiring, Map<String, String> environment) {}

    @Override
    public int run() throws Problem {
        throw new Problem(Problem.Kind.USAGE, "not there yet");
    }
}
