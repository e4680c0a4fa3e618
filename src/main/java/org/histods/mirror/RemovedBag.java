package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Path;
import org.histods.problem.Problem;

/**
 * A bag that was removed from {@code datasets/} and whose files are still to be deleted. If that is interrupted,
 * `histods gc` finishes it.
 */
public final class RemovedBag {

    private final BagRef bag;
    private final Path staging;
    private final MirrorDeletion deletion;

    RemovedBag(BagRef bag, Path staging, MirrorDeletion deletion) {
        this.bag = bag;
        this.staging = staging;
        this.deletion = deletion;
    }

    /**
     * Deletes its files.
     *
     * @param each runs after each file
     * @throws Problem {@code DISK} if some cannot be deleted
     */
    public void deleteFiles(Runnable each) throws Problem {
        try {
            deletion.delete(PlaceKind.STAGING, staging, each);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    bag.id() + " " + bag.version()
                            + " is removed from the mirror, but not all of its files are deleted: "
                            + Problem.because("the rest is in " + staging, e),
                    "`histods gc` deletes the rest");
        }
    }
}
