package org.histods.fetch;

import java.nio.file.Path;
import org.histods.problem.Problem;

/** The stored bytes of a fetched file, kept until the bag is published. */
public interface FetchedBytes extends AutoCloseable {

    /**
     * Puts the complete file at {@code target} too, on the same file system. It also stays here until it is discarded,
     * which is after the bag is published.
     *
     * @param executable whether it gets the executable bit
     * @throws IllegalStateException if the file is not complete
     */
    void put(Path target, boolean executable) throws Problem;

    /** Deletes the bytes when this is closed: they are wrong, or of no use any more. */
    void discard();

    /** Releases the bytes. Those that were not discarded are kept for the next run. */
    @Override
    void close();
}
