package org.histods.provenance.index;

import java.io.IOException;
import java.io.RandomAccessFile;
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
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.LineOffsetReader;
import org.histods.provenance.index.OpenIndexes.Opened;
import org.jspecify.annotations.Nullable;

/**
 * From content back to where the mirror has it. One file per bag beside the bags, made when a bag is published or when
 * it is first wanted; it is never trusted further than the bag's own record, and can be deleted at any time.
 *
 * <p>Empty files are not in it: all of them are alike, and say nothing of where they come from.
 */
public final class ContentIndex implements AutoCloseable {

    private final Mirror mirror;
    private final OpenIndexes indexes;
    private @Nullable Set<Long> kept;

    public ContentIndex(Mirror mirror) {
        this(mirror, line -> {});
    }

    /** @param talk told what takes long, and what could not be kept */
    public ContentIndex(Mirror mirror, Consumer<String> talk) {
        this.mirror = mirror;
        this.indexes = new OpenIndexes(mirror, talk);
    }

    /** A file of a bag. */
    public record Place(BagRef bag, FilePath path) {}

    /**
     * An archive that a bag was unpacked from. The bag holds its members; the archive itself may be gone.
     *
     * @param fetch what the receipts say of it
     */
    public record Original(BagRef bag, FetchRecord fetch) {}

    /**
     * How a file of a bag came.
     *
     * @param entry its name in the fetched archive; null if it is the fetched file itself
     * @param fetch what the receipts say of the fetched file, null if they say nothing of it
     */
    public record Coming(@Nullable String entry, @Nullable FetchRecord fetch) {}

    /**
     * Makes what is missing or stale of the index; cheap where nothing changed.
     *
     * @throws Problem if the record of a bag cannot be read or contradicts itself; all others are refreshed before, and
     *     what is asked afterwards is answered from those
     */
    public void refresh() throws Problem {
        indexes.refresh();
    }

    /**
     * Makes the index of a bag that was just published. An index only spares time, so one that cannot be written is
     * left to whoever asks.
     */
    public void add(BagRef bag) {
        try {
            indexes.make(bag);
        } catch (IOException | Problem e) {
            return;
        }
    }

    /** Every place in the mirror that holds these bytes, sorted; empty if none does. */
    public List<Place> find(Checksum sha256) throws Problem {
        return indexes.ask(one -> {
            List<Place> places = new ArrayList<>();
            try (RandomAccessFile manifest = manifest(one.bag())) {
                for (RecordLocation at : locators(one, sha256)) {
                    String line = at.receipt() > 0 ? "" : line(manifest, at, sha256);
                    if (line.startsWith(sha256.hex())) {
                        places.add(new Place(one.bag(), new FilePath(Bag.pathIn(line))));
                    }
                }
            }
            return places;
        });
    }

    private static RandomAccessFile manifest(BagRef bag) throws IOException {
        return new RandomAccessFile(bag.path().resolve("manifest-sha256.txt").toFile(), "r");
    }

    private static List<RecordLocation> locators(Opened one, Checksum sha256) throws IOException {
        if (sha256.algorithm() != Algorithm.SHA256) {
            throw new IllegalArgumentException("files are known by their sha256, not by " + sha256);
        }
        return one.file().find(IndexReader.CONTENT, IndexWriter.prefix(sha256.hex())).stream()
                .map(record -> RecordLocation.of(record[2]))
                .toList();
    }

    private static String line(RandomAccessFile manifest, RecordLocation at, Checksum sha256) throws IOException {
        String line = LineOffsetReader.at(manifest, at.offset());
        if (!line.startsWith(sha256.hex().substring(0, 16))) {
            throw new IndexReader.Damaged("the manifest does not say what the index says");
        }
        return line;
    }

    /** Every archive of these bytes that a bag in the mirror was unpacked from; empty if there is none. */
    public List<Original> originals(Checksum sha256) throws Problem {
        return indexes.ask(one -> {
            List<Original> originals = new ArrayList<>();
            for (RecordLocation at : locators(one, sha256)) {
                FetchRecord fetch = at.receipt() == 0 ? null : new RecordLookup(one.bag()).fetch(at);
                if (fetch != null && fetch.sha256().equals(sha256.hex())) {
                    originals.add(new Original(one.bag(), fetch));
                }
            }
            return originals;
        });
    }

    /**
     * Whether some file in the mirror has that size; a file of another size need not be hashed. Archives that bags were
     * unpacked from count, and so do those that are kept.
     */
    public boolean hasSize(long bytes) throws Problem {
        if (bytes == 0) {
            return false;
        }
        return !indexes.ask(one -> one.file().find(IndexReader.SIZES, bytes)).isEmpty()
                || keptSizes().contains(bytes);
    }

    /** Archives are kept also of datasets that were removed since. */
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
                    throw new Problem(Problem.Kind.DISK, Problem.because("cannot look through " + folder, e));
                } catch (java.io.UncheckedIOException e) {
                    throw new Problem(
                            Problem.Kind.DISK,
                            Problem.because("cannot look through " + folder, Objects.requireNonNull(e.getCause())));
                }
            }
            kept = sizes;
        }
        return kept;
    }

    /** How the file at that place came, without reading the whole record; empty if the bag has no such file. */
    public Optional<Coming> coming(Place place) throws Problem {
        List<Coming> coming = indexes.ask(place.bag(), one -> {
            RecordLookup.Origin origin =
                    new RecordLookup(one.bag()).origin(place.path()).orElse(null);
            return origin == null ? List.of() : List.of(new Coming(origin.entry(), fetch(one, origin.fetch())));
        });
        return coming.stream().findFirst();
    }

    private static @Nullable FetchRecord fetch(Opened one, String id) throws IOException, Problem {
        for (long[] record : one.file().find(IndexReader.FETCHES, IndexWriter.fetchKey(id))) {
            return new RecordLookup(one.bag()).fetch(RecordLocation.of(record[1]));
        }
        return null;
    }

    @Override
    public void close() {
        indexes.close();
    }
}
