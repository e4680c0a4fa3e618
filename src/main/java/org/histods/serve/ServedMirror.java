package org.histods.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamp;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.index.ContentIndex;

/**
 * The part of a mirror that may be sent: the files that the records of its bags list, and nothing else. A file that somebody
 * put into a bag, or a link that leads out of it, is not sent. Safe for use by several threads.
 */
public final class ServedMirror implements AutoCloseable {

    /** To read 64 MB takes as long as to read the stamps of 100,000 files. */
    private static final long LARGE = 64L << 20;

    /** Some hundred bytes each. */
    private static final int MOST_READ = 200_000;

    private static final Set<String> UNLISTED = Set.of("bagit.txt", "tagmanifest-sha256.txt");

    private final Mirror mirror;
    private final Predicate<BagRef> allowed;
    private final ContentIndex index;
    private long refreshed = System.nanoTime() - TimeUnit.SECONDS.toNanos(1);

    /** @param allowed whether a bag may be sent to those who can reach the server */
    public ServedMirror(Mirror mirror, Predicate<BagRef> allowed) {
        this.mirror = mirror;
        this.allowed = allowed;
        this.index = new ContentIndex(mirror);
    }

    /** Files that were read lately, as they were then; guarded by itself. */
    private final Map<Path, ServedFile> read = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, ServedFile> eldest) {
            return size() > MOST_READ;
        }
    };

    /** The bags that may be sent and can be read, sorted by id and version. */
    public List<Bag> bags() {
        return read(mirror.bags());
    }

    /** The same of one dataset, sorted by version. */
    List<Bag> bags(DatasetId dataset) {
        return read(mirror.bags(dataset));
    }

    private List<Bag> read(List<BagRef> refs) {
        List<Bag> bags = new ArrayList<>();
        for (BagRef ref : refs) {
            read(ref).ifPresent(bags::add);
        }
        return bags;
    }

    private Optional<Bag> read(BagRef ref) {
        try {
            return allowed.test(ref) ? Optional.of(Bag.read(ref)) : Optional.empty();
        } catch (Problem damagedOrGone) {
            return Optional.empty();
        }
    }

    /**
     * Checks that the mirror can be read.
     *
     * @throws Problem {@code USAGE} or {@code DISK} if it cannot
     */
    void check() throws Problem {
        mirror.check();
    }

    /** The bag with that id and version as they are written in a URL; empty if there is none. */
    Optional<Bag> bag(String id, String version) {
        DatasetId dataset = DatasetId.of(id).orElse(null);
        DatasetVersion wanted = DatasetVersion.of(version).orElse(null);
        return dataset == null || wanted == null
                ? Optional.empty()
                : mirror.bags(dataset).stream()
                        .filter(ref -> ref.version().equals(wanted))
                        .findFirst()
                        .flatMap(this::read);
    }

    /** The file of a bag with that path from the bag's folder; empty if the bag's record does not list it. */
    Optional<ServedFile> file(Bag bag, FilePath path) throws Problem {
        Path file = bag.ref().path().resolve(path.text());
        if (!inside(bag.ref(), file) || !listed(bag, path.text())) {
            return Optional.empty();
        }
        try {
            FileStamp stamp = FileStamp.of(file);
            String tag = bag.fingerprint().hex().substring(0, 16) + "." + Files.size(file) + "."
                    + Files.getLastModifiedTime(file).toMillis();
            return Optional.of(new ServedFile(file, tag, false, stamp));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    /** Whether it is a regular file, and no link on the way leads out of the bag. */
    private static boolean inside(BagRef bag, Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    && file.toRealPath()
                            .equals(bag.path().toRealPath().resolve(bag.path().relativize(file)));
        } catch (IOException gone) {
            return false;
        }
    }

    private boolean listed(Bag bag, String path) throws Problem {
        if (UNLISTED.contains(path)) {
            return true;
        }
        if (path.startsWith("data/")) {
            return ContentIndex.lists(bag.ref(), new FilePath(path.substring("data/".length())));
        }
        return bag.tagFiles().containsKey(path);
    }

    /** A file of some bag with that SHA-256; empty if there is none. */
    Optional<ServedFile> content(Checksum sha256) throws Problem {
        Optional<ServedFile> known = first(sha256);
        return known.isPresent() || !refreshed() ? known : first(sha256);
    }

    private Optional<ServedFile> first(Checksum sha256) throws Problem {
        List<ContentIndex.Occurrence> places;
        synchronized (index) {
            places = index.find(sha256);
        }
        for (ContentIndex.Occurrence place : places) {
            Path file = place.bag().data().resolve(place.path().text());
            if (allowed.test(place.bag()) && inside(place.bag(), file)) {
                Optional<ServedFile> served = right(place, file, sha256);
                if (served.isPresent()) {
                    return served;
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The file if it still has that content: it is read if it was not read since it last changed. A large file, which a client
     * would wait for, is not read if its stamp is the one of its correct content.
     */
    private Optional<ServedFile> right(ContentIndex.Occurrence place, Path file, Checksum sha256) throws Problem {
        try {
            ServedFile served = new ServedFile(file, sha256.hex(), true, FileStamp.of(file));
            synchronized (read) {
                if (served.equals(read.get(file))) {
                    return Optional.of(served);
                }
            }
            boolean right = (Files.size(file) >= LARGE && stamped(place))
                    || Hasher.sha256(file).equals(sha256);
            if (!right || !served.stamp().equals(FileStamp.of(file))) {
                return Optional.empty();
            }
            synchronized (read) {
                read.put(file, served);
            }
            return Optional.of(served);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private boolean stamped(ContentIndex.Occurrence place) {
        return mirror.stamps(place.bag())
                .touched(FileStamps.look(place.bag().data(), List.of(place.path())))
                .filter(List::isEmpty)
                .isPresent();
    }

    /** Adds new bags to the index, at most once a second, so that requests for unknown content stay cheap. */
    private boolean refreshed() throws Problem {
        synchronized (index) {
            long now = System.nanoTime();
            if (now - refreshed < TimeUnit.SECONDS.toNanos(1)) {
                return false;
            }
            index.refresh();
            refreshed = System.nanoTime();
            return true;
        }
    }

    @Override
    public void close() {
        index.close();
    }
}
