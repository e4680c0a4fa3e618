package org.histods.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.histods.concurrent.Parallel;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.WindowedChannel;

/**
 * Unpacks a zip: reads the directory, checks every entry, and only then writes, in the order of the entries in the
 * archive, so that an archive that is still being downloaded is read forwards. Symbolic links come last.
 */
final class ZipUnpacker {

    private static final long MAX_LINK_BYTES = 4096;

    private record Placed(ZipEntryRecord entry, FilePath path) {}

    private final UnpackJob job;
    private final ArchiveErrors errors;
    private final EntryValidator validator;
    private final List<Placed> placed = new ArrayList<>();
    private final List<ZipEntryRecord> symbolicLinks = new ArrayList<>();
    private final Map<String, FilePath> linkPaths = new HashMap<>();
    private List<ZipEntryRecord> entries = List.of();
    private long size;

    ZipUnpacker(UnpackJob job) throws Problem {
        this.job = job;
        this.errors = job.errors();
        this.validator = new EntryValidator(errors, job.options(), false);
    }

    UnpackedTree unpack(int threads) throws Problem {
        validate();
        UnpackLimits limits = new UnpackLimits(errors, job.options().limits(), () -> size);
        AtomicInteger next = new AtomicInteger();
        int workers = Math.min(threads, placed.size());
        List<UnpackedFile> files = new ArrayList<>(placed.size());
        Parallel.map(workers, Collections.nCopies(workers, next), n -> write(n, job.writer(limits, validator)))
                .forEach(files::addAll);
        if (!linkPaths.isEmpty()) {
            files.addAll(copyLinks(job.writer(limits, validator)));
        }
        return new UnpackedTree(job.root(), files, validator.skipped());
    }

    private void validate() throws Problem {
        EntryNameDecoder names = EntryNameDecoder.in(job.options().charset());
        try (WindowedChannel channel = new WindowedChannel(job.open())) {
            size = channel.size();
            entries = new ZipDirectory(errors, names, job.options().limits().entries()).read(channel);
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
        long total = 0;
        for (ZipEntryRecord entry : entries) {
            FilePath path = validator.validate(entry.entry());
            if (entry.entry().type() == RawEntry.Type.SYMBOLIC_LINK) {
                symbolicLinks.add(entry);
                if (path != null) {
                    linkPaths.put(entry.entry().name(), path);
                }
            } else if (path != null) {
                placed.add(new Placed(entry, path));
            }
            total = total > Long.MAX_VALUE - entry.entry().bytes()
                    ? Long.MAX_VALUE
                    : total + entry.entry().bytes();
        }
        ZipDirectory.faultOverlaps(entries, size, validator);
        validator.refuseIfFaulty();
        validator.refuseIfEmpty();
        new UnpackLimits(errors, job.options().limits(), () -> size).check(total);
        for (Placed one : placed) {
            refuseIfBlocked(one.entry());
        }
        placed.sort(Comparator.comparingLong(p -> p.entry().offset()));
    }

    private void refuseIfBlocked(ZipEntryRecord entry) throws Problem {
        if (entry.blocker() != null) {
            throw errors.unsupported(entry.entry().name(), entry.blocker(), null);
        }
    }

    /** Writes entries until none is left, all from one channel. */
    private List<UnpackedFile> write(AtomicInteger next, EntryWriter writer) throws Problem {
        List<UnpackedFile> files = new ArrayList<>();
        try (ZipEntryReader reader = new ZipEntryReader(new ChannelInputStream(job.open()))) {
            for (int i = next.getAndIncrement(); i < placed.size(); i = next.getAndIncrement()) {
                Placed one = placed.get(i);
                write(one.entry(), one.path(), one.entry().entry().name(), reader, writer)
                        .ifPresent(files::add);
            }
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
        return files;
    }

    private Optional<UnpackedFile> write(
            ZipEntryRecord entry, FilePath path, String name, ZipEntryReader reader, EntryWriter writer)
            throws Problem {
        CheckedInputStream content = new CheckedInputStream(errors.read(name, () -> reader.open(entry)), new CRC32());
        Optional<UnpackedFile> file =
                writer.write(content, path, name, entry.entry().bytes(), entry.executable());
        if (content.getChecksum().getValue() != entry.crc()) {
            throw errors.refused(name, "its CRC-32 does not match");
        }
        return file;
    }

    /** Writes the files that symbolic links lead to under the names of the links. */
    private List<UnpackedFile> copyLinks(EntryWriter writer) throws Problem {
        EntryLinks links = new EntryLinks(validator);
        Map<String, ZipEntryRecord> byName = new HashMap<>();
        for (ZipEntryRecord entry : entries) {
            if (entry.entry().type() == RawEntry.Type.FILE) {
                byName.put(EntryValidator.normalize(entry.entry().name()), entry);
            }
        }
        List<UnpackedFile> files = new ArrayList<>();
        try (ZipEntryReader reader = new ZipEntryReader(new ChannelInputStream(job.open()))) {
            for (ZipEntryRecord link : symbolicLinks) {
                String name = link.entry().name();
                links.addSymbolic(name, linkPaths.get(name), target(link, reader));
            }
            Map<String, List<EntryLinks.Link>> copies = links.copies(byName.keySet());
            validator.refuseIfFaulty();
            for (Map.Entry<String, List<EntryLinks.Link>> copy : copies.entrySet()) {
                ZipEntryRecord original = Objects.requireNonNull(byName.get(copy.getKey()));
                refuseIfBlocked(original);
                for (EntryLinks.Link link : copy.getValue()) {
                    write(original, Objects.requireNonNull(link.path()), link.name(), reader, writer)
                            .ifPresent(files::add);
                }
            }
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
        return files;
    }

    private String target(ZipEntryRecord link, ZipEntryReader reader) throws Problem {
        String name = link.entry().name();
        refuseIfBlocked(link);
        if (link.entry().bytes() > MAX_LINK_BYTES) {
            throw errors.refused(
                    name,
                    "it is a symbolic link with a target of "
                            + ArchiveErrors.bytes(link.entry().bytes()));
        }
        byte[] target = errors.read(name, () -> reader.open(link).readNBytes((int) MAX_LINK_BYTES));
        return new String(target, StandardCharsets.UTF_8);
    }
}
