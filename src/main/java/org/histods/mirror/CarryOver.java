package org.histods.mirror;

import java.nio.file.Path;
import org.histods.problem.Problem;

/** Takes what a bag does not list, such as a person's own files, into the bag that replaces it. */
@FunctionalInterface
public interface CarryOver {

    /** Takes nothing. */
    CarryOver NOTHING = (replaced, made) -> {};

    /**
     * Called before a bag is replaced, and once more on what was moved aside to be replaced.
     *
     * @throws Problem if the new bag was not made from that one, such as where another process published meanwhile; it
     *     stays under its name then
     */
    default void expect(Path replaced) throws Problem {}

    /**
     * Called just before the bag is replaced, and again on the replaced bag before it is deleted, for what was put there
     * in between. What was carried the first time is not carried again.
     *
     * @param replaced the folder of the bag that is replaced; nothing is taken away from it
     * @param made the folder of the bag that replaces it
     * @throws Problem if something cannot be carried; the replaced bag is then left where it is
     */
    void carry(Path replaced, Path made) throws Problem;
}
