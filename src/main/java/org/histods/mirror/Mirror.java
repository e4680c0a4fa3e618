package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;

/**
 * The local mirror; all access to it goes through this class. Opening a mirror reads and writes nothing. The first
 * write makes the folder a mirror.
 *
 * <p>Everything in it is complete or absent: a bag that exists is complete, even after a crash.
 */
public final class Mirror {

    /** Files of this size and more share their blocks with a copy, where the disk can do that. */
    public static final long LARGE = Reflinks.SMALLEST;

    private final MirrorLayout layout;
    private final FileOperations disk;
    private final MirrorFormat format;
    private final MirrorLocks locks;
    private final PartialClaims claims;
    private final Journal journal;
    private final MirrorDeletion deletion;
    private final BagStore bags;
    private final ShardStore shards;
    private final GarbageFinder finder;
    private final MirrorFiles files;
    private final List<Mirror> shared;

    /**
     * The mirror in a folder that need not exist yet.
     *
     * @param self the process that works on it
     * @param locks whether locks are used
     */
    public Mirror(Path root, OwnerProcess self, boolean locks, Clock clock) {
        this(root, List.of(), self, locks, clock);
    }

    /**
     * A mirror over those of others, which are only read: a dataset that this one does not have is looked for there.
     *
     * @param shared the folders of the others, the first before the second; those that do not exist are empty
     */
    public Mirror(Path root, List<Path> shared, OwnerProcess self, boolean locks, Clock clock) {
        this(
                root,
                shared.stream()
                        .filter(folder -> !folder.equals(root))
                        .map(folder -> new Mirror(
                                folder, List.of(), self, MirrorLocks.Mode.OFF, clock, new ReadingOperations()))
                        .toList(),
                self,
                locks ? MirrorLocks.Mode.ON : MirrorLocks.Mode.OFF,
                clock,
                new FileOperations());
    }

    Mirror(Path root, OwnerProcess self, MirrorLocks.Mode mode, Clock clock, FileOperations disk) {
        this(root, List.of(), self, mode, clock, disk);
    }

    private Mirror(
            Path root,
            List<Mirror> shared,
            OwnerProcess self,
            MirrorLocks.Mode mode,
            Clock clock,
            FileOperations disk) {
        this.shared = List.copyOf(shared);
        this.layout = new MirrorLayout(root);
        this.disk = disk;
        this.format = new MirrorFormat(root, disk);
        this.locks = new MirrorLocks(layout.locks(), disk, self, mode);
        this.deletion = new MirrorDeletion(layout, format, disk, self);
        this.claims = new PartialClaims(layout.partials(), disk, deletion, self, clock);
        this.journal = new Journal(layout, disk, self);
        this.bags = new BagStore(layout, disk, deletion);
        this.shards = new ShardStore(layout, disk, deletion);
        this.finder = new GarbageFinder(layout, disk, bags, shards, deletion, clock, this::bags);
        this.files = new MirrorFiles(layout, disk);
    }

    /** The mirror's folder. */
    public Path root() {
        return layout.root();
    }

    /** The mirrors of others below this one, which are only read. */
    public List<Mirror> shared() {
        return shared;
    }

    /** Whether a bag is in this mirror, and not in one below it. */
    public boolean owns(BagRef bag) {
        return bag.path().startsWith(root());
    }

    /** The log of what was published and removed. */
    public Journal journal() {
        return journal;
    }

    /** What can be deleted in the mirror. */
    public MirrorGarbage garbage() {
        return new MirrorGarbage(this, layout, disk, format, journal, claims, shards, deletion, finder);
    }

    /** Its files and their space on the disk. */
    public MirrorFiles files() {
        return files;
    }

    /**
     * Refuses a file, a link to nothing, and a folder of a newer format.
     *
     * @throws Problem {@code USAGE} if it is not a folder, or if its format is newer than that of this program;
     *     {@code WRONG_BYTES} if its mark is damaged; {@code DISK} if this user may not read it, or its disk is not there
     */
    public void check() throws Problem {
        FolderAccess.refuseDeadLink(root());
        checkContent();
    }

    private void checkContent() throws Problem {
        format.check();
        for (Path folder : List.of(root(), layout.datasets())) {
            FolderAccess.requireReadable(folder);
        }
        for (Mirror one : shared) {
            one.checkContent();
        }
    }

