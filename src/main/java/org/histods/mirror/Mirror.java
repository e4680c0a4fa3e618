package org.histods.mirror;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.text.Count;

/**
 * The local mirror. All access to its folder goes through this class. Constructing one neither reads nor writes; the first
 * write makes the folder a mirror.
 *
 * <p>Bags are complete or absent, however their making was interrupted.
 */
public final class Mirror {

    /** A transfer that no pull resumes for so long is garbage. */
    public static final Duration OLD_TRANSFER = Duration.ofDays(7);

    /** How long a pull spends at most on cleaning up after others. */
    private static final Duration TIDYING = Duration.ofSeconds(10);

    private final MirrorLayout layout;
    private final FileOperations disk;
    private final MirrorFormat format;
    private final MirrorLocks locks;
    private final PartialClaims claims;
    private final Journal journal;
    private final MirrorDeletion deletion;
    private final BagStore bags;
    private final GarbageFinder garbageFinder;

    /**
     * The mirror in a folder that need not exist yet.
     *
     * @param self the process that uses it
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
        this.journal = new Journal(layout, locks);
        this.bags = new BagStore(layout, disk, deletion);
        this.garbageFinder = new GarbageFinder(layout, disk, bags, deletion, clock);
    }

    public Path root() {
        return layout.root();
    }

    public Journal journal() {
        return journal;
    }

    /**
     * Checks that the mirror can be used.
     *
     * @throws Problem {@code USAGE} if it is not a folder, or has a newer format than this program writes; {@code DISK}
     */
    public void check() throws Problem {
        format.check();
    }

    /**
     * Checks that the folder is a mirror, before anything is deleted in it.
     *
     * @throws Problem {@code USAGE} if the folder has no {@code mirror.json}, or one of another format; {@code DISK}
     */
    public void require() throws Problem {
        format.require();
    }

    /** The projects that are known to use this mirror. */
    public KnownProjects projects() {
        return new KnownProjects(layout.projects());
    }

    /** All bags, sorted by id and version. */
    public List<BagRef> bags() {
        return bags.all();
    }

    /** The bags of one dataset, sorted by version. */
    public List<BagRef> bags(DatasetId id) {
        return bags.of(id);
    }

    /** The bag of that name, empty if there is none. A bag that a crash left aside is moved back first. */
    public Optional<BagRef> bag(DatasetId id, DatasetVersion version) {
        return bags.find(id, version);
    }

    /** The id of the dataset whose folder contains a path; empty if none does. */
    public Optional<DatasetId> datasetAt(Path path) {
        return bags.datasetAt(path);
    }

    /** A new staging folder for a bag. The caller closes it. */
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
     * Claims the partial transfer of that name.
     *
     * @param key a name of the content, of letters, digits and dashes
     */
    public PartialTransfer claim(String key) throws Problem {
        format.prepare();
        layout.inside(layout.partials().resolve(key));
        return claims.claim(key);
    }

    /**
     * Waits for the lock of that name; closing it releases it.
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
     * The path of the index of a bag's content, which need not exist and can be deleted at any time.
     *
     * @throws Problem {@code DISK} if a link leads out of the mirror
     */
    public Path index(BagRef bag) throws Problem {
        return layout.inside(layout.index(bag.id(), bag.version()));
    }

    /** Deletes the index of a bag's content, if there is one. */
    public void deleteIndex(BagRef bag) {
        forget(PlaceKind.INDEX, layout.index(bag.id(), bag.version()));
    }

