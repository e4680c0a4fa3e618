package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;

/** Unpacks a file that was packed alone; its name is the archive's without the ending. */
final class SingleUnpacking {

    private final Job job;
    private final ArchiveKind kind;
    private final Inspection inspection;

    SingleUnpacking(Job job, ArchiveKind kind) throws Problem {
        this.job = job;
        this.kind = kind;
        this.inspection = new Inspection(job.diagnosis(), job.options().withoutFolder());
    }

    Tree unpack() throws Problem {
        String name = kind.nameInside(job.archive().name());
        FilePath path = inspection.examine(new Entry(name, Entry.Type.FILE, 0));
        inspection.refuseIfFaulty();
        return new Tree(job.root(), path == null ? List.of() : List.of(write(name, path)), inspection.skipped());
    }

    private TreeFile write(String name, FilePath path) throws Problem {
        Diagnosis diagnosis = job.diagnosis();
        Codec codec = Objects.requireNonNull(kind.codec());
        try (ChannelInput packed = new ChannelInput(job.open());
                InputStream plain = diagnosis.read(null, () -> codec.decode(packed, false))) {
            Allowance allowance = new Allowance(diagnosis, job.options().limits(), packed::taken);
            return job.writer(allowance, new Crew(diagnosis)).write(plain, path, name, -1, false);
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
    }
}
