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
     * Checks that it has the size and the time of the file whose checksums are known.
     *
     * @throws Problem if it has not
     */
    void requireUnchanged() throws Problem;

    /** Whether it may be another file although it has that size and time, such as after {@code cp -p} or {@code rsync}. */
    boolean isDoubtful();

    /** The problem of a file that has changed. */
    Problem changed();
}
