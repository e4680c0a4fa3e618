package org.histods.pull.local;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.histods.fetch.FetchedBytes;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;

/**
 * The bytes of a file on this machine, which stay where they are.
 *
 * @param link whether it is linked if possible; else it is copied
 * @param copied counts the files that should be linked and were copied
 */
public record LocalBytes(LocalCopy copy, Mirror mirror, boolean link, AtomicLong copied) implements FetchedBytes {

    @Override
    public void put(Path target, boolean executable) throws Problem {
        LocalFile file = copy.file();
        file.requireUnchanged();
        boolean linked = mirror.files().take(file.file(), target, link && file.linkable());
        if (!linked) {
            file.requireUnchanged();
            if (link && file instanceof OfferedFile) {
                copied.incrementAndGet();
            }
        }
        if (executable && !target.toFile().canExecute() && !target.toFile().setExecutable(true)) {
            throw new Problem(Problem.Kind.DISK, "the executable bit of " + target + " cannot be set", null);
        }
    }

    /** Does nothing: the bytes are not those of a transfer. */
    @Override
    public void discard() {}

    @Override
    public void close() {}
}
