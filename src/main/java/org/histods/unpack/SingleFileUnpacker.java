package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.Codec;

/** Unpacks a file that was packed alone; its name is the archive's without the ending. */
final class SingleFileUnpacker {

    private final UnpackJob job;
    private final ArchiveKind kind;
    private final EntryValidator inspection;

    SingleFileUnpacker(UnpackJob job, ArchiveKind kind) throws Problem {
        this.job = job;
        this.kind = kind;
        this.inspection = new EntryValidator(job.diagnosis(), job.options().withoutFolder());
    }

    UnpackedTree unpack() throws Problem {
        String name = kind.nameInside(job.archive().name());
        FilePath path = inspection.examine(new RawEntry(name, RawEntry.Type.FILE, 0));
        inspection.refuseIfFaulty();
        return new UnpackedTree(
                job.root(), path == null ? List.of() : List.of(write(name, path)), inspection.skipped());
    }

    private UnpackedFile write(String name, FilePath path) throws Problem {
        ArchiveErrors diagnosis = job.diagnosis();
        Codec codec = Objects.requireNonNull(kind.codec());
        try (ChannelInputStream packed = new ChannelInputStream(job.open());
                InputStream plain = diagnosis.read(null, () -> codec.decode(packed, false))) {
            UnpackLimits allowance = new UnpackLimits(diagnosis, job.options().limits(), packed::taken);
            return job.writer(allowance).write(plain, path, name, -1, false);
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
    }
}
