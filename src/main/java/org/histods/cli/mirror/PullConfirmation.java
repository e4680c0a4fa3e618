package org.histods.cli.mirror;

import org.histods.cli.shell.Console;
import org.histods.cli.shell.ConsoleInput;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.pull.PullPlan;
import org.histods.text.Bytes;
import org.histods.text.Size;

/**
 * Asks a person at a terminal before a pull that may be larger than expected: of unknown size, of a terabyte and more, or
 * too large for the disk by what is known of it. Scripts are never asked.
 */
public final class PullConfirmation {

    /** What nobody fetches by the way. */
    private static final long LARGE = 1_000_000_000_000L;

    private final Console console;
    private final ConsoleInput keyboard;
    private final Mirror mirror;
    private final boolean yes;

    /** @param yes whether the user agreed beforehand */
    public PullConfirmation(Console console, ConsoleInput keyboard, Mirror mirror, boolean yes) {
        this.console = console;
        this.keyboard = keyboard;
        this.mirror = mirror;
        this.yes = yes;
    }

    /**
     * Asks if there is reason to.
     *
     * @throws Problem {@code PERSON} if the answer is not yes
     */
    public void ask(PullPlan plan) throws Problem {
        Long most = plan.size().atMost();
        Size onDisk = plan.size().plus(plan.unpacked());
        long free = mirror.free();
        boolean tooLarge = onDisk.atLeast() > free;
        if (tooLarge) {
            console.warn(plan.dataset() + " may not fit: it takes " + onDisk.text() + " on the disk of " + mirror.root()
                    + " with its archives, and " + Bytes.text(free) + " are free");
        }
        boolean reason = tooLarge || most == null || most >= LARGE;
        if (!reason || yes || console.json() || !keyboard.asks() || plan.items().isEmpty()) {
            return;
        }
        String typed = keyboard.line("Fetch " + plan.dataset() + ", "
                + (plan.size().known() ? plan.size().text() : "of unknown size") + "? " + Bytes.text(free)
                + " are free on the disk of " + mirror.root() + ". [y/N] ");
        if (!typed.equalsIgnoreCase("y") && !typed.equalsIgnoreCase("yes")) {
            throw new Problem(
                    Problem.Kind.PERSON,
                    "not fetched, as you did not agree to " + plan.size().text()
                            + (plan.size().known() ? "" : " size"),
                    "`histods pull " + plan.dataset() + " --dry-run` lists the files, --only takes some of them, and"
                            + " --yes fetches without asking");
        }
    }
}
