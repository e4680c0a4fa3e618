package org.histods.fetch;

import java.nio.file.Path;
import org.histods.problem.Problem;

/** The bytes that a fetch stored in the mirror's folder for partial files, kept until the bag is published. */
public interface FetchedBytes extends AutoCloseable {

    /** The name of the content in the mirror's folder for partial files. */
    String key();

    /**
     * Puts the complete file at {@code target} too, on the same file system.
     *
     * @param executable whether it gets the executable bit
     * @throws IllegalStateException if the file is not complete
     */
    void put(Path target, boolean executable) throws Problem;

    /** Deletes the bytes when this is closed: they are wrong, or of no use any more. */
    void discard();

    /** Ends the fetch. Bytes that were not discarded are kept for the next run. */
    @Override
    void close();
}
