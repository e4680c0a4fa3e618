package org.histods.cli.shell;

import java.util.concurrent.Callable;
import org.histods.problem.Problem;

/** A command of the program. */
public interface CliCommand extends Callable<Integer> {

    /** Exit code of a check that failed although the command itself worked, and of an action that the user declined. */
    int NO = 9;

    /**
     * Runs the command.
     *
     * @return the exit code, 0 if everything requested was done
     * @throws Problem if it could not be done
     */
    int run() throws Problem;

    @Override
    default Integer call() throws Problem {
        return run();
    }
}
