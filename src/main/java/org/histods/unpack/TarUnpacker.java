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
import org.jspecify.annotations.Nullable;

/** Unpacks a tar, packed or not, in one pass: a member is judged when it comes, and the first fault refuses the whole. */
final class TarUnpacking {

    private final Job job;
    private final @Nullable Codec codec;
    private final Diagnosis diagnosis;
    private final Inspection inspection;
    private final Names names;
    private final List<TreeFile> files = new ArrayList<>();
    /** By name in the archive, for hard links; the same objects as in the list. */
    private final Map<String, TreeFile> byName = new HashMap<>();

    TarUnpacking(Job job, @Nullable Codec codec) throws Problem {
        this.job = job;
        this.codec = codec;
        this.diagnosis = job.diagnosis();
        this.inspection = new Inspection(diagnosis, job.options());
        this.names = Names.in(job.options().charset());
    }

    Tree unpack() throws Problem {
        try (ChannelInput packed = new ChannelInput(job.open())) {
            InputStream plain = codec == null ? packed : diagnosis.read(null, () -> codec.decode(packed, true));
            TarStream tar = new TarStream(plain);
            Allowance allowance = new Allowance(diagnosis, job.options().limits(), packed::taken);
            MemberWriter writer = job.writer(allowance, new Crew(diagnosis));
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
        return new Tree(job.root(), files, inspection.skipped());
    }

    private @Nullable TarArchiveEntry next(TarStream tar) throws Problem {
        if (Thread.currentThread().isInterrupted()) {
            throw diagnosis.interrupted();
        }
        return diagnosis.read(null, tar::getNextEntry);
    }

    private void member(TarStream tar, TarArchiveEntry entry, MemberWriter writer) throws Problem, IOException {
        String name = read(tar.name(entry));
        Entry.Type type = type(entry);
        long bytes = type == Entry.Type.FILE ? entry.getRealSize() : 0;
        FilePath path = inspection.examine(new Entry(name, type, bytes));
        inspection.refuseIfFaulty();
        if (path == null) {
            writer.pass(tar, name);
            return;
        }
        TreeFile file = type == Entry.Type.HARD_LINK
                ? writer.copy(original(read(tar.linkTarget(entry)), name), path, name)
                : writer.write(tar, path, name, bytes, Entry.executable(entry.getMode()));
        files.add(file);
        byName.put(name, file);
    }

    private TreeFile original(String target, String name) throws Problem {
        TreeFile file = byName.get(target);
        if (file == null) {
            inspection.fault(
                    name,
                    "it is a hard link to '" + FilePath.printable(target) + "', which was not unpacked before it");
            inspection.refuseIfFaulty();
            throw new IllegalStateException("a fault was noted");
        }
        return file;
    }

    private String read(TarStream.RawName raw) throws Problem {
        String name = names.read(raw.bytes(), raw.utf8());
        if (name == null) {
            throw diagnosis.wrong(
                    null, "a member name is not in the charset that unpack.charset in the manifest names");
        }
        return name;
    }

    private static Entry.Type type(TarArchiveEntry entry) {
        return switch (entry.getLinkFlag()) {
            case 0, '0', '7', 'S' -> entry.isDirectory() ? Entry.Type.FOLDER : Entry.Type.FILE;
            case '5' -> Entry.Type.FOLDER;
            case '1' -> Entry.Type.HARD_LINK;
            case '2' -> Entry.Type.SYMBOLIC_LINK;
            default -> Entry.Type.SPECIAL;
        };
    }
}
