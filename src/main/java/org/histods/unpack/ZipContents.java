package org.histods.unpack;

import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;

/**
 * The contents of a zip according to its directory, which was checked completely: every path, every collision, the
 * limits, and whether the wanted entries can be unpacked. Nothing else of the zip was read. Can be unpacked once.
 */
public final class ZipContents {

    /**
     * A wanted file.
     *
     * @param path where it is written below the tree's root
     * @param entry its name in the zip
     * @param bytes its size; of a symbolic link, the length of its target
     * @param packed how many bytes of the zip its content takes
     * @param crc the CRC-32 of its content
     * @param executable whether its Unix mode lets the owner run it
     * @param link whether it is a symbolic link, which becomes a copy of the file it leads to
     */
    public record Member(
            FilePath path, String entry, long bytes, long packed, long crc, boolean executable, boolean link) {}

    private final ZipUnpacker unpacker;
    private final UnpackOptions options;
    private final int threads;

    ZipContents(ZipUnpacker unpacker, UnpackOptions options, int threads) {
        this.unpacker = unpacker;
        this.options = options;
        this.threads = threads;
    }

    /** The wanted files, in the order of the archive. */
    public List<Member> members() {
        return unpacker.members();
    }

    /**
     * The ranges of the zip that hold the wanted files, sorted, each with its first byte and its end. A symbolic link may
     * need the file that it leads to as well.
     */
    public List<long[]> ranges() {
        return unpacker.ranges();
    }

    /**
     * Unpacks the wanted files as {@link Unpacker#unpack} does.
     *
     * @param archive the same zip; read where {@link ArchiveSource#willRead} was told
     */
    public UnpackedTree unpack(ArchiveSource archive, Path root, LongConsumer bytesWritten) throws Problem {
        ArchiveErrors errors = new ArchiveErrors(archive.name());
        return unpacker.unpack(new UnpackJob(archive, root, options, bytesWritten, errors), threads);
    }
}
