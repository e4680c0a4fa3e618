package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.Codec;
import org.histods.unpack.stream.WindowedChannel;
import org.jspecify.annotations.Nullable;

/** Unpacks a 7z: judges every member from its directory, then writes in one pass, as members share packed streams. */
final class SevenZUnpacker {

    /** 7-Zip on Unix sets this bit and keeps the mode in the upper half. */
    private static final int UNIX_MODE = 0x8000;

    private static final int REPARSE_POINT = 0x400;

    private final UnpackJob job;
    private final ArchiveErrors diagnosis;
    private final EntryValidator inspection;

    SevenZUnpacker(UnpackJob job) throws Problem {
        this.job = job;
        this.diagnosis = job.diagnosis();
        this.inspection = new EntryValidator(diagnosis, job.options());
    }

    List<EntryInfo> list() throws Problem {
        try (SeekableByteChannel channel = new WindowedChannel(job.open());
                SevenZFile archive = diagnosis.read(null, () -> open(channel))) {
            List<RawEntry> entries = entries(archive);
            List<@Nullable FilePath> paths = inspected(entries, channel.size());
            List<EntryInfo> members = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                FilePath path = paths.get(i);
                if (path != null) {
                    members.add(new EntryInfo(
                            entries.get(i).name(), path, entries.get(i).bytes(), null));
                }
            }
            return members;
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
    }

    UnpackedTree unpack() throws Problem {
        try (SeekableByteChannel channel = new WindowedChannel(job.open());
                SevenZFile archive = diagnosis.read(null, () -> open(channel))) {
            List<RawEntry> entries = entries(archive);
            long size = channel.size();
            List<@Nullable FilePath> paths = inspected(entries, size);
            UnpackLimits allowance = new UnpackLimits(diagnosis, job.options().limits(), () -> size);
            EntryWriter writer = job.writer(allowance);
            List<UnpackedFile> files = new ArrayList<>();
            for (int i = 0; i < entries.size(); i++) {
                SevenZArchiveEntry member = diagnosis.read(null, archive::getNextEntry);
                FilePath path = paths.get(i);
                if (path != null) {
                    RawEntry entry = entries.get(i);
                    files.add(writer.write(
                            new Content(archive),
                            path,
                            entry.name(),
                            entry.bytes(),
                            RawEntry.executable(mode(member))));
                }
            }
            return new UnpackedTree(job.root(), files, inspection.skipped());
        } catch (IOException e) {
            throw diagnosis.reading(null, e);
        }
    }

    private static SevenZFile open(SeekableByteChannel channel) throws IOException {
        return SevenZFile.builder()
                .setSeekableByteChannel(channel)
                .setMaxMemoryLimitKiB(Codec.MEMORY_KIB)
                .get();
    }

    private static List<RawEntry> entries(SevenZFile archive) {
        List<RawEntry> entries = new ArrayList<>();
        for (SevenZArchiveEntry member : archive.getEntries()) {
            String name = member.getName() == null ? "" : member.getName();
            entries.add(new RawEntry(name, type(member), member.hasStream() ? member.getSize() : 0));
        }
        if (EntryNameDecoder.windowsSeparators(entries.stream().map(RawEntry::name))) {
            entries.replaceAll(e -> new RawEntry(e.name().replace('\\', '/'), e.type(), e.bytes()));
        }
        return entries;
    }

    private List<@Nullable FilePath> inspected(List<RawEntry> entries, long size) throws Problem {
        List<@Nullable FilePath> paths = new ArrayList<>(entries.size());
        long total = 0;
        for (RawEntry entry : entries) {
            paths.add(inspection.examine(entry));
            total = total > Long.MAX_VALUE - entry.bytes() ? Long.MAX_VALUE : total + entry.bytes();
        }
        inspection.refuseIfFaulty();
        inspection.refuseIfNothing();
        new UnpackLimits(diagnosis, job.options().limits(), () -> size).check(total);
        return paths;
    }

    private static RawEntry.Type type(SevenZArchiveEntry member) {
        boolean reparse = member.getHasWindowsAttributes() && (member.getWindowsAttributes() & REPARSE_POINT) != 0;
        if (member.isAntiItem() || reparse) {
            return RawEntry.Type.SPECIAL;
        }
        return RawEntry.type(mode(member), member.isDirectory());
    }

    private static int mode(SevenZArchiveEntry member) {
        int attributes = member.getHasWindowsAttributes() ? member.getWindowsAttributes() : 0;
        return (attributes & UNIX_MODE) != 0 ? attributes >>> 16 : 0;
    }

    /** The content of the member that the archive stands at; the library compares its CRC at the end. */
    private static final class Content extends InputStream {
        private final SevenZFile archive;

        Content(SevenZFile archive) {
            this.archive = archive;
        }

        @Override
        public int read() throws IOException {
            return archive.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return archive.read(target, offset, length);
        }
    }
}
