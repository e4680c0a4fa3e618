package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.Codec;
import org.histods.unpack.stream.WindowedChannel;
import org.jspecify.annotations.Nullable;

/** Unpacks a 7z: checks every entry of its directory, then writes in one pass, as entries share packed streams. */
final class SevenZUnpacker {

    /** 7-Zip on Unix sets this bit and keeps the mode in the upper half. */
    private static final int UNIX_MODE = 0x8000;

    private static final int REPARSE_POINT = 0x400;
    private static final int MAX_LINK_BYTES = 4096;

    private final UnpackJob job;
    private final ArchiveErrors errors;
    private final EntryValidator validator;
    private final EntryLinks links;

    SevenZUnpacker(UnpackJob job) throws Problem {
        this.job = job;
        this.errors = job.errors();
        this.validator = new EntryValidator(errors, job.options(), false);
        this.links = new EntryLinks(validator);
    }

    UnpackedTree unpack() throws Problem {
        try (SeekableByteChannel channel = new WindowedChannel(job.open());
                SevenZFile archive = errors.read(null, () -> open(channel))) {
            List<RawEntry> entries = entries(archive);
            long size = channel.size();
            List<@Nullable FilePath> paths = validate(entries, size);
            UnpackLimits limits = new UnpackLimits(errors, job.options().limits(), () -> size);
            SequentialOutput output = new SequentialOutput(job.writer(limits, validator), links, validator);
            for (int i = 0; i < entries.size(); i++) {
                SevenZArchiveEntry entry = errors.read(null, archive::getNextEntry);
                unpack(archive, entries.get(i), paths.get(i), RawEntry.executable(mode(entry)), output);
            }
            Map<String, List<EntryLinks.Link>> missing = output.copyLinks();
            if (!missing.isEmpty()) {
                readAgain(missing, output);
            }
            return new UnpackedTree(job.root(), output.unpacked(), validator.skipped(), List.of());
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
    }

    private void unpack(
            SevenZFile archive, RawEntry entry, @Nullable FilePath path, boolean executable, SequentialOutput output)
            throws Problem {
        if (entry.type() == RawEntry.Type.FILE) {
            output.write(new Content(archive), entry, path, executable);
        } else if (entry.type() == RawEntry.Type.SYMBOLIC_LINK) {
            byte[] target = errors.read(entry.name(), () -> new Content(archive).readNBytes(MAX_LINK_BYTES + 1));
            links.addSymbolic(entry.name(), path, new String(target, StandardCharsets.UTF_8));
        }
    }

    private void readAgain(Map<String, List<EntryLinks.Link>> missing, SequentialOutput output)
            throws Problem, IOException {
        try (SevenZFile archive = open(new WindowedChannel(job.open()))) {
            for (RawEntry raw : entries(archive)) {
                SevenZArchiveEntry entry = errors.read(null, archive::getNextEntry);
                List<EntryLinks.Link> its = missing.get(EntryValidator.normalize(raw.name()));
                if (its != null && raw.type() == RawEntry.Type.FILE) {
                    output.writeTo(its, new Content(archive), raw.bytes(), RawEntry.executable(mode(entry)));
                }
            }
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
        for (SevenZArchiveEntry entry : archive.getEntries()) {
            String name = entry.getName() == null ? "" : entry.getName();
            entries.add(new RawEntry(name, type(entry), entry.hasStream() ? entry.getSize() : 0));
        }
        if (EntryNameDecoder.windowsSeparators(entries.stream().map(RawEntry::name))) {
            entries.replaceAll(e -> new RawEntry(e.name().replace('\\', '/'), e.type(), e.bytes()));
        }
        return entries;
    }

    private List<@Nullable FilePath> validate(List<RawEntry> entries, long size) throws Problem {
        List<@Nullable FilePath> paths = new ArrayList<>(entries.size());
        long total = 0;
        for (RawEntry entry : entries) {
            paths.add(validator.validate(entry));
            total = total > Long.MAX_VALUE - entry.bytes() ? Long.MAX_VALUE : total + entry.bytes();
        }
        validator.refuseIfFaulty();
        validator.refuseIfEmpty();
        new UnpackLimits(errors, job.options().limits(), () -> size).check(total);
        return paths;
    }

    private static RawEntry.Type type(SevenZArchiveEntry entry) {
        boolean reparse = entry.getHasWindowsAttributes() && (entry.getWindowsAttributes() & REPARSE_POINT) != 0;
        boolean unix = entry.getHasWindowsAttributes() && (entry.getWindowsAttributes() & UNIX_MODE) != 0;
        if (entry.isAntiItem() || (reparse && !unix)) {
            return RawEntry.Type.SPECIAL;
        }
        return RawEntry.type(mode(entry), entry.isDirectory());
    }

    private static int mode(SevenZArchiveEntry entry) {
        int attributes = entry.getHasWindowsAttributes() ? entry.getWindowsAttributes() : 0;
        return (attributes & UNIX_MODE) != 0 ? attributes >>> 16 : 0;
    }

    /** The content of the current entry; the library compares its CRC at the end. */
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
