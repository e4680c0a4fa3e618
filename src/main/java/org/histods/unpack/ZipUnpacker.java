package org.histods.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.histods.concurrent.Parallel;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.WindowedChannel;
import org.jspecify.annotations.Nullable;

/**
 * Unpacks a zip: reads the directory, checks every entry, and only then writes, in the order of the entries in the
 * archive, so that an archive that is still being downloaded is read forwards. Symbolic links come last.
 */
final class ZipUnpacker {

    private static final long MAX_LINK_BYTES = 4096;

    private record Placed(ZipEntryRecord entry, FilePath path) {}

    /** Allowance for bytes around the content of an entry, such as a data descriptor or fields of the local header. */
    private static final int AROUND = 512;

    private final ArchiveErrors errors;
    private final UnpackOptions options;
    private final EntryValidator validator;
    private final List<Placed> placed = new ArrayList<>();
    private final List<ZipEntryRecord> symbolicLinks = new ArrayList<>();
    private final Map<String, FilePath> linkPaths = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private List<ZipEntryRecord> entries = List.of();
    private long size;
    private long directory;

    ZipUnpacker(UnpackOptions options, ArchiveErrors errors) throws Problem {
        this.options = options;
        this.errors = errors;
        this.validator = new EntryValidator(errors, options, false);
    }

    /**
     * Unpacks what {@link #validate} found.
     *
     * @param job with the options that were given to the constructor
     */
    UnpackedTree unpack(UnpackJob job, int threads) throws Problem {
        UnpackLimits limits = new UnpackLimits(errors, options.limits(), () -> size);
        announce(job, placed.stream().map(Placed::entry).toList());
        refuseIfTooLarge(job.root());
        AtomicInteger next = new AtomicInteger();
        // Written entries are no longer needed, unless a link leads to them.
        @Nullable Placed[] left = placed.toArray(new Placed[0]);
        placed.clear();
        if (symbolicLinks.isEmpty()) {
            entries = List.of();
        }
        int workers = Math.min(threads, left.length);
        List<UnpackedFile> files = new ArrayList<>(left.length);
        Parallel.map(
                        workers,
                        Collections.nCopies(workers, next),
                        n -> write(job, left, n, job.writer(limits, validator)))
                .forEach(files::addAll);
        if (!linkPaths.isEmpty()) {
            files.addAll(copyLinks(job, job.writer(limits, validator)));
        }
        return new UnpackedTree(job.root(), files, validator.skipped(), notes);
    }

    /** A disk that cannot hold the files is not filled first. */
    private void refuseIfTooLarge(Path root) throws Problem {
        long needed =
                placed.stream().mapToLong(one -> one.entry().entry().bytes()).sum();
        try {
            long free = Files.getFileStore(root).getUsableSpace();
            if (needed > free) {
                throw errors.tooLarge(needed, free, root);
            }
        } catch (IOException e) {
            // Writing fails then.
            return;
        }
    }

    /** Reads the directory and checks every entry; all faults are reported in one problem. */
    void validate(ArchiveSource archive) throws Problem {
        EntryNameDecoder names = EntryNameDecoder.ofZip(options.charset());
        ZipDirectory reader = new ZipDirectory(errors, names, options.limits().entries());
        try (WindowedChannel channel = new WindowedChannel(UnpackJob.open(archive, errors))) {
            size = channel.size();
            entries = reader.read(channel, archive);
            directory = reader.start();
            names.note().ifPresent(notes::add);
        } catch (IOException e) {
            throw errors.reading(null, e);
        }
        long total = 0;
        Set<ZipEntryRecord> repeated = repeated(entries);
        if (!repeated.isEmpty()) {
            int count = repeated.size();
            notes.add((count == 1 ? "1 file is" : count + " files are")
                    + " in it twice with the same content, such as '"
                    + FilePath.printable(repeated.iterator().next().entry().name()) + "'; one is used");
            entries =
                    entries.stream().filter(entry -> !repeated.contains(entry)).toList();
        }
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
        new UnpackLimits(errors, options.limits(), () -> size).check(total);
        for (Placed one : placed) {
            refuseIfBlocked(one.entry());
        }
        validator.forgetPaths();
        placed.sort(Comparator.comparingLong(p -> p.entry().offset()));
    }

    /**
     * Files that are in the zip again under the same name and with the same size and CRC-32: which one is used makes no
     * difference. Two of one name and different content stay a fault, because programs disagree on which one counts.
     */
    private static Set<ZipEntryRecord> repeated(List<ZipEntryRecord> entries) {
        long[] keys = entries.stream().mapToLong(ZipUnpacker::key).sorted().toArray();
        Set<Long> several = new HashSet<>();
        for (int i = 1; i < keys.length; i++) {
            if (keys[i] == keys[i - 1]) {
                several.add(keys[i]);
            }
        }
        Set<ZipEntryRecord> repeated = Collections.newSetFromMap(new IdentityHashMap<>());
        if (several.isEmpty()) {
            return repeated;
        }
        Map<String, ZipEntryRecord> first = new HashMap<>();
        for (ZipEntryRecord entry : entries) {
            if (entry.entry().type() == RawEntry.Type.FILE && several.contains(key(entry))) {
                ZipEntryRecord before =
                        first.putIfAbsent(EntryValidator.normalize(entry.entry().name()), entry);
                if (before != null
                        && before.crc() == entry.crc()
                        && before.entry().bytes() == entry.entry().bytes()) {
                    repeated.add(entry);
                }
            }
        }
        return repeated;
    }

