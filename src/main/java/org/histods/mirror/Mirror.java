package org.histods.mirror;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.histods.quantity.Bytes;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The local mirror, and the only class that knows its names on disk. Opening one reads nothing and writes nothing; what
 * is asked of it reads, and the first writing makes the folder a mirror.
 *
 * <p>Everything in it is whole or absent: a bag that is there is whole, however its making was interrupted.
 */
public final class Mirror {

    /** The format of the layout that this program writes. */
    public static final int FORMAT = 1;

    /** The bytes that tell backup programs to leave the folder out (bford.info/cachedir). */
    private static final String TAG = """
        Signature: 8a477f597d28d172789f06886806bc55
        # This is a mirror of public datasets, made by histods. They can be pulled again.
        """;

    private static final String ASIDE = ".replaced-";
    private static final Duration OLD_PARTIAL = Duration.ofDays(7);
    private static final Duration OLD_STAGING = Duration.ofHours(24);

    private final Path root;
    private final Disk disk;
    private final Owner self;
    private final Clock clock;
    private final Locks locks;
    private final Claims claims;
    private final Journal journal;

    /**
     * The mirror in a folder that need not exist yet.
     *
     * @param self the process that works on it
     * @param locks whether locks are used
     */
    public Mirror(Path root, Owner self, boolean locks, Clock clock) {
        this(root, self, locks ? Locks.Mode.ON : Locks.Mode.OFF, clock, new Disk());
    }

    Mirror(Path root, Owner self, Locks.Mode mode, Clock clock, Disk disk) {
        this.root = root;
        this.disk = disk;
        this.self = self;
        this.clock = clock;
        this.locks = new Locks(root.resolve("locks"), disk, self, mode);
        this.claims = new Claims(root.resolve("partial"), disk, self, clock);
        this.journal = new Journal(root.resolve("journal.jsonl"), locks);
    }

    public Path root() {
        return root;
    }

    public Journal journal() {
        return journal;
    }

