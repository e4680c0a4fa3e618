package org.histods.fetch;

import java.nio.file.Path;
import org.histods.problem.Problem;

/** The stored bytes of a fetched file, kept until the bag is published. */
public interface FetchedBytes extends AutoCloseable {

    /**
     * Also places the complete file at {@code target}, on the same file system. The original stays until it is
     * discarded, after the bag is published.
     *
     * @param executable whether it gets the executable bit
     * @throws IllegalStateException if the file is not complete
     */
    void put(Path target, boolean executable) throws Problem;

    /** Marks the bytes as wrong or no longer needed, so that they are deleted when this is closed. */
    void discard();

    /** Releases the bytes. Those that were not discarded are kept for the next run. */
    @Override
    void close();
}
