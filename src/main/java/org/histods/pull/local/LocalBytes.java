package org.histods.pull.local;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.histods.digest.Algorithm;
import org.histods.digest.Hasher;
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
        boolean doubtful = file.isDoubtful();
        boolean linked = mirror.files().take(file.file(), target, link && file.linkable());
        if (!linked) {
            file.requireUnchanged();
            doubtful |= file.isDoubtful();
            if (link && file instanceof OfferedFile) {
                copied.incrementAndGet();
            }
        }
        if (doubtful) {
            requireSame(target);
        }
        if (executable && !target.toFile().canExecute() && !target.toFile().setExecutable(true)) {
            throw new Problem(Problem.Kind.DISK, "the executable bit of " + target + " cannot be set", null);
        }
    }

    private void requireSame(Path target) throws Problem {
        try {
            if (!Hasher.sha256(target).equals(copy.checksums().get(Algorithm.SHA256))) {
                throw copy.file().changed();
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read " + target, e));
        }
    }

    /** Does nothing: the bytes are not those of a transfer. */
    @Override
    public void discard() {}

    @Override
    public void close() {}
}
