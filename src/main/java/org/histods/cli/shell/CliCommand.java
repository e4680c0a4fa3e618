package org.histods.cli.shell;

import java.util.concurrent.Callable;
import org.histods.problem.Problem;

/** What a command does. */
public interface CliCommand extends Callable<Integer> {

    /** The exit code of a question whose answer is no: everything went well, and a script must hear of it. */
    int NO = 9;

    /**
     * Does it.
     *
     * @return the exit code, 0 if everything that was asked for is done
     * @throws Problem if it could not be done
     */
    int run() throws Problem;

    @Override
    default Integer call() throws Problem {
        return run();
    }
}
