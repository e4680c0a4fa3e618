package org.histods.mirror;

import java.nio.file.Path;
import org.histods.problem.Problem;

/** Carries files that a bag does not list, such as the user's own, over into the bag that replaces it. */
@FunctionalInterface
public interface CarryOver {

    /** Carries over nothing. */
    CarryOver NOTHING = (replaced, made) -> {};

    /**
     * Called just before the bag is replaced, and again on the replaced bag before it is deleted, for files that were
     * added in between. Files that were carried over the first time are not carried over again.
     *
     * @param replaced the folder of the bag that is replaced; it is not changed
     * @param made the folder of the new bag
     * @throws Problem if a file cannot be carried over; the replaced bag then stays where it is
     */
    void carry(Path replaced, Path made) throws Problem;
}
