package org.histods.mirror;

import java.nio.file.Path;
import org.histods.problem.Problem;

/** Carries files that a bag does not list, such as the user's own, into the bag that replaces it. */
@FunctionalInterface
public interface CarryOver {

    /** Carries nothing over. */
    CarryOver NOTHING = (replaced, made) -> {};

    /**
     * Called before a bag is replaced, and again on the bag that was moved aside to be replaced.
     *
     * @throws Problem if the new bag was not made from that one, such as after another process published; that bag then
     *     keeps its name
     */
    default void expect(Path replaced) throws Problem {}

    /**
     * Called just before the bag is replaced, and again on the replaced bag before it is deleted, for files that were
     * added in between. Files that were carried the first time are not carried again.
     *
     * @param replaced the folder of the bag that is replaced; it is not changed
     * @param made the folder of the bag that replaces it
     * @throws Problem if something cannot be carried; the replaced bag is then not deleted
     */
    void carry(Path replaced, Path made) throws Problem;
}
