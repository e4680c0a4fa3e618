package org.histods.provenance.index;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.LineOffsetReader;
import org.histods.provenance.ManifestLine;
import org.histods.provenance.index.OpenIndexes.Opened;
import org.jspecify.annotations.Nullable;

/**
 * Finds the files of the mirror with a given content. There is one index file for each bag, made when the bag is published
 * or when the index is first needed. Every match is confirmed in the bag's own record, so an index can be deleted at any time.
 *
 * <p>Empty files are not in it: they are all the same, so they do not show where they come from.
 */
public final class ContentIndex implements AutoCloseable {

    private final Mirror mirror;
    private final OpenIndexes indexes;
    private final SharedIndexes shared;
    private @Nullable Set<Long> kept;

    public ContentIndex(Mirror mirror) {
        this(mirror, line -> {});
    }

    /** @param messages receives messages: what takes long, and what could not be written */
    public ContentIndex(Mirror mirror, Consumer<String> messages) {
        this.mirror = mirror;
        this.indexes = new OpenIndexes(mirror, messages);
        this.shared = new SharedIndexes(mirror);
    }

    /** A file of a bag. */
    public record Occurrence(BagRef bag, FilePath path) {}

    /**
     * An archive that a bag was unpacked from. The bag holds its entries; the archive itself may be deleted.
     *
     * @param fetch its record in the receipts
     */
    public record Original(BagRef bag, FetchRecord fetch) {}

    /**
     * A file, or an archive, of a dataset in another mirror, as an imported index states it. This was not checked.
     *
     * @param path in the dataset's folder; of an archive at its source
     * @param license the terms of the dataset, in the words of that mirror's manifest
     * @param by the index that states it
     */
    public record Stated(
            DatasetId id,
            DatasetVersion version,
            String path,
            String license,
            boolean archive,
            SharedIndex.Statement by) {}

    /**
     * Where a file of a bag comes from.
     *
     * @param entry its name in the fetched archive; null if it is the fetched file itself
     * @param fetch the record of the fetched file, null if there is none
     */
    public record Origin(@Nullable String entry, @Nullable FetchRecord fetch) {}

    /**
     * Makes missing and stale indexes; cheap if nothing changed.
     *
     * @throws Problem if the record of a bag cannot be read or contradicts itself; all others are refreshed first, and
     *     later calls use those
     */
    public void refresh() throws Problem {
        indexes.refresh();
    }

    /**
     * Makes the index of a bag that was just published. An index only saves time, so one that cannot be written is
     * made when it is needed.
     */
    public void add(BagRef bag) {
        try {
            indexes.make(bag);
        } catch (IOException | Problem e) {
            return;
        }
    }

    /** The files of the mirror with these bytes, sorted; empty if there are none. */
    public List<Occurrence> find(Checksum sha256) throws Problem {
        return indexes.ask(one -> {
            List<Occurrence> places = new ArrayList<>();
            try (RandomAccessFile manifest = manifest(one.bag())) {
                for (RecordLocation at : locators(one, sha256)) {
                    String line = at.receipt() > 0 ? "" : line(manifest, at, sha256);
                    if (line.startsWith(sha256.hex())) {
                        places.add(new Occurrence(one.bag(), new FilePath(ManifestLine.pathInData(line))));
                    }
                }
            }
            return places;
        });
    }

    private static RandomAccessFile manifest(BagRef bag) throws IOException, Problem {
        Path file = Bag.file(bag.path().resolve("manifest-sha256.txt"));
        return new RandomAccessFile(file.toFile(), "r");
    }

    private static List<RecordLocation> locators(Opened one, Checksum sha256) throws IOException {
        if (sha256.algorithm() != Algorithm.SHA256) {
            throw new IllegalArgumentException("files are found by SHA-256, not by " + sha256);
        }
        return one.file().find(IndexReader.CONTENT, IndexWriter.prefix(sha256.hex())).stream()
                .map(record -> RecordLocation.of(record[2]))
                .toList();
    }