    /** Links the file at {@code from} to {@code to}, or copies it if the file system has no hard links. */
    public void link(Path from, Path to) throws Problem {
        try {
            Files.createDirectories(to.toAbsolutePath().getParent());
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
     * The path of the kept archive with that SHA-256, which need not exist.
     *
     * @throws Problem {@code DISK} if a link leads out of the mirror
     */
    public Path archive(Checksum sha256) throws Problem {
        return layout.inside(layout.archive(sha256));
    }

    /** The folder of all kept archives. */
    public Path archives() {
        return layout.archives();
    }

    /**
     * Checks that the disk has enough free space.
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

    /** The free space on the disk of the mirror. */
    public long free() throws Problem {
        try {
            return disk.free(root());
        } catch (IOException e) {
            throw FileOperations.problem("cannot read the free space of " + root(), e);
        }
    }

    /**
     * The disk usage of a bag, which its removal frees.
     *
     * @throws Problem {@code USAGE} if the removal would be refused: the folder is not a mirror, or the place not a bag
     */
    public DiskUsage usage(BagRef bag) throws Problem {
        deletion.refuse(PlaceKind.BAG, bag.path());
        try {
            return disk.usage(bag.path());
        } catch (IOException e) {
            throw FileOperations.problem("cannot read " + bag.path(), e);
        }
    }

    /**
     * Removes a bag from the mirror, with its stamps and its index. Its files are then deleted with
     * {@link RemovedBag#deleteFiles}.
     *
     * @throws Problem {@code USAGE} if the place is not a bag; {@code DISK}: then the bag is where it was
     */
    public RemovedBag remove(BagRef bag) throws Problem {
        try {
            layout.inside(layout.bag(bag.id(), bag.version()));
            deletion.refuse(PlaceKind.BAG, bag.path());
            // First, which makes room for the rest on a full disk.
            forget(PlaceKind.STAMPS, layout.stamps(bag.id(), bag.version()));
            deleteIndex(bag);
            Path staging = bags.moveToStaging(bag);
            return new RemovedBag(bag, staging, deletion);
        } catch (IOException e) {
            throw FileOperations.problem("cannot remove " + bag.id() + " " + bag.version(), e);
        }
    }

    /** Best effort: stamps and indexes that stay do no harm. */
    private void forget(PlaceKind kind, Path file) {
        try {
            deletion.delete(kind, file);
        } catch (IOException | Problem e) {
            return;
        }
    }

    /**
     * Completes published bags of runs that were killed or found the disk full: adds their lines to the journal and
     * deletes their transfers. Best effort: the rest is left to a later run.
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
     * Completes as {@link #complete} does, and deletes the unfinished bags of dead processes of this host. Best effort,
     * and ends after ten seconds: `histods gc` finds the rest.
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
            deleted += !PublishCompletion.pending(staging) && deleted(staging) ? 1 : 0;
        }
        if (deleted > 0) {
            done.add("deleted what " + Count.of(deleted, "interrupted pull") + " left");
        }
        return done;
    }

    /** Staging folders without a live process, as far as this host can tell. */
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

    /** What was done; empty if nothing was to do or it failed. */
    private Optional<String> complete(Path staging) {
        if (!PublishCompletion.pending(staging)) {
            return Optional.empty();
        }
        try {
            PublishCompletion completion = PublishCompletion.read(staging);
            journal.appendMissing(completion.event());
            claims.drop(completion.transfers());
            PublishCompletion.forget(staging);
            return Optional.of("completed the record of " + completion.event().get("dataset") + " "
                    + completion.event().get("version") + ", which an earlier pull did not finish");
        } catch (Problem | IOException e) {
            return Optional.empty();
        }
    }

    private boolean deleted(Path staging) {
        try {
            // First, so that a kill does not leave what looks like a published bag.
            PublishCompletion.forget(staging);
            deletion.delete(PlaceKind.STAGING, staging);
            return true;
        } catch (IOException | Problem e) {
            // Another run deletes it too, or it is not ours.
            return false;
        }
    }

    /**
     * What interrupted runs left and no run will use: unfinished bags of dead processes, and transfers of at least
     * {@code transferAge}. Nothing that a live process uses.
     */
    public GarbageReport garbage(Duration transferAge) throws Problem {
        return read(() -> garbageFinder.garbage(transferAge));
    }

    /** The garbage in the mirror, with transfers of at least a week. */
    public List<GarbageItem> garbage() throws Problem {
        return garbage(OLD_TRANSFER).items();
    }

    /** The kept archives of at least that age. */
    public GarbageReport keptArchives(Duration age) throws Problem {
        return read(() -> garbageFinder.archives(age));
    }

    /** Whether a bag is being made in the mirror, as far as can be known. */
    public boolean inUse() throws Problem {
        return read(garbageFinder::inUse);
    }

    /** The transfers that a later run can resume. */
    public List<GarbageItem> partials() throws Problem {
        return read(garbageFinder::partials);
    }

    private interface Read<T> {
        T run() throws IOException;
    }

    private <T> T read(Read<T> read) throws Problem {
        try {
            return read.run();
        } catch (IOException e) {
            throw FileOperations.problem("cannot read " + root(), e);
        }
    }

    /**
     * Deletes garbage.
     *
     * @throws Problem {@code USAGE} if it has changed and is no longer what was found; {@code DISK}
     */
    public void delete(GarbageItem item) throws Problem {
        try {
            if (item.kind() == PlaceKind.TRANSFER) {
                claims.delete(item.path());
            } else {
                deletion.delete(item.kind(), item.path());
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot delete " + item.path(), e);
        }
    }
}
