package org.histods.pull.local;

import java.nio.file.Path;
import org.histods.problem.Problem;

/** A file on this machine whose checksums are known. */
public interface LocalFile {

    Path file();

    long bytes();

    /** Whether it may be linked into the mirror, which makes it read-only. */
    boolean linkable();

    /**
     * Checks that it is still the file whose checksums are known.
     *
     * @throws Problem if it is not
     */
    void requireUnchanged() throws Problem;
}
