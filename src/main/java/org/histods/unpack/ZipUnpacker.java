package org.histods.unpack;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.histods.concurrent.Parallel;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.WindowedChannel;

/**
 * Unpacks a zip: reads the directory, judges every member, and only then writes, in the order in which the members lie
 * in the archive, so that one that still arrives is read forwards.
 */
final class ZipUnpacker {

    private record Placed(ZipEntryRecord member, FilePath path) {}

    private final UnpackJob job;
    private final ArchiveErrors diagnosis;
    private final EntryValidator inspection;
    private long size;

    ZipUnpacker(UnpackJob job) throws Problem {
        this.job = job;
        this.diagnosis = job.diagnosis();
        this.inspection = new EntryValidator(diagnosis, job.options());
    }

    List<EntryInfo> list() throws Problem {
        return inspected().stream()
                .map(p -> new EntryInfo(
                        p.member().entry().name(),
                        p.path(),
                        p.member().entry().bytes(),
                        p.member().packed()))
                .toList();
    }

    UnpackedTree unpack(int threads) throws Problem {
        List<Placed> placed = inspected();
        for (Placed one : placed) {
            String blocker = one.member().blocker();
            if (blocker != null) {
                throw diagnosis.unsupported(one.member().entry().name(), blocker, null);
            }
        }
        List<UnpackedFile> files = new ArrayList<>(placed.size());
        UnpackLimits allowance = new UnpackLimits(diagnosis, job.options().limits(), () -> size);
        AtomicInteger next = new AtomicInteger();
        int workers = Math.min(threads, placed.size());
        Parallel.map(workers, Collections.nCopies(workers, next), n -> write(placed, n, job.writer(allowance)))
                .forEach(files::addAll);
        return new UnpackedTree(job.root(), files, inspection.skipped());
    }

    private List<Placed> inspected() throws Problem {
        EntryNameDecoder names = EntryNameDecoder.in(job.options().charset());
        List<ZipEntryRecord> members;
        try (WindowedChannel channel = new WindowedChannel(job.open())) {
            size = channel.size();
            members = new ZipDirectory(diagnosis, names, job.options().limits().members()).read(channel);
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
        List<Placed> placed = new ArrayList<>();
        long total = 0;
        for (ZipEntryRecord member : members) {
            FilePath path = inspection.examine(member.entry());
            if (path != null) {
                placed.add(new Placed(member, path));
            }
            total = total > Long.MAX_VALUE - member.entry().bytes()
                    ? Long.MAX_VALUE
                    : total + member.entry().bytes();
        }
        ZipDirectory.faultOverlaps(members, size, inspection);
        inspection.refuseIfFaulty();
        inspection.refuseIfNothing();
        new UnpackLimits(diagnosis, job.options().limits(), () -> size).check(total);
        placed.sort(Comparator.comparingLong(p -> p.member().offset()));
        return placed;
    }

    /** Writes entries until none is left, all from one channel. */
    private List<UnpackedFile> write(List<Placed> placed, AtomicInteger next, EntryWriter writer) throws Problem {
        List<UnpackedFile> files = new ArrayList<>();
        try (ZipEntryReader body = new ZipEntryReader(new ChannelInputStream(job.open()))) {
            for (int i = next.getAndIncrement(); i < placed.size(); i = next.getAndIncrement()) {
                files.add(write(placed.get(i), body, writer));
            }
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
        return files;
    }

    private UnpackedFile write(Placed placed, ZipEntryReader body, EntryWriter writer) throws Problem {
        ZipEntryRecord member = placed.member();
        RawEntry entry = member.entry();
        CheckedInputStream content =
                new CheckedInputStream(diagnosis.read(entry.name(), () -> body.open(member)), new CRC32());
        UnpackedFile file = writer.write(content, placed.path(), entry.name(), entry.bytes(), member.executable());
        if (content.getChecksum().getValue() != member.crc()) {
            throw diagnosis.wrong(entry.name(), "its CRC-32 does not fit");
        }
        return file;
    }
}
