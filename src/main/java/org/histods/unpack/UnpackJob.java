package org.histods.unpack;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ArchiveReadException;

/** The arguments of one call of {@link Unpacker#unpack}, for the unpacker of the archive's kind. */
record UnpackJob(
        ArchiveSource archive, Path root, UnpackOptions options, LongConsumer bytesWritten, ArchiveErrors errors) {

    SeekableByteChannel open() throws Problem {
        return open(archive, errors);
    }

    static SeekableByteChannel open(ArchiveSource archive, ArchiveErrors errors) throws Problem {
        try {
            return archive.open();
        } catch (IOException e) {
            throw errors.reading(null, new ArchiveReadException(e));
        }
    }

    EntryWriter writer(UnpackLimits limits, EntryValidator validator) {
        return new EntryWriter(this, limits, validator);
    }
}