    private static String line(RandomAccessFile manifest, RecordLocation at, Checksum sha256) throws IOException {
        String line = LineOffsetReader.at(manifest, at.offset());
        if (!line.startsWith(sha256.hex().substring(0, 16))) {
            throw new IndexReader.Damaged("the index does not match the manifest");
        }
        return line;
    }

    /** The archives with these bytes that bags were unpacked from; empty if there are none. */
    public List<Original> originals(Checksum sha256) throws Problem {
        return indexes.ask(one -> {
            List<Original> originals = new ArrayList<>();
            for (RecordLocation at : locators(one, sha256)) {
                FetchRecord fetch = at.receipt() == 0 ? null : new BagRecordReader(one.bag()).fetch(at);
                if (fetch != null && fetch.sha256().equals(sha256.hex())) {
                    originals.add(new Original(one.bag(), fetch));
                }
            }
            return originals;
        });
    }

    /**
     * Whether a file in the mirror has that size; a file of another size need not be hashed. Includes archives that bags were
     * unpacked from, kept archives, and the files in imported indexes.
     */
    public boolean hasSize(long bytes) throws Problem {
        if (bytes == 0) {
            return false;
        }
        return !indexes.ask(one -> one.file().find(IndexReader.SIZES, bytes)).isEmpty()
                || keptSizes().contains(bytes)
                || shared.hasSize(bytes);
    }

    /** What imported indexes state about files with these bytes; empty if they have none. */
    public List<Stated> stated(Checksum sha256) throws Problem {
        return shared.find(sha256);
    }

    /** The bags that have a file of that size, or were unpacked from an archive of it. */
    public List<BagRef> bags(long bytes) throws Problem {
        return bytes == 0
                ? List.of()
                : indexes.ask(
                        one -> one.file().find(IndexReader.SIZES, bytes).isEmpty() ? List.of() : List.of(one.bag()));
    }

    /** The sizes of kept archives, which stay when their dataset is removed. */
    private synchronized Set<Long> keptSizes() throws Problem {
        if (kept == null) {
            Set<Long> sizes = new HashSet<>();
            Path folder = mirror.archives();
            if (Files.isDirectory(folder)) {
                try (Stream<Path> walk = Files.walk(folder)) {
                    for (Path file : walk.filter(Files::isRegularFile).toList()) {
                        sizes.add(Files.size(file));
                    }
                } catch (IOException e) {
                    throw new Problem(Problem.Kind.DISK, Problem.because("cannot read the folder " + folder, e));
                } catch (UncheckedIOException e) {
                    throw new Problem(
                            Problem.Kind.DISK,
                            Problem.because("cannot read the folder " + folder, Objects.requireNonNull(e.getCause())));
                }
            }
            kept = sizes;
        }
        return kept;
    }

    /** Where that file comes from, without reading the whole record; empty if the bag has no such file. */
    public Optional<Origin> origin(Occurrence place) throws Problem {
        List<Origin> origins = indexes.ask(place.bag(), one -> {
            BagRecordReader.Recorded origin =
                    new BagRecordReader(one.bag()).origin(place.path()).orElse(null);
            return origin == null ? List.of() : List.of(new Origin(origin.entry(), fetch(one, origin.fetch())));
        });
        return origins.stream().findFirst();
    }

    /** Whether the record of a bag lists a file of that path; needs no index. */
    public static boolean lists(BagRef bag, FilePath path) throws Problem {
        try {
            return new BagRecordReader(bag).origin(path).isPresent();
        } catch (IOException e) {
            throw OpenIndexes.unreadable(bag, e);
        }
    }

    private static @Nullable FetchRecord fetch(Opened one, String id) throws IOException, Problem {
        for (long[] record : one.file().find(IndexReader.FETCHES, IndexWriter.fetchKey(id))) {
            return new BagRecordReader(one.bag()).fetch(RecordLocation.of(record[1]));
        }
        return null;
    }

    @Override
    public void close() {
        indexes.close();
        shared.close();
    }
}
