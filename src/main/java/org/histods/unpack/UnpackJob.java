package org.histods.unpack;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ArchiveReadException;

/** One call of {@link Unpacker#unpack}: what it was asked, for the reader of the archive's kind. */
record UnpackJob(
        ArchiveSource archive, Path root, UnpackOptions options, LongConsumer bytesWritten, ArchiveErrors diagnosis) {

    SeekableByteChannel open() throws Problem {
        return open(archive, diagnosis);
    }

    static SeekableByteChannel open(ArchiveSource archive, ArchiveErrors diagnosis) throws Problem {
        try {
            return archive.open();
        } catch (IOException e) {
            throw diagnosis.reading(null, new ArchiveReadException(e));
        }
    }

    EntryWriter writer(UnpackLimits allowance) {
        return new EntryWriter(new EntryWriter.Target(root, options.also(), bytesWritten, allowance), diagnosis);
    }
}