    /**
     * Refuses what is no folder, and a folder of a newer format.
     *
     * @throws Problem {@code USAGE} if there is something else under the folder's name, or if its format is newer than
     *     {@link #FORMAT}; {@code DISK}
     */
    public void check() throws Problem {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the mirror " + root + " is a file, not a folder",
                    "name a folder with --mirror, HISTODS_MIRROR or in the settings; one that is not there is made");
        }
        Path file = root.resolve("mirror.json");
        if (!Files.exists(file)) {
            return;
        }
        int format;
        try {
            format = new JsonMapper()
                    .readTree(Files.readString(file))
                    .path("format")
                    .asInt(0);
        } catch (IOException e) {
            throw Disk.problem("cannot read " + file, e);
        } catch (JacksonException e) {
            throw new Problem(Problem.Kind.DISK, file + " is damaged: " + e.getOriginalMessage());
        }
        if (format > FORMAT) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    root + " is a mirror of format " + format + "; this histods writes format " + FORMAT,
                    "use a newer histods, or another folder with --mirror");
        }
    }

    private void prepare() throws Problem {
        check();
        try {
            Files.createDirectories(root);
            if (!Files.exists(root.resolve("mirror.json"))) {
                disk.write(root.resolve("CACHEDIR.TAG"), TAG);
                disk.write(root.resolve("mirror.json"), "{\"format\":" + FORMAT + "}\n");
            }
        } catch (IOException e) {
            throw Disk.problem("cannot write the mirror " + root, e);
        }
    }

    /** All bags, sorted by id and version. */
    public List<BagRef> bags() {
        List<BagRef> bags = new ArrayList<>();
        for (String id : names(root.resolve("datasets"))) {
            bags.addAll(bags(id));
        }
        return bags;
    }

    /** The bags of one dataset, sorted by version. */
    public List<BagRef> bags(String id) {
        Path folder = root.resolve("datasets").resolve(id);
        for (String name : names(folder)) {
            int aside = name.startsWith(".") ? name.indexOf(ASIDE) : -1;
            if (aside > 1 && !Files.exists(folder.resolve(name.substring(1, aside)))) {
                putBack(folder.resolve(name.substring(1, aside)));
            }
        }
        return names(folder).stream()
                .filter(name -> !name.startsWith("."))
                .map(version -> new BagRef(id, version, folder.resolve(version)))
                .toList();
    }

    /** The id of the dataset in whose folder a path lies; empty where it lies elsewhere. */
    public Optional<String> datasetAt(Path path) {
        Path datasets;
        try {
            datasets = root.resolve("datasets").toRealPath();
        } catch (IOException e) {
            // There is no such folder, and so nothing lies in it.
            return Optional.empty();
        }
        boolean below = path.startsWith(datasets) && !path.equals(datasets);
        return below ? Optional.of(datasets.relativize(path).getName(0).toString()) : Optional.empty();
    }

    /** The bag of that name, empty if there is none. A bag that a crash left moved aside is put back first. */
    public Optional<BagRef> bag(String id, String version) {
        Path path = root.resolve("datasets").resolve(id).resolve(version);
        if (!Files.isDirectory(path)) {
            putBack(path);
        }
        return Files.isDirectory(path) ? Optional.of(new BagRef(id, version, path)) : Optional.empty();
    }

    private void putBack(Path path) {
        Path folder = path.getParent();
        if (folder == null) {
            return;
        }
        String aside = "." + path.getFileName() + ASIDE;
        for (String name : names(folder)) {
            if (name.startsWith(aside)) {
                try {
                    disk.move(folder.resolve(name), path);
                    return;
                } catch (IOException e) {
                    // Somebody else put it back, or is replacing it right now: then it is there again in a moment.
                    return;
                }
            }
        }
    }

    private static List<String> names(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(p -> String.valueOf(p.getFileName())).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** A new folder to make a bag in. The caller closes it. */
    public Staging stage() throws Problem {
        prepare();
        Path folder = root.resolve("staging").resolve(UUID.randomUUID().toString());
        try {
            Files.createDirectories(folder.resolve("bag").resolve("data"));
            disk.write(folder.resolve(Claims.OWNER), self.text());
            return new Staging(folder, this, disk);
        } catch (IOException e) {
            throw Disk.problem("cannot write the mirror " + root, e);
        }
    }

    BagRef replace(Path made, String id, String version) throws IOException {
        Path folder = root.resolve("datasets").resolve(id);
        Path target = folder.resolve(version);
        for (int attempt = 0; ; attempt++) {
            disk.makeFolder(folder);
            Path aside = folder.resolve("." + version + ASIDE + UUID.randomUUID());
            moveAside(target, aside);
            try {
                disk.move(made, target);
            } catch (IOException e) {
                boolean theirs = Files.exists(target);
                boolean swept = !Files.exists(folder);
                if (!theirs && Files.exists(aside)) {
                    disk.move(aside, target);
                }
                if ((!theirs && !swept) || attempt == Disk.RIVALS) {
                    throw e;
                }
                // Somebody else published one in between, put the old one back, or removed the last one and with it the
                // folder of the dataset: ours goes there all the same.
                throwAway(aside);
                continue;
            }
            disk.force(folder);
            throwAway(aside);
            return new BagRef(id, version, target);
        }
    }

    /** Deletes a bag that was moved aside; out of the way first, so that a half-deleted one is never put back. */
    private void throwAway(Path aside) throws IOException {
        if (Files.exists(aside)) {
            Path away = Files.createDirectories(root.resolve("staging"))
                    .resolve(UUID.randomUUID().toString());
            disk.move(aside, away);
            disk.deleteAll(away);
        }
    }

    private void moveAside(Path target, Path aside) throws IOException {
        try {
            if (Files.exists(target)) {
                disk.move(target, aside);
            }
        } catch (NoSuchFileException e) {
            // Somebody else moved it aside a moment ago.
            return;
        }
    }

    /**
     * Claims the transfer of that name; see {@link Partial}.
     *
     * @param key letters, digits and dashes: a name of the content
     */
    public Partial claim(String key) throws Problem {
        prepare();
        return claims.claim(key);
    }

    /**
     * Waits for the lock of that name; close it to let it go.
     *
     * @throws Problem {@code BUSY} after {@code atMost}, naming the holder
     */
    public AutoCloseableLease lock(String name, Duration atMost, Consumer<String> waiting) throws Problem {
        prepare();
        Locks.Lease lease = locks.lock(name, atMost, waiting);
        return lease::close;
    }

    /** A lock that is held until it is closed. */
    public interface AutoCloseableLease extends AutoCloseable {
        @Override
        void close();
    }

    /** The stamps of a bag's files. */
    public Stamps stamps(String id, String version) {
        return new Stamps(root.resolve("stamps").resolve(id).resolve(version + ".tsv"), disk);
    }

    /** Where the index of a bag's content is, whether it is or not. It can be deleted at any time. */
    public Path index(String id, String version) {
        return root.resolve("index").resolve(id).resolve(version + ".idx");
    }

    /** Puts the file at {@code from} also at {@code to}: as a hard link where the file system has them, else as a copy. */
    public void link(Path from, Path to) throws Problem {
        try {
            Files.createDirectories(to.toAbsolutePath().getParent());
            try {
                Files.createLink(to, from);
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(from, to, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw Disk.problem("cannot reuse " + from, e);
        }
    }

    /** Where an original archive of that SHA-256 is kept, whether it is or not. */
    public Path archive(Checksum sha256) {
        return archives().resolve(sha256.hex().substring(0, 2)).resolve(sha256.hex());
    }

    /** The folder of all original archives that are kept. */
    public Path archives() {
        return root.resolve("archives").resolve("sha256");
    }

    /**
     * Refuses early what the disk has no room for.
     *
     * @throws Problem {@code DISK} if fewer than {@code bytes} are free
     */
    public void need(long bytes, String what) throws Problem {
        try {
            long free = disk.free(root);
            if (free < bytes) {
                throw new Problem(
                        Problem.Kind.DISK,
                        what + " needs " + Bytes.text(bytes) + " on the disk of " + root + ", " + Bytes.text(free)
                                + " are free: " + Bytes.text(bytes - free) + " are missing",
                        "free some space (`histods gc`, `histods remove ID`) or use another disk with --mirror");
            }
        } catch (IOException e) {
            throw Disk.problem("cannot see how much room " + root + " has", e);
        }
    }

    /** Takes a bag out of the mirror; gives the bytes that were freed. */
    public long remove(BagRef bag) throws Problem {
        try {
            long size = disk.size(bag.path());
            Path away = Files.createDirectories(root.resolve("staging"))
                    .resolve(UUID.randomUUID().toString());
            disk.move(bag.path(), away);
            disk.deleteAll(away);
            stamps(bag.id(), bag.version()).forget();
            Files.deleteIfExists(index(bag.id(), bag.version()));
            Path folder = bag.path().getParent();
            if (folder != null && names(folder).isEmpty()) {
                Files.deleteIfExists(folder);
            }
            return size;
        } catch (IOException e) {
            throw Disk.problem("cannot remove " + bag.id() + " " + bag.version(), e);
        }
    }

    /**
     * Something that may be thrown away.
     *
     * @param path where it is
     * @param bytes how large
     * @param reason why nobody needs it
     */
    public record Rubbish(Path path, long bytes, String reason) {}

    /**
     * What interrupted runs left and no run will use: bags in the making whose process is gone, transfers that nobody
     * took up for a week.
     */
    public List<Rubbish> rubbish() throws Problem {
        List<Rubbish> found = new ArrayList<>();
        try {
            for (String name : names(root.resolve("staging"))) {
                Path path = root.resolve("staging").resolve(name);
                if (claims.dead(path) || olderThan(path, OLD_STAGING)) {
                    found.add(new Rubbish(path, disk.size(path), "left by a pull that was interrupted"));
                }
            }
            for (String key : names(root.resolve("partial"))) {
                Path all = root.resolve("partial").resolve(key);
                for (String name : names(all)) {
                    Path path = all.resolve(name);
                    boolean idle = name.equals(Claims.IDLE) || claims.dead(path);
                    if (idle && olderThan(path, OLD_PARTIAL)) {
                        found.add(new Rubbish(path, disk.size(path), "a transfer that nobody took up for a week"));
                    }
                }
            }
            for (BagRef bag : bags()) {
                Path folder = root.resolve("datasets").resolve(bag.id());
                for (String name : names(folder)) {
                    if (name.startsWith("." + bag.version() + ASIDE)) {
                        Path path = folder.resolve(name);
                        found.add(new Rubbish(path, disk.size(path), "an older form of a bag that was replaced"));
                    }
                }
            }
            found.addAll(oldIndexes());
            return found;
        } catch (IOException e) {
            throw Disk.problem("cannot look through " + root, e);
        }
    }

    private List<Rubbish> oldIndexes() throws IOException {
        List<Rubbish> found = new ArrayList<>();
        for (String id : names(root.resolve("index"))) {
            for (String name : names(root.resolve("index").resolve(id))) {
                Path path = root.resolve("index").resolve(id).resolve(name);
                boolean old = name.endsWith(".tmp")
                        ? olderThan(path, OLD_STAGING)
                        : bags(id).stream().noneMatch(bag -> path.equals(index(id, bag.version())));
                if (old) {
                    found.add(new Rubbish(path, disk.size(path), "an index of a dataset that is gone, or half of one"));
                }
            }
        }
        return found;
    }

    private boolean olderThan(Path path, Duration age) throws IOException {
        return disk.newest(path).plus(age).isBefore(clock.instant());
    }

    /** Throws it away. */
    public void sweep(Rubbish rubbish) throws Problem {
        try {
            disk.deleteAll(rubbish.path());
        } catch (IOException e) {
            throw Disk.problem("cannot delete " + rubbish.path(), e);
        }
    }

    /** Transfers that a later run can go on with, by name with their bytes. */
    public List<Rubbish> partials() throws Problem {
        List<Rubbish> list = new ArrayList<>();
        try {
            for (String name : names(root.resolve("partial"))) {
                Path path = root.resolve("partial").resolve(name);
                list.add(new Rubbish(path, disk.size(path), "a transfer that can go on"));
            }
            return list;
        } catch (IOException e) {
            throw Disk.problem("cannot look through " + root, e);
        }
    }
}
