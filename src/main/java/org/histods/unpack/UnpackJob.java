package org.histods.unpack;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.function.LongConsumer;
import org.histods.problem.Problem;

/** One call of {@link Unpacker#unpack}: what it was asked, for the reader of the archive's kind. */
record Job(ArchiveSource archive, Path root, UnpackOptions options, LongConsumer bytesWritten, Diagnosis diagnosis) {

    SeekableByteChannel open() throws Problem {
        return open(archive, diagnosis);
    }

    static SeekableByteChannel open(ArchiveSource archive, Diagnosis diagnosis) throws Problem {
        try {
            return archive.open();
        } catch (IOException e) {
            throw diagnosis.reading(null, new SourceFailure(e));
        }
    }

    MemberWriter writer(Allowance allowance, Crew crew) {
        return new MemberWriter(
                new MemberWriter.Target(root, options.also(), bytesWritten, allowance, crew::stopped), diagnosis);
    }
}
