package org.histods.unpack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.Codec;
import org.histods.unpack.stream.DecodedStream;

/** Unpacks a file that is compressed alone; its name is the archive's without the ending. */
final class SingleFileUnpacker {

    private final UnpackJob job;
    private final ArchiveKind kind;
    private final EntryValidator validator;
    private final List<String> notes = new ArrayList<>();

    SingleFileUnpacker(UnpackJob job, ArchiveKind kind) throws Problem {
        this.job = job;
        this.kind = kind;
        this.validator = new EntryValidator(job.errors(), job.options().withoutFolder(), false);
    }

    UnpackedTree unpack() throws Problem {
        String name = kind.nameInside(job.archive().name());
        FilePath path = validator.validate(new RawEntry(name, RawEntry.Type.FILE, 0));
        validator.refuseIfFaulty();
        Optional<UnpackedFile> file = path == null ? Optional.empty() : write(name, path);
        return new UnpackedTree(job.root(), file.map(List::of).orElse(List.of()), validator.skipped(), notes);
    }

    private Optional<UnpackedFile> write(String name, FilePath path) throws Problem {
        ArchiveErrors errors = job.errors();
        Codec codec = Objects.requireNonNull(kind.codec());
        try (ChannelInputStream packed = new ChannelInputStream(job.open());
                DecodedStream plain = errors.read(null, () -> codec.decode(packed))) {
            UnpackLimits limits = new UnpackLimits(errors, job.options().limits(), packed::taken);
            Optional<UnpackedFile> file = job.writer(limits, validator).write(plain, path, name, -1, false);
            if (plain.trailing()) {
                throw new IOException("other bytes follow the compressed data");
            }
            if (plain.mayHideDamage() && !job.archive().checked()) {
                notes.add(DecodedStream.HIDDEN_DAMAGE);
            }
            return file;
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
    }
}
