package org.histods.provenance;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * From content back to where the mirror has it. One file per bag beside the bags, made when a bag is published or when
 * it is first wanted; it is never trusted further than the bag's own record, and can be deleted at any time.
 *
 * <p>Empty files are not in it: all of them are alike, and say nothing of where they come from.
 */
public final class ContentIndex implements AutoCloseable {

    private final Mirror mirror;
    private final Consumer<String> talk;
    private final Map<String, Opened> opened = new TreeMap<>();
    private boolean fresh;
    private @Nullable Set<Long> kept;

    public ContentIndex(Mirror mirror) {
        this(mirror, line -> {});
    }

    /** @param talk told what takes long, and what could not be kept */
    public ContentIndex(Mirror mirror, Consumer<String> talk) {
        this.mirror = mirror;
        this.talk = talk;
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
     * @param member its name in the fetched archive, null where it is the fetched file itself
     * @param fetch what the receipts say of the fetched file, null if they say nothing of it
     */
    public record Coming(@Nullable String member, @Nullable FetchRecord fetch) {}

    private record Opened(BagRef bag, IndexFile file) {}

    /**
     * Makes what is missing or stale of the index; cheap where nothing changed.
     *
     * @throws Problem if the record of a bag cannot be read or contradicts itself; all others are refreshed before, and
     *     what is asked afterwards is answered from those
     */
    public synchronized void refresh() throws Problem {
        mirror.check();
        fresh = true;
        Problem first = null;
        Set<String> there = new HashSet<>();
        for (BagRef bag : mirror.bags()) {
            there.add(name(bag));
            try {
                refresh(bag);
            } catch (Problem p) {
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    throw p;
                }
                first = first == null ? p : first;
            }
        }
        for (String gone : List.copyOf(opened.keySet())) {
            if (!there.contains(gone)) {
                close(gone);
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /**
     * Makes the index of a bag that was just published. An index only spares time, so one that cannot be written is
     * left to whoever asks.
     */
    public void add(BagRef bag) {
        try {
            make(bag, mirror.index(bag.id(), bag.version()));
        } catch (IOException | Problem e) {
            return;
        }
    }

    private static String name(BagRef bag) {
        return bag.id() + "@" + bag.version();
    }

    private void close(String name) {
        Opened old = opened.remove(name);
        if (old != null) {
            try {
                old.file.close();
            } catch (IOException e) {
                // It was only read.
                return;
            }
        }
    }

    private void refresh(BagRef bag) throws Problem {
        close(name(bag));
        try {
            byte[] key = IndexWriter.key(bag.path());
            opened.put(name(bag), new Opened(bag, open(bag, key)));
        } catch (IOException e) {
            if (!Files.exists(bag.path())) {
                return;
            }
            throw unreadable(bag, e);
        }
    }

    private static Problem unreadable(BagRef bag, IOException e) {
        return new Problem(
                Problem.Kind.DISK,
                Problem.because("cannot look into " + bag.id() + " " + bag.version(), e),
                "`histods verify " + bag.id() + "` looks at the whole bag",
                List.of(),
                e);
    }

    private IndexFile open(BagRef bag, byte[] key) throws IOException, Problem {
        Path file = mirror.index(bag.id(), bag.version());
        try {
            return IndexFile.open(file, key);
        } catch (IOException e) {
            talk.accept("indexing " + bag.id() + " " + bag.version());
        }
        try {
            make(bag, file);
            return IndexFile.open(file, key);
        } catch (IOException e) {
            return unkept(bag, key, e);
        }
    }

    /** Without a name as soon as it is open, so that nothing stays behind. */
    private IndexFile unkept(BagRef bag, byte[] key, IOException cause) throws IOException, Problem {
        if (Thread.currentThread().isInterrupted() || cause instanceof ClosedByInterruptException) {
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted");
        }
        talk.accept(Problem.because("the index of " + bag.id() + " cannot be kept in the mirror", cause)
                + "; it is made for this run only");
        Path temporary = Files.createTempFile("histods-index", ".tmp");
        try {
            new IndexWriter(bag.path()).write(temporary, temporary.resolveSibling(""));
            return IndexFile.open(temporary, key);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void make(BagRef bag, Path file) throws IOException, Problem {
        Path folder = Files.createDirectories(file.resolveSibling(""));
        Path making = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            new IndexWriter(bag.path()).write(making, folder);
            Files.move(making, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(making);
        }
    }

    /** What is asked of the index of one bag. */
    private interface Question<T> {
        T of(Opened one) throws IOException, Problem;
    }

    /** Asks every bag; an index that turns out to be damaged is made anew. */
    private synchronized <T> List<T> ask(Question<List<T>> question) throws Problem {
        if (!fresh) {
            refresh();
        }
        List<T> all = new ArrayList<>();
        for (String name : List.copyOf(opened.keySet())) {
            all.addAll(ask(name, question));
        }
        return all;
    }

    private <T> List<T> ask(String name, Question<List<T>> question) throws Problem {
        Opened one = opened.get(name);
        try {
            return one == null ? List.of() : question.of(one);
        } catch (IOException e) {
            return again(one.bag, question, e);
        }
    }

    private <T> List<T> again(BagRef bag, Question<List<T>> question, IOException cause) throws Problem {
        if (!Files.exists(bag.path())) {
            close(name(bag));
            return List.of();
        }
        try {
            if (cause instanceof IndexFile.Damaged) {
                Files.deleteIfExists(mirror.index(bag.id(), bag.version()));
            }
            refresh(bag);
            Opened now = opened.get(name(bag));
            return now == null ? List.of() : question.of(now);
        } catch (IOException e) {
            throw unreadable(bag, e);
        }
    }

    /** Every place in the mirror that holds these bytes, sorted; empty if none does. */
    public List<Place> find(Checksum sha256) throws Problem {
        return ask(one -> {
            List<Place> places = new ArrayList<>();
            try (RandomAccessFile manifest = manifest(one.bag)) {
                for (Locator at : locators(one, sha256)) {
                    String line = at.receipt() > 0 ? "" : line(manifest, at, sha256);
                    if (line.startsWith(sha256.hex())) {
                        places.add(new Place(one.bag, new FilePath(Bag.pathIn(line))));
                    }
                }
            }
            return places;
        });
    }

    private static RandomAccessFile manifest(BagRef bag) throws IOException {
        return new RandomAccessFile(bag.path().resolve("manifest-sha256.txt").toFile(), "r");
    }

    private static List<Locator> locators(Opened one, Checksum sha256) throws IOException {
        if (sha256.algorithm() != Algorithm.SHA256) {
            throw new IllegalArgumentException("files are known by their sha256, not by " + sha256);
        }
        return one.file.find(IndexFile.CONTENT, IndexWriter.prefix(sha256.hex())).stream()
                .map(record -> Locator.of(record[2]))
                .toList();
    }

    private static String line(RandomAccessFile manifest, Locator at, Checksum sha256) throws IOException {
        String line = Lines.at(manifest, at.offset());
        if (!line.startsWith(sha256.hex().substring(0, 16))) {
            throw new IndexFile.Damaged("the manifest does not say what the index says");
        }
        return line;
    }

    /** Every archive of these bytes that a bag in the mirror was unpacked from; empty if there is none. */
    public List<Original> originals(Checksum sha256) throws Problem {
        return ask(one -> {
            List<Original> originals = new ArrayList<>();
            for (Locator at : locators(one, sha256)) {
                FetchRecord fetch = at.receipt() == 0 ? null : new RecordLookup(one.bag).fetch(at);
                if (fetch != null && fetch.sha256().equals(sha256.hex())) {
                    originals.add(new Original(one.bag, fetch));
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
        return !ask(one -> one.file.find(IndexFile.SIZES, bytes)).isEmpty()
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
        List<Coming> coming;
        synchronized (this) {
            coming = ask(name(place.bag()), one -> {
                RecordLookup.Origin origin =
                        new RecordLookup(one.bag).origin(place.path()).orElse(null);
                return origin == null ? List.of() : List.of(new Coming(origin.member(), fetch(one, origin.fetch())));
            });
        }
        return coming.stream().findFirst();
    }

    private static @Nullable FetchRecord fetch(Opened one, String id) throws IOException, Problem {
        for (long[] record : one.file.find(IndexFile.FETCHES, IndexWriter.fetchKey(id))) {
            return new RecordLookup(one.bag).fetch(Locator.of(record[1]));
        }
        return null;
    }

    @Override
    public synchronized void close() {
        List.copyOf(opened.keySet()).forEach(this::close);
        fresh = false;
    }
}
