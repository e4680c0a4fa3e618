package org.histods.pull;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.function.Supplier;
import org.histods.fetch.MemoryRanges;
import org.histods.fetch.RangedFile;
import org.histods.unpack.ArchiveSource;
import org.histods.unpack.ZipContents;

/**
 * The wanted files of a remote zip, known from its directory; nothing else of the zip was fetched yet.
 *
 * @param directory what was fetched
 * @param contents what the directory says of the wanted files
 * @param bytes how many bytes of the zip hold them
 */
public record WantedMembers(MemoryRanges directory, ZipContents contents, long bytes) {

    /** How many bytes the wanted files have, unpacked. */
    public long unpackedBytes() {
        return contents.members().stream().mapToLong(ZipContents.Member::bytes).sum();
    }

    /** The archive as the source of its directory. */
    record Directory(String name, MemoryRanges ranges) implements ArchiveSource {
        @Override
        public SeekableByteChannel open() {
            return ranges.channel();
        }

        @Override
        public void willRead(Supplier<List<long[]>> announced) throws IOException {
            for (long[] range : announced.get()) {
                ranges.fetch(range[0], range[1]);
            }
        }
    }

    /** The archive as the source of what is announced. */
    record Members(String name, RangedFile file) implements ArchiveSource {
        @Override
        public SeekableByteChannel open() {
            return file.reader();
        }

        @Override
        public void willRead(Supplier<List<long[]>> announced) {
            file.fetch(announced.get());
        }
    }
}