    private static long key(ZipEntryRecord entry) {
        return (long) EntryValidator.normalize(entry.entry().name()).hashCode() << 32
                ^ entry.crc()
                ^ Long.reverse(entry.entry().bytes());
    }

    /** The files and symbolic links that will be written, with their paths, in the order of the archive. */
    List<ZipContents.Member> members() {
        List<ZipContents.Member> members = new ArrayList<>();
        for (Placed one : placed) {
            members.add(member(one.entry(), one.path()));
        }
        for (ZipEntryRecord link : symbolicLinks) {
            FilePath path = linkPaths.get(link.entry().name());
            if (path != null) {
                members.add(member(link, path));
            }
        }
        return members;
    }

    private static ZipContents.Member member(ZipEntryRecord entry, FilePath path) {
        return new ZipContents.Member(
                path,
                entry.entry().name(),
                entry.entry().bytes(),
                entry.packed(),
                entry.crc(),
                entry.executable(),
                entry.entry().type() == RawEntry.Type.SYMBOLIC_LINK);
    }

    /** Where the bytes are that are needed to unpack, sorted; without those that symbolic links lead to. */
    List<long[]> ranges() {
        List<ZipEntryRecord> read =
                new ArrayList<>(placed.stream().map(Placed::entry).toList());
        if (!linkPaths.isEmpty()) {
            read.addAll(symbolicLinks);
        }
        return ranges(read);
    }

    private void announce(UnpackJob job, List<ZipEntryRecord> read) throws Problem {
        errors.read(null, () -> {
            job.archive().willRead(() -> ranges(read));
            return true;
        });
    }

    /**
     * The ranges of entries, sorted. How long a local header is stands in that header only, so each range goes up to the
     * next entry, or a little beyond the content if that is nearer.
     */
    private List<long[]> ranges(List<ZipEntryRecord> some) {
        long[] starts = LongStream.concat(entries.stream().mapToLong(ZipEntryRecord::offset), LongStream.of(directory))
                .sorted()
                .toArray();
        List<ZipEntryRecord> inOrder = new ArrayList<>(some);
        inOrder.sort(Comparator.comparingLong(ZipEntryRecord::offset));
        List<long[]> ranges = new ArrayList<>();
        for (ZipEntryRecord entry : inOrder) {
            int next = Arrays.binarySearch(starts, entry.offset()) + 1;
            long end = Math.min(next < starts.length ? starts[next] : size, entry.end() + AROUND);
            ranges.add(new long[] {entry.offset(), Math.max(end, entry.end())});
        }
        return ranges;
    }

    private void refuseIfBlocked(ZipEntryRecord entry) throws Problem {
        if (entry.blocker() != null) {
            throw errors.unsupported(entry.entry().name(), entry.blocker(), null);
        }
    }

    /** Writes entries until none is left, all from one channel. */
    private List<UnpackedFile> write(UnpackJob job, @Nullable Placed[] left, AtomicInteger next, EntryWriter writer)
            throws Problem {
        List<UnpackedFile> files = new ArrayList<>();
        try (ZipEntryReader reader = new ZipEntryReader(new ChannelInputStream(job.open()))) {
            for (int i = next.getAndIncrement(); i < left.length; i = next.getAndIncrement()) {
                Placed one = Objects.requireNonNull(left[i]);
                left[i] = null;
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
    private List<UnpackedFile> copyLinks(UnpackJob job, EntryWriter writer) throws Problem {
        EntryLinks links = new EntryLinks(validator);
        Map<String, ZipEntryRecord> byName = new HashMap<>();
        for (ZipEntryRecord entry : entries) {
            if (entry.entry().type() == RawEntry.Type.FILE) {
                byName.put(EntryValidator.normalize(entry.entry().name()), entry);
            }
        }
        List<UnpackedFile> files = new ArrayList<>();
        announce(job, symbolicLinks);
        try (ZipEntryReader reader = new ZipEntryReader(new ChannelInputStream(job.open()))) {
            for (ZipEntryRecord link : symbolicLinks) {
                String name = link.entry().name();
                links.addSymbolic(name, linkPaths.get(name), target(link, reader));
            }
            Map<String, List<EntryLinks.Link>> copies = links.copies(byName.keySet());
            validator.refuseIfFaulty();
            long copied = 0;
            for (Map.Entry<String, List<EntryLinks.Link>> copy : copies.entrySet()) {
                ZipEntryRecord original = Objects.requireNonNull(byName.get(copy.getKey()));
                copied += copy.getValue().size() * original.entry().bytes();
            }
            validator.refuseIfCopiesAreTooMany(
                    copied,
                    byName.values().stream().mapToLong(e -> e.entry().bytes()).sum());
            announce(
                    job,
                    copies.keySet().stream()
                            .map(byName::get)
                            .map(Objects::requireNonNull)
                            .toList());
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
