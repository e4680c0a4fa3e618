package org.histods.unpack;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.function.Supplier;

/**
 * The bytes of an archive: a file, or one that is still being downloaded.
 *
 * <p>A read may block until its bytes are there; an interrupt of the reading thread, or another thread that closes the
 * channel, must end it. {@code size()} is called only for kinds that are read from their end: zip and 7z. An exception
 * whose cause is a {@link org.histods.problem.Problem} ends the unpacking with that problem; any other counts as a failure
 * of the local disk.
 */
public interface ArchiveSource {

    /** The archive's file name, for messages, and for its kind if its bytes do not show it. */
    String name();

    /** A new channel at position 0 that the caller closes; called again for each thread that reads. */
    SeekableByteChannel open() throws IOException;

    /**
     * Announces what will be read soon, for a source that fetches bytes only when they are needed. Called with the
     * directory of a zip, then with the entries that will be unpacked; a read elsewhere is still allowed.
     *
     * @param ranges computes them: sorted, each with its first byte and its end
     */
    default void willRead(Supplier<List<long[]>> ranges) throws IOException {}

    /**
     * Whether the bytes are compared with a published checksum or size before anything of the archive is used. Only then
     * may a tar end without its end marker, since nothing else shows that it is whole.
     */
    default boolean checked() {
        return false;
    }
}
