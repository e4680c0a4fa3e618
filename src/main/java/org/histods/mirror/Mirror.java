package org.histods.mirror;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.histods.quantity.Bytes;

/**
 * The local mirror, and the only door to it. Opening one reads nothing and writes nothing; what is asked of it reads,
 * and the first writing makes the folder a mirror.
 *
 * <p>Everything in it is whole or absent: a bag that is there is whole, however its making was interrupted.
 */
public final class Mirror {

    private final Layout layout;
    private final Disk disk;
    private final Owner self;
    private final Format format;
    private final Locks locks;
    private final Claims claims;
    private final Journal journal;
    private final Bags bags;
    private final Leftovers leftovers;

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
        this.layout = new Layout(root);
        this.disk = disk;
        this.self = self;
        this.format = new Format(root, disk);
        this.locks = new Locks(layout.locks(), disk, self, mode);
        this.claims = new Claims(layout.partials(), disk, self, clock);
        this.journal = new Journal(layout.journal(), locks);
        this.bags = new Bags(layout, disk);
        this.leftovers = new Leftovers(layout, disk, bags, claims, clock);
    }

    public Path root() {
        return layout.root();
    }

    public Journal journal() {
        return journal;
    }

    /**
     * Refuses what is no folder, and a folder of a newer format.
     *
     * @throws Problem {@code USAGE} if there is something else under the folder's name, or if its format is newer than
     *     the one that is written here; {@code DISK}
     */
    public void check() throws Problem {
        format.check();
    }

    /** All bags, sorted by id and version. */
    public List<BagRef> bags() {
        return bags.all();
    }

    /** The bags of one dataset, sorted by version. */
    public List<BagRef> bags(String id) {
        return bags.of(id);
    }

    /** The bag of that name, empty if there is none. A bag that a crash left moved aside is put back first. */
    public Optional<BagRef> bag(String id, String version) {
        return bags.find(id, version);
    }

    /** The id of the dataset in whose folder a path lies; empty where it lies elsewhere. */
    public Optional<String> datasetAt(Path path) {
        return bags.datasetAt(path);
    }

    /** A new folder to make a bag in. The caller closes it. */
    public Staging stage() throws Problem {
        format.prepare();
        Path folder = layout.newInStaging();
        try {
            Files.createDirectories(folder.resolve("bag").resolve("data"));
            disk.write(folder.resolve(Claims.OWNER), self.text());
            return new Staging(folder, bags, disk);
        } catch (IOException e) {
            throw Disk.problem("cannot write the mirror " + root(), e);
        }
    }

    /**
     * Claims the transfer of that name; see {@link Partial}.
     *
     * @param key letters, digits and dashes: a name of the content
     */
    public Partial claim(String key) throws Problem {
        format.prepare();
        return claims.claim(key);
    }

    /**
     * Waits for the lock of that name; close it to let it go.
     *
     * @throws Problem {@code BUSY} after {@code atMost}, naming the holder
     */
    public Lease lock(String name, Duration atMost, Consumer<String> waiting) throws Problem {
        format.prepare();
        return locks.lock(name, atMost, waiting);
    }

    /** The stamps of a bag's files. */
    public Stamps stamps(String id, String version) {
        return new Stamps(layout.stamps(id, version), disk);
    }

    /** Where the index of a bag's content is, whether it is or not. It can be deleted at any time. */
    public Path index(String id, String version) {
        return layout.index(id, version);
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
                Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
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
        return layout.archives();
    }

    /**
     * Refuses early what the disk has no room for.
     *
     * @throws Problem {@code DISK} if fewer than {@code bytes} are free
     */
    public void need(long bytes, String what) throws Problem {
        long free = free();
        if (free < bytes) {
            throw new Problem(
                    Problem.Kind.DISK,
                    what + " needs " + Bytes.text(bytes) + " on the disk of " + root() + ", " + Bytes.text(free)
                            + " are free: " + Bytes.text(bytes - free) + " are missing",
                    "free some space (`histods gc`, `histods remove ID`) or use another disk with --mirror");
        }
    }

    /** How many bytes the disk of the mirror can still take. */
    public long free() throws Problem {
        try {
            return disk.free(root());
        } catch (IOException e) {
            throw Disk.problem("cannot see how much room " + root() + " has", e);
        }
    }

    /** Takes a bag out of the mirror; gives the bytes that were freed. */
    public long remove(BagRef bag) throws Problem {
        try {
            long size = disk.size(bag.path());
            bags.remove(bag);
            stamps(bag.id(), bag.version()).forget();
            Files.deleteIfExists(index(bag.id(), bag.version()));
            return size;
        } catch (IOException e) {
            throw Disk.problem("cannot remove " + bag.id() + " " + bag.version(), e);
        }
    }

    /**
     * What interrupted runs left and no run will use: bags in the making whose process is gone, transfers that nobody
     * took up for a week.
     */
    public List<Rubbish> rubbish() throws Problem {
        try {
            return leftovers.rubbish();
        } catch (IOException e) {
            throw Disk.problem("cannot look through " + root(), e);
        }
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
        try {
            return leftovers.partials();
        } catch (IOException e) {
            throw Disk.problem("cannot look through " + root(), e);
        }
    }
}
