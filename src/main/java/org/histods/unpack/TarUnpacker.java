package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.Codec;
import org.jspecify.annotations.Nullable;

/** Unpacks a tar, packed or not, in one pass: a member is judged when it comes, and the first fault refuses the whole. */
final class TarUnpacker {

    private final UnpackJob job;
    private final @Nullable Codec codec;
    private final ArchiveErrors diagnosis;
    private final EntryValidator inspection;
    private final EntryNameDecoder names;
    private final List<UnpackedFile> files = new ArrayList<>();
    /** By name in the archive, for hard links; the same objects as in the list. */
    private final Map<String, UnpackedFile> byName = new HashMap<>();

    TarUnpacker(UnpackJob job, @Nullable Codec codec) throws Problem {
        this.job = job;
        this.codec = codec;
        this.diagnosis = job.diagnosis();
        this.inspection = new EntryValidator(diagnosis, job.options());
        this.names = EntryNameDecoder.in(job.options().charset());
    }

    UnpackedTree unpack() throws Problem {
        try (ChannelInputStream packed = new ChannelInputStream(job.open())) {
            InputStream plain = codec == null ? packed : diagnosis.read(null, () -> codec.decode(packed, true));
            TarReader tar = new TarReader(plain);
            UnpackLimits allowance = new UnpackLimits(diagnosis, job.options().limits(), packed::taken);
            EntryWriter writer = job.writer(allowance);
            for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
                member(tar, entry, writer);
            }
            if (!tar.ended()) {
                throw diagnosis.reading(null, new java.io.EOFException());
            }
            // What follows says nothing to us, but the packing's own checksum lies behind it.
            writer.pass(plain, diagnosis.archive());
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
        inspection.refuseIfNothing();
        return new UnpackedTree(job.root(), files, inspection.skipped());
    }

    private @Nullable TarArchiveEntry next(TarReader tar) throws Problem {
        if (Thread.currentThread().isInterrupted()) {
            throw Problem.interrupted();
        }
        return diagnosis.read(null, tar::getNextEntry);
    }

    private void member(TarReader tar, TarArchiveEntry entry, EntryWriter writer) throws Problem, IOException {
        String name = read(tar.name(entry));
        RawEntry.Type type = type(entry);
        long bytes = type == RawEntry.Type.FILE ? entry.getRealSize() : 0;
        FilePath path = inspection.examine(new RawEntry(name, type, bytes));
        inspection.refuseIfFaulty();
        if (path == null) {
            writer.pass(tar, name);
            return;
        }
        UnpackedFile file = type == RawEntry.Type.HARD_LINK
                ? writer.copy(original(read(tar.linkTarget(entry)), name), path, name)
                : writer.write(tar, path, name, bytes, RawEntry.executable(entry.getMode()));
        files.add(file);
        byName.put(name, file);
    }

    private UnpackedFile original(String target, String name) throws Problem {
        UnpackedFile file = byName.get(target);
        if (file == null) {
            inspection.fault(
                    name,
                    "it is a hard link to '" + FilePath.printable(target) + "', which was not unpacked before it");
            inspection.refuseIfFaulty();
            throw new IllegalStateException("a fault was noted");
        }
        return file;
    }

    private String read(TarReader.RawName raw) throws Problem {
        String name = names.read(raw.bytes(), raw.utf8());
        if (name == null) {
            throw diagnosis.wrong(
                    null, "a member name is not in the charset that unpack.charset in the manifest names");
        }
        return name;
    }

    private static RawEntry.Type type(TarArchiveEntry entry) {
        return switch (entry.getLinkFlag()) {
            case 0, '0', '7', 'S' -> entry.isDirectory() ? RawEntry.Type.FOLDER : RawEntry.Type.FILE;
            case '5' -> RawEntry.Type.FOLDER;
            case '1' -> RawEntry.Type.HARD_LINK;
            case '2' -> RawEntry.Type.SYMBOLIC_LINK;
            default -> RawEntry.Type.SPECIAL;
        };
    }
}
