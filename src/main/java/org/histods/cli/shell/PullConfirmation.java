package org.histods.cli.shell;

import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.pull.PullPlan;
import org.histods.text.Bytes;
import org.histods.text.Size;

/**
 * Asks the user at a terminal before a pull that may be larger than expected: of unknown size, of a terabyte or more, or
 * too large for the disk if an approximate size is right. Scripts are only warned.
 */
final class PullConfirmation {

    /** Size from which a download is confirmed. */
    private static final long LARGE = 1_000_000_000_000L;

    private final Console console;
    private final ConsoleInput input;
    private final Mirror mirror;
    private final boolean yes;

    /** @param yes whether the user agreed in advance */
    PullConfirmation(Console console, ConsoleInput input, Mirror mirror, boolean yes) {
        this.console = console;
        this.input = input;
        this.mirror = mirror;
        this.yes = yes;
    }

    /**
     * Asks if there is a reason to.
     *
     * @throws Problem {@code PERSON} if the user does not agree
     */
    void ask(PullPlan plan) throws Problem {
        Long most = plan.size().atMost();
        Size onDisk = plan.size().plus(plan.unpacked());
        long free = mirror.files().free();
        boolean tooLarge = onDisk.atLeast() > free;
        if (tooLarge) {
            console.warn(plan.dataset() + " may not fit: it needs " + onDisk.text() + " including archives, and "
                    + free(free));
        }
        boolean reason = tooLarge || most == null || most >= LARGE;
        if (!reason
                || yes
                || console.json()
                || !input.interactive()
                || plan.items().isEmpty()) {
            return;
        }
        String size = plan.size().known() ? plan.size().text() : "of unknown size";
        if (!input.confirms("Download " + plan.dataset() + ", " + size + "? " + free(free) + ".")) {
            throw new Problem(
                    Problem.Kind.PERSON,
                    "not downloaded: you declined " + plan.size().text()
                            + (plan.size().known() ? "" : " size"),
                    "`histods pull " + plan.dataset() + " --dry-run` lists the files, --only selects some of them, and"
                            + " --yes downloads without asking");
        }
    }

    private String free(long bytes) {
        return Bytes.text(bytes) + " are free at " + mirror.root();
    }
}
