package org.histods.mirror;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.text.Count;

/**
 * The local mirror, and the only door to it. Opening one reads nothing and writes nothing; what is asked of it reads,
 * and the first writing makes the folder a mirror.
 *
 * <p>Everything in it is whole or absent: a bag that is there is whole, however its making was interrupted.
 */
public final class Mirror {

    /** How long a transfer stays that no pull goes on with. */
    public static final Duration OLD_TRANSFER = Duration.ofDays(7);

    /** How long a pull spends at most on what others left. */
    private static final Duration TIDYING = Duration.ofSeconds(10);

    private final MirrorLayout layout;
    private final FileOperations disk;
    private final MirrorFormat format;
    private final MirrorLocks locks;
    private final PartialClaims claims;
    private final Journal journal;
    private final MirrorDeletion deletion;
    private final BagStore bags;
    private final GarbageFinder leftovers;

    /**
     * The mirror in a folder that need not exist yet.
     *
     * @param self the process that works on it
     * @param locks whether locks are used
     */
    public Mirror(Path root, OwnerProcess self, boolean locks, Clock clock) {
        this(root, self, locks ? MirrorLocks.Mode.ON : MirrorLocks.Mode.OFF, clock, new FileOperations());
    }

    Mirror(Path root, OwnerProcess self, MirrorLocks.Mode mode, Clock clock, FileOperations disk) {
        this.layout = new MirrorLayout(root);
        this.disk = disk;
        this.format = new MirrorFormat(root, disk);
        this.locks = new MirrorLocks(layout.locks(), disk, self, mode);
        this.deletion = new MirrorDeletion(layout, format, disk, self);
        this.claims = new PartialClaims(layout.partials(), disk, deletion, self, clock);
        this.journal = new Journal(layout, disk, self);
        this.bags = new BagStore(layout, disk, deletion);
        this.leftovers = new GarbageFinder(layout, disk, bags, deletion, clock);
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

    /**
     * Refuses what is no mirror, before anything is deleted in it.
     *
     * @throws Problem {@code USAGE} if the folder has no {@code mirror.json}, or one of another format; {@code DISK}
     */
    public void require() throws Problem {
        format.require();
    }

    /** Which projects are known to use this mirror. */
    public KnownProjects projects() {
        return new KnownProjects(layout, disk);
    }

    /** All bags, sorted by id and version. */
    public List<BagRef> bags() {
        return bags.all();
    }

    /** The bags of one dataset, sorted by version. */
    public List<BagRef> bags(DatasetId id) {
        return bags.of(id);
    }

    /** Folders that have the name of a bag and hold nothing of one. They are left alone, and stop nobody but a pull. */
    public List<Path> strays() {
        return bags.strays();
    }

    /**
     * Refuses a place where no bag can be published.
     *
     * @throws Problem {@code USAGE} if something else than a bag is there; {@code DISK} if a link leads there
     */
    public void requirePlace(DatasetId id, DatasetVersion version) throws Problem {
        Path place = layout.inside(layout.bag(id, version));
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS) && format.there()) {
            deletion.refuse(PlaceKind.BAG, place);
        }
    }

    /** The bag of that name, empty if there is none. A bag that a crash left moved aside is put back first. */
    public Optional<BagRef> bag(DatasetId id, DatasetVersion version) {
        return bags.find(id, version);
    }

    /** The id of the dataset in whose folder a path lies; empty where it lies elsewhere. */
    public Optional<DatasetId> datasetAt(Path path) {
        return bags.datasetAt(path);
    }

    /** A new folder to make a bag in. The caller closes it. */
    public Staging stage() throws Problem {
        format.prepare();
        try {
            Path folder = deletion.newStaging();
            Files.createDirectories(folder.resolve("bag").resolve("data"));
            return new Staging(folder, bags, journal, claims, disk, deletion);
        } catch (IOException e) {
            throw FileOperations.problem("cannot write the mirror " + root(), e);
        }
    }

    /**
     * Claims the transfer of that name; see {@link PartialTransfer}.
     *
     * @param key letters, digits and dashes: a name of the content
     */
    public PartialTransfer claim(String key) throws Problem {
        format.prepare();
        layout.inside(layout.partials().resolve(key));
        return claims.claim(key);
    }

    /**
     * Waits for the lock of that name; close it to let it go.
     *
     * @throws Problem {@code BUSY} after {@code atMost}, naming the holder
     */
    public Lease lock(String name, Duration atMost, Consumer<String> waiting) throws Problem {
        format.prepare();
        layout.inside(layout.locks().resolve(name));
        return locks.lock(name, atMost, waiting);
    }

    /** The stamps of a bag's files. */
    public FileStamps stamps(BagRef bag) {
        return new FileStamps(layout, bag, disk);
    }

    /**
     * Where the index of a bag's content is, whether it is or not. It can be deleted at any time.
     *
     * @throws Problem {@code DISK} if a link leads from there away from the mirror
     */
    public Path index(BagRef bag) throws Problem {
        return layout.inside(layout.index(bag.id(), bag.version()));
    }

    /** Deletes what nobody works on of the transfers of those names, such as those of a pull that another completed. */
    public void deleteTransfers(Set<String> keys) {
        claims.drop(keys);
    }

    /** Deletes the index of a bag's content, if there is one. */
    public void deleteIndex(BagRef bag) {
        forget(PlaceKind.INDEX, layout.index(bag.id(), bag.version()));
    }

    /**
     * Puts the file at {@code from} also at {@code to}: as a hard link where the file system has them, else as a copy. A
     * file that a link leads to is copied, for nothing outside the mirror may get another mode.
     */
    public void link(Path from, Path to) throws Problem {
        try {
            if (Files.exists(from) && !Files.isRegularFile(from)) {
                throw new FileSystemException(from.toString(), null, "it is not a file");
            }
            Files.createDirectories(to.toAbsolutePath().getParent());
            if (!layout.holds(from)) {
                Files.copy(from, to);
                return;
            }
            try {
                disk.link(from, to);
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot reuse " + from, e);
        }
    }

    /**
     * Where an original archive of that SHA-256 is kept, whether it is or not.
     *
     * @throws Problem {@code DISK} if a link leads from there away from the mirror
     */
    public Path archive(Checksum sha256) throws Problem {
        return layout.inside(layout.archive(sha256));
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
            throw FileOperations.problem("cannot see how much room " + root() + " has", e);
        }
    }

    /**
     * How much the removal of a bag deletes.
     *
     * @throws Problem {@code USAGE} if it would be refused: the folder is no mirror, or the place is no bag of ours
     */
    public DiskUsage usage(BagRef bag) throws Problem {
        deletion.refuse(PlaceKind.BAG, bag.path());
        try {
            return disk.usage(bag.path());
        } catch (IOException e) {
            throw FileOperations.problem("cannot look through " + bag.path(), e);
        }
    }

    /**
     * Takes a bag out of the mirror, with what was noted of it. Its files are then deleted with
     * {@link RemovedBag#deleteFiles}.
     *
     * @param event the line of the journal that says so
     * @throws Problem {@code USAGE} if the place is no bag of ours; {@code DISK}: then the bag is where it was
     */
    public RemovedBag remove(BagRef bag, Map<String, ?> event) throws Problem {
        try {
            layout.inside(layout.bag(bag.id(), bag.version()));
            deletion.refuse(PlaceKind.BAG, bag.path());
            // These first: on a full disk, the room for the rest.
            forget(PlaceKind.STAMPS, layout.stamps(bag.id(), bag.version()));
            deleteIndex(bag);
            return new RemovedBag(
                    bag, bags.takeOut(bag), PublishCompletion.of(event, List.of()), journal, disk, deletion);
        } catch (IOException e) {
            throw FileOperations.problem("cannot remove " + bag.id() + " " + bag.version(), e);
        }
    }

    /** Stamps and indexes that stay harm nobody, and can be made again. */
    private void forget(PlaceKind kind, Path file) {
        try {
            deletion.delete(kind, file);
        } catch (IOException | Problem e) {
            return;
        }
    }

    /**
     * Does what runs that were killed or found the disk full left to do after publishing or removing a bag: its line in
     * the journal, and deleting its transfers. Best effort: what cannot be done now is left to a later run.
     *
     * @return what was done, in sentences
     */
    public List<String> complete() {
        List<String> done = new ArrayList<>();
        for (Path staging : abandoned()) {
            complete(staging).ifPresent(done::add);
        }
        return done;
    }

    /**
     * Completes as {@link #complete} does, and deletes the unfinished bags of processes of this host that died. Best
     * effort, and no more is begun after ten seconds: `histods gc` finds the rest.
     *
     * @return what was done, in sentences
     */
    public List<String> tidy() {
        List<String> done = new ArrayList<>();
        long until = System.nanoTime() + TIDYING.toNanos();
        int deleted = 0;
        for (Path staging : abandoned()) {
            if (System.nanoTime() > until) {
                break;
            }
            complete(staging).ifPresent(done::add);
            deleted += Files.exists(staging) && !PublishCompletion.pending(staging) && deleted(staging) ? 1 : 0;
        }
        if (deleted > 0) {
            done.add("deleted what " + Count.of(deleted, "interrupted pull") + " left");
        }
        return done;
    }

    /** What is in staging and belongs to no live process, as far as this host can tell. */
    private List<Path> abandoned() {
        if (!format.there()) {
            return List.of();
        }
        return disk.names(layout.staging()).stream()
                .map(name -> layout.staging().resolve(name))
                .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                .filter(path -> PartialClaims.holder(path) == PartialClaims.Holder.DEAD
                        || (PublishCompletion.pending(path) && !Files.exists(path.resolve(PartialClaims.OWNER))))
                .toList();
    }

    /** Says what was done; empty if nothing was to do or it could not be done. */
    private Optional<String> complete(Path staging) {
        if (!PublishCompletion.pending(staging)) {
            return Optional.empty();
        }
        try {
            PublishCompletion completion = PublishCompletion.read(staging);
            journal.appendMissing(completion.event());
            claims.drop(completion.transfers());
            // What is left there is ours to delete, with the note or without.
            PublishCompletion.leave(staging);
            deletion.own(staging);
            deleted(staging);
            return Optional.of("completed the record of " + completion.event().get("dataset") + " "
                    + completion.event().get("version") + ", which a pull before could not");
        } catch (Problem | IOException e) {
            return Optional.empty();
        }
    }

    private boolean deleted(Path staging) {
        try {
            // First, so that what a kill leaves does not read as published.
            PublishCompletion.forget(staging);
            deletion.delete(PlaceKind.STAGING, staging);
            return true;
        } catch (IOException | Problem e) {
            // Another run deletes it too, or may not.
            return false;
        }
    }

    /**
     * What interrupted runs left and no run will use: bags in the making whose process is gone, transfers that nobody
     * wrote to for {@code transferAge}. Nothing that a live process works on.
     */
    public GarbageReport garbage(Duration transferAge) throws Problem {
        return looked(() -> leftovers.garbage(transferAge));
    }

    /** The same, with transfers that nobody took up for a week. */
    public List<GarbageItem> garbage() throws Problem {
        return garbage(OLD_TRANSFER).items();
    }

    /** The original archives that are kept and that nobody wrote to for {@code age}. */
    public GarbageReport keptArchives(Duration age) throws Problem {
        return looked(() -> leftovers.archives(age));
    }

    /** Whether a bag is being made in the mirror right now, as far as can be known. */
    public boolean inUse() throws Problem {
        return looked(leftovers::inUse);
    }

    /** Transfers that a later run can go on with, with their bytes. */
    public List<GarbageItem> partials() throws Problem {
        return looked(leftovers::partials);
    }

    private interface Look<T> {
        T at() throws IOException;
    }

    private <T> T looked(Look<T> look) throws Problem {
        try {
            return look.at();
        } catch (IOException e) {
            throw FileOperations.problem("cannot look through " + root(), e);
        }
    }

    /**
     * Throws it away.
     *
     * @throws Problem {@code USAGE} if it is not what it was; {@code DISK}
     */
    public void delete(GarbageItem rubbish) throws Problem {
        try {
            if (rubbish.kind() == PlaceKind.TRANSFER) {
                claims.delete(rubbish.path());
            } else {
                deletion.delete(rubbish.kind(), rubbish.path());
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot delete " + rubbish.path(), e);
        }
    }
}