    /**
     * Rejects a dataset whose folder this user may not read, so that it is not mistaken for a missing dataset.
     *
     * @throws Problem {@code DISK}
     */
    public void requireReadable(DatasetId id) throws Problem {
        FolderAccess.requireReadable(layout.dataset(id));
        for (Mirror one : shared) {
            one.requireReadable(id);
        }
    }

    /** The datasets whose folders this user may not look into. */
    public List<DatasetId> unreadable() {
        return Stream.concat(
                        disk.names(layout.datasets()).stream()
                                .flatMap(name -> DatasetId.of(name).stream())
                                .filter(id -> FolderAccess.unreadable(layout.dataset(id))),
                        shared.stream().flatMap(one -> one.unreadable().stream()))
                .distinct()
                .toList();
    }

    /**
     * Refuses a folder that is not a mirror, before anything is deleted in it.
     *
     * @throws Problem {@code USAGE} if the folder has no {@code mirror.json}, or one of another format; {@code DISK}
     */
    public void require() throws Problem {
        format.require();
    }

    /** Whether the folder has a {@code mirror.json}. */
    public boolean marked() {
        return format.there();
    }

    /** Which projects are known to use this mirror. */
    public KnownProjects projects() {
        return new KnownProjects(layout, disk);
    }

    /** All bags, sorted by id and version; of a version that several mirrors have, the first one's. */
    public List<BagRef> bags() {
        return withShared(bags.all(), Mirror::bags);
    }

    /** The bags of one dataset, sorted by version; of a version that several mirrors have, the first one's. */
    public List<BagRef> bags(DatasetId id) {
        return withShared(bags.of(id), one -> one.bags(id));
    }

    private List<BagRef> withShared(List<BagRef> own, Function<Mirror, List<BagRef>> ofShared) {
        if (shared.isEmpty()) {
            return own;
        }
        Map<String, BagRef> all = new TreeMap<>();
        own.forEach(bag -> all.put(bag.id() + "/" + bag.version(), bag));
        shared.forEach(one -> ofShared.apply(one).forEach(bag -> all.putIfAbsent(bag.id() + "/" + bag.version(), bag)));
        return List.copyOf(all.values());
    }

    /** Folders that are named like bags but are not. They are left alone, and block only a pull of that bag. */
    public List<Path> strays() {
        return bags.strays();
    }

