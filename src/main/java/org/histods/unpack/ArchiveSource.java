package org.histods.unpack;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the bytes of an archive come from: a file, a file that still grows, a host that answers ranges.
 *
 * <p>A read may block until its bytes are there; an interrupt of the reading thread or a close of the channel by
 * another must end it. {@code size()} is asked only for kinds that are read from their end
 * ({@link ArchiveKind#randomAccess()}). An exception whose cause is a {@link org.histods.problem.Problem} ends the
 * unpacking with that problem; any other is taken for a failure of the local disk.
 */
public interface ArchiveSource {

    /** The archive's file name, for messages and as a help to tell its kind. */
    String name();

    /** A new channel at position 0 that the caller closes; asked for again by every thread that reads. */
    SeekableByteChannel open() throws IOException;

    /** An archive that lies whole on disk. */
    static ArchiveSource file(Path path) {
        return new ArchiveSource() {
            @Override
            public String name() {
                Path last = path.getFileName();
                return last == null ? path.toString() : last.toString();
            }

            @Override
            public SeekableByteChannel open() throws IOException {
                return Files.newByteChannel(path);
            }
        };
    }
}
