package org.histods.unpack;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;

/**
 * Unpacks a zip: reads the directory, judges every member, and only then writes, in the order in which the members lie
 * in the archive, so that one that still arrives is read forwards.
 */
final class ZipUnpacking {

    private record Placed(ZipMember member, FilePath path) {}

    private final Job job;
    private final Diagnosis diagnosis;
    private final Inspection inspection;
    private long size;

    ZipUnpacking(Job job) throws Problem {
        this.job = job;
        this.diagnosis = job.diagnosis();
        this.inspection = new Inspection(diagnosis, job.options());
    }

    List<Member> list() throws Problem {
        return inspected().stream()
                .map(p -> new Member(
                        p.member().entry().name(),
                        p.path(),
                        p.member().entry().bytes(),
                        p.member().packed()))
                .toList();
    }

    Tree unpack(int threads) throws Problem {
        List<Placed> placed = inspected();
        for (Placed one : placed) {
            String blocker = one.member().blocker();
            if (blocker != null) {
                throw diagnosis.unsupported(one.member().entry().name(), blocker, null);
            }
        }
        List<TreeFile> files = new ArrayList<>(placed.size());
        Queue<List<TreeFile>> written = new ConcurrentLinkedQueue<>();
        Queue<SeekableByteChannel> channels = new ConcurrentLinkedQueue<>();
        Allowance allowance = new Allowance(diagnosis, job.options().limits(), () -> size);
        AtomicInteger next = new AtomicInteger();
        Crew crew = new Crew(diagnosis);
        crew.run(
                Math.max(1, Math.min(threads, placed.size())),
                () -> {
                    SeekableByteChannel channel = job.open();
                    channels.add(channel);
                    written.add(write(placed, next, channel, job.writer(allowance, crew)));
                },
                () -> channels.forEach(ZipUnpacking::close));
        written.forEach(files::addAll);
        return new Tree(job.root(), files, inspection.skipped());
    }

    private List<Placed> inspected() throws Problem {
        Names names = Names.in(job.options().charset());
        List<ZipMember> members;
        try (WindowChannel channel = new WindowChannel(job.open())) {
            size = channel.size();
            members = new ZipDirectory(diagnosis, names, job.options().limits().members()).read(channel);
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
        List<Placed> placed = new ArrayList<>();
        long total = 0;
        for (ZipMember member : members) {
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
        new Allowance(diagnosis, job.options().limits(), () -> size).check(total);
        placed.sort(Comparator.comparingLong(p -> p.member().offset()));
        return placed;
    }

    private List<TreeFile> write(
            List<Placed> placed, AtomicInteger next, SeekableByteChannel channel, MemberWriter writer) throws Problem {
        List<TreeFile> files = new ArrayList<>();
        try (ZipBody body = new ZipBody(new ChannelInput(channel))) {
            for (int i = next.getAndIncrement(); i < placed.size(); i = next.getAndIncrement()) {
                files.add(write(placed.get(i), body, writer));
            }
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
        return files;
    }

    private TreeFile write(Placed placed, ZipBody body, MemberWriter writer) throws Problem {
        ZipMember member = placed.member();
        Entry entry = member.entry();
        CheckedInputStream content =
                new CheckedInputStream(diagnosis.read(entry.name(), () -> body.open(member)), new CRC32());
        TreeFile file = writer.write(content, placed.path(), entry.name(), entry.bytes(), member.executable());
        if (content.getChecksum().getValue() != member.crc()) {
            throw diagnosis.wrong(entry.name(), "its CRC-32 does not fit");
        }
        return file;
    }

    private static void close(SeekableByteChannel channel) {
        try {
            channel.close();
        } catch (IOException ignored) {
            // It was only read from, and everything is said already.
        }
    }
}