    /**
     * Refuses a path where no bag can be published.
     *
     * @throws Problem {@code USAGE} if something other than a bag is there; {@code DISK} as {@link #requireOneDisk}
     */
    public void requirePlace(DatasetId id, DatasetVersion version) throws Problem {
        requireOneDisk(id, version);
        Path place = layout.bag(id, version);
        FolderAccess.requireReadable(place);
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            deletion.requireKind(PlaceKind.BAG, place);
        }
    }

    /**
     * Refuses a mirror where this user may not publish a bag: before anything is fetched.
     *
     * @throws Problem {@code DISK}
     */
    public void requireWritable(DatasetId id) throws Problem {
        for (Path folder : List.of(layout.dataset(id), layout.staging(), layout.partials())) {
            FolderAccess.requireWritable(folder);
        }
    }

    /**
     * Refuses a bag that cannot be renamed as a whole.
     *
     * @throws Problem {@code DISK} if a link leads to it, or a mount point is at, above or below it in the mirror
     */
    public void requireOneDisk(DatasetId id, DatasetVersion version) throws Problem {
        Path bag = layout.inside(layout.bag(id, version));
        try {
            for (Path mount : disk.mountPoints(layout.root())) {
                if (bag.startsWith(mount)
                        || mount.startsWith(bag)
                        || layout.staging().startsWith(mount)
                        || mount.startsWith(layout.staging())) {
                    throw new Problem(
                            Problem.Kind.DISK,
                            mount
                                    + " is a mount point inside the mirror, and datasets are renamed as a whole, which"
                                    + " works on one disk only",
                            "unmount it, or put a mirror of its own on that disk and name it in shared-mirrors"
                                    + " (docs/group-mirrors.md)");
                }
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot read the list of mounted disks", e);
        }
    }

    /** The bag of that name; empty if there is none. A bag that a crash left moved aside is first moved back. */
    public Optional<BagRef> bag(DatasetId id, DatasetVersion version) {
        Optional<BagRef> found = bags.find(id, version);
        for (Mirror one : shared) {
            found = found.isPresent() ? found : one.bag(id, version);
        }
        return found;
    }

    /** The id of the dataset whose folder contains a path; empty if there is none. */
    public Optional<DatasetId> datasetAt(Path path) {
        Optional<DatasetId> found = bags.datasetAt(path);
        for (Mirror one : shared) {
            found = found.isPresent() ? found : one.datasetAt(path);
        }
        return found;
    }

    /** A new folder to make a bag in. The caller closes it. */
    public Staging stage() throws Problem {
        format.prepare();
        try {
            Path folder = deletion.newStaging();
            disk.makeFolder(folder.resolve("bag").resolve("data"));
            return new Staging(folder, bags, shards, journal, claims, disk, deletion);
        } catch (IOException e) {
            throw FileOperations.problem("cannot write the mirror " + root(), e);
        }
    }

    /** The datasets of which several nodes have fetched shares that are not published, sorted by id and version. */
    public List<ShardSet> shardSets() {
        return shards.all();
    }

    /** Those of one version. */
    public List<ShardSet> shardSets(DatasetId id, DatasetVersion version) {
        return shards.of(id, version);
    }

    /** The finished shares of a set by their numbers, which start at 1. */
    public NavigableMap<Integer, BagRef> finishedShards(ShardSet set) {
        return shards.finished(set);
    }

    /** Deletes the shares of a set, whose files a bag has now. Best effort: `histods gc` finds the rest. */
    public void deleteShards(ShardSet set) {
        try {
            keepingStamps(
                    new BagRef(set.id(), set.version(), layout.bag(set.id(), set.version())), () -> shards.delete(set));
        } catch (IOException | Problem e) {
            return;
        }
    }

    /** Deletes a bag that was made while another process published the dataset: the two may share files. */
    public void discard(Staging staging, DatasetId id, DatasetVersion version) {
        try {
            keepingStamps(new BagRef(id, version, layout.bag(id, version)), staging::close);
        } catch (IOException | Problem e) {
            // `histods gc` finds what is left.
            return;
        }
    }

    interface Deleting {
        void run() throws IOException, Problem;
    }

    /** Deleting the other name that a file has in a share changes its stamp in the bag. */
    void keepingStamps(BagRef bag, Deleting work) throws IOException, Problem {
        List<FilePath> untouched = stamps(bag).untouched(bag.data());
        work.run();
        stamps(bag).renew(bag.data(), untouched);
    }

    /**
     * Claims the transfer of that name; see {@link PartialTransfer}.
     *
     * @param key letters, digits and dashes; identifies the content
     */
    public PartialTransfer claim(String key) throws Problem {
        format.prepare();
        layout.inside(layout.partials().resolve(key));
        return claims.claim(key);
    }

    /** The names of all transfers that were started, and not finished. */
    public Set<String> startedTransfers() {
        return claims.names();
    }

    /** The recorded state of the idle transfer of that name; empty if there is none. */
    public Optional<String> idleState(String key) {
        return claims.idleState(key);
    }

    /**
     * Waits for the lock of that name; close it to release it.
     *
     * @throws Problem {@code BUSY} after {@code atMost}, naming the holder
     */
    public Lease lock(String name, Duration atMost, Consumer<String> waiting) throws Problem {
        format.prepare();
        layout.inside(layout.locks().resolve(name));
        return locks.lock(name, atMost, waiting);
    }

    /** The stamps of a bag's files. Those of a bag of a mirror below are read there until this one has some of its own. */
    public FileStamps stamps(BagRef bag) {
        return new FileStamps(
                layout,
                bag,
                shared.stream()
                        .filter(one -> one.owns(bag))
                        .findFirst()
                        .map(one -> one.layout.stamps(bag.id(), bag.version()))
                        .orElse(null),
                disk);
    }

    /**
     * The path of the index of a bag's content, whether it exists or not. It can be deleted at any time.
     *
     * @throws Problem {@code DISK} if a link leads from there away from the mirror
     */
    public Path index(BagRef bag) throws Problem {
        return layout.inside(layout.index(bag.id(), bag.version()));
    }

    /** Deletes the unused transfers of those names, such as those of a pull that another process completed. */
    public void deleteTransfers(Set<String> keys) {
        claims.drop(keys);
    }

    /** Makes a folder in the mirror, for all who may use it, and the mirror if there is none. */
    public Path makeFolder(Path folder) throws IOException, Problem {
        format.prepare();
        disk.makeFolder(layout.inside(folder));
        return folder;
    }

    /**
     * The folder of imported indexes, whether it exists or not.
     *
     * @throws Problem {@code DISK} if it is a link
     */
    public Path sharedIndexes() throws Problem {
        return layout.inside(layout.sharedIndexes());
    }

    /** Makes the folder of imported indexes, and the mirror if there is none. */
    public void makeSharedIndexes() throws IOException, Problem {
        format.prepare();
        disk.makeFolder(sharedIndexes());
    }

    /** Deletes the imported index of that fingerprint, if there is one. */
    public void deleteSharedIndex(Fingerprint fingerprint) throws Problem {
        try {
            for (String ending : List.of(".txt", ".idx")) {
                deletion.delete(PlaceKind.SHARED_INDEX, layout.sharedIndexes().resolve(fingerprint.hex() + ending));
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot remove the index " + fingerprint, e);
        }
    }

    /** Deletes the index of a bag's content, if there is one. */
    public void deleteIndex(BagRef bag) {
        forget(PlaceKind.INDEX, layout.index(bag.id(), bag.version()));
    }

    /** Whether a copy of a large file needs no space because it shares the blocks of the original. Makes such a copy to find out. */
    public boolean copiesShareBlocks(Path large) throws Problem {
        try (Staging staging = stage()) {
            return disk.reflink(large, staging.scratch("reflink").resolve("file"));
        } catch (IOException e) {
            throw FileOperations.problem("cannot take over " + large, e);
        }
    }

    /**
     * The path of a kept archive with that SHA-256, whether it exists or not.
     *
     * @throws Problem {@code DISK} if a link leads from there away from the mirror
     */
    public Path archive(Checksum sha256) throws Problem {
        return layout.inside(layout.archive(sha256));
    }

    /** The folder of all kept archives. */
    public Path archives() {
        return layout.archives();
    }

    /**
     * The disk usage of a bag that is to be removed.
     *
     * @throws Problem {@code USAGE} if it would be refused: the folder is not a mirror, or the path is not a bag
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
     * Removes a bag from the mirror, with its index and stamps. {@link RemovedBag#deleteFiles} then deletes its files.
     *
     * @param event the journal line
     * @throws Problem {@code USAGE} if the path is not a bag; {@code DISK}, in which case the bag is unchanged
     */
    public RemovedBag remove(BagRef bag, Map<String, ?> event) throws Problem {
        try {
            requireOneDisk(bag.id(), bag.version());
            deletion.refuse(PlaceKind.BAG, bag.path());
            Map<BagRef, List<FilePath>> sharing = sharing(bag);
            // These first: on a full disk, they free space for the rest.
            forget(PlaceKind.STAMPS, layout.stamps(bag.id(), bag.version()));
            deleteIndex(bag);
            return new RemovedBag(
                    bag,
                    bags.takeOut(bag),
                    PublishCompletion.of(event, List.of()),
                    journal,
                    disk,
                    deletion,
                    () -> sharing.forEach((other, paths) -> stamps(other).renew(other.data(), paths)));
        } catch (IOException e) {
            throw FileOperations.problem("cannot remove " + bag.id() + " " + bag.version(), e);
        }
    }

    /** The untouched files of the other bags, if files of this one have names there: deleting a name changes the stamp. */
    private Map<BagRef, List<FilePath>> sharing(BagRef bag) throws IOException {
        Map<BagRef, List<FilePath>> sharing = new LinkedHashMap<>();
        List<BagRef> others =
                bags.all().stream().filter(other -> !other.equals(bag)).toList();
        if (!others.isEmpty() && sharedBytes(bag) > 0) {
            for (BagRef other : others) {
                sharing.put(other, stamps(other).untouched(other.data()));
            }
        }
        return sharing;
    }

    /** The size of the files of a bag that have other names, such as in another bag: they are on the disk once. */
    public long sharedBytes(BagRef bag) throws IOException {
        return disk.sharedBytes(bag.data());
    }

    /** Remaining stamps and indexes do no harm, and can be created again. */
    private void forget(PlaceKind kind, Path file) {
        try {
            deletion.delete(kind, file);
        } catch (IOException | Problem e) {
            return;
        }
    }
}
