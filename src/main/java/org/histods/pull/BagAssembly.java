package org.histods.pull;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.fetch.FetchedBytes;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchLog;
import org.histods.provenance.FileNames;
import org.histods.provenance.Receipt;
import org.histods.pull.local.LocalBytes;
import org.histods.pull.local.LocalCopy;
import org.histods.pull.local.Offer;
import org.histods.pull.local.OfferedFile;
import org.histods.text.Count;
import org.histods.unpack.UnpackedFile;
import org.histods.unpack.UnpackedTree;
import org.jspecify.annotations.Nullable;

/** Assembles the files of a bag in staging: fetched files, and files kept from the previous bag. */
final class BagAssembly {

    private final Staging staging;
    private final Mirror mirror;
    private final ExistingBag present;
    private final Set<FilePath> broken;
    private final ClaimedPaths claimed = new ClaimedPaths();
    private final Set<FilePath> doubtful = new HashSet<>();
    private final @Nullable Offer offer;
    private final AtomicLong copied = new AtomicLong();
    private long reused;

    BagAssembly(Staging staging, Mirror mirror, ExistingBag present, Set<FilePath> broken, @Nullable Offer offer) {
        this.staging = staging;
        this.mirror = mirror;
        this.present = present;
        this.broken = broken;
        this.offer = offer;
    }

    /** The bytes of a file on this machine. */
    FetchedBytes bytes(LocalCopy copy) {
        boolean link = offer == null || offer.how() != Offer.How.COPY || !(copy.file() instanceof OfferedFile);
        return new LocalBytes(copy, mirror, link, copied);
    }

    /** Number of local files that were copied because they could not be linked. */
    long copied() {
        return copied.get();
    }

    /** Number of files taken over from the previous bag. */
    long reused() {
        return reused;
    }

    /** Files that were taken over although their content may have changed since it was last read. */
    Set<FilePath> doubtful() {
        return doubtful;
    }

    /** Reserves the path in staging for a fetched file; no two files may have the same path. */
    Path place(FilePath path, String from) throws Problem {
        claimed.add(List.of(path), from);
        return staging.data().resolve(path.text());
    }

    /** The path for an archive that is kept. */
    Path archive(Checksum sha256) throws Problem {
        return mirror.archive(sha256);
    }

    /** Deletes the files of a tree that are not selected, and returns the rest. */
    UnpackedTree keepOnly(UnpackedTree tree, Predicate<FilePath> wanted) throws Problem {
        List<UnpackedFile> kept = new ArrayList<>();
        try {
            for (UnpackedFile file : tree.files()) {
                if (wanted.test(file.path())) {
                    kept.add(file);
                } else {
                    Files.delete(tree.root().resolve(file.path().text()));
                }
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot delete files that are not selected", e));
        }
        return new UnpackedTree(tree.root(), kept, tree.skipped(), tree.notes());
    }

    /** Moves an unpacked tree into the dataset; one at a time, because two trees may have the same folders. */
    synchronized void merge(UnpackedTree tree, String from) throws Problem {
        claimed.add(tree.paths(), from);
        try {
            move(tree.root(), staging.data());
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot move the files of " + from + " into the dataset", e),
                    null,
                    e);
        }
    }

    /** Moves whole folders if possible, single entries if both sides have the folder. */
    private static void move(Path from, Path to) throws IOException {
        List<Path> entries;
        try (var list = Files.list(from)) {
            entries = list.toList();
        }
        for (Path entry : entries) {
            Path target = to.resolve(String.valueOf(entry.getFileName()));
            if (Files.isDirectory(entry) && Files.isDirectory(target)) {
                move(entry, target);
            } else if (Files.exists(target)) {
                throw new FileAlreadyExistsException(target.toString());
            } else {
                Files.move(entry, target);
            }
        }
    }

    /** Links the files that stay, and returns all files of the new bag. */
    List<BagFile> files(List<FetchLog.Entry> fetches, int receipt) throws Problem {
        Map<FilePath, BagFile> files = new TreeMap<>();
        for (int i = 0; i < fetches.size(); i++) {
            String id = Receipt.fetchId(receipt, i);
            FetchLog.Entry fetch = fetches.get(i);
            List<UnpackedFile> unpacked = fetch.unpacked();
            if (unpacked == null) {
                FilePath path = fetch.remote().path();
                files.put(
                        path,
                        new BagFile(
                                path,
                                fetch.bytes(),
                                Objects.requireNonNull(fetch.sha256()),
                                fetch.remote().executable(),
                                id,
                                null));
            } else {
                for (UnpackedFile file : unpacked) {
                    files.put(
                            file.path(),
                            new BagFile(file.path(), file.bytes(), file.sha256(), file.executable(), id, file.entry()));
                }
            }
        }
        keepOrigins(files, fetches, receipt);
        for (ExistingBag.Held held : present.held()) {
            Bag bag = held.bag();
            Set<FilePath> touched = touched(held);
            FileNames names = new FileNames(bag.ref().data());
            for (BagFile old : held.files()) {
                if (held.shard()) {
                    claimed.add(List.of(old.path()), held.from().getOrDefault(old.fetch(), old.fetch()));
                }
                if (broken.contains(old.path()) || files.containsKey(old.path())) {
                    continue;
                }
                Path file = names.of(old.path());
                if (touched.contains(old.path())) {
                    if (held.shard()) {
                        requireSame(file, old);
                    } else {
                        doubtful.add(old.path());
                    }
                }
                mirror.files().link(file, staging.data().resolve(old.path().text()));
                files.put(old.path(), old);
                reused++;
            }
        }
        return new ArrayList<>(files.values());
    }

    /** Reads a file of a shard that has no stamp, because its node was killed before it recorded stamps. */
    private static void requireSame(Path file, BagFile recorded) throws Problem {
        try {
            if (Hasher.sha256(file).equals(recorded.sha256())) {
                return;
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read " + file, e));
        }
        throw new Problem(
                Problem.Kind.WRONG_BYTES,
                file + " of a shard was modified after it was fetched",
                "delete the folder of that shard, then run the same command again");
    }

    /**
     * A file that was repaired from ranges of an archive, and equals the recorded one, keeps its original fetch in the
     * record, because that fetch may have verified the whole archive.
     */
    private void keepOrigins(Map<FilePath, BagFile> files, List<FetchLog.Entry> fetches, int receipt) {
        Set<String> ranges = new HashSet<>();
        for (int i = 0; i < fetches.size(); i++) {
            if (fetches.get(i).sha256() == null) {
                ranges.add(Receipt.fetchId(receipt, i));
            }
        }
        for (BagFile old : present.files()) {
            BagFile repaired = broken.contains(old.path()) ? files.get(old.path()) : null;
            if (repaired != null
                    && ranges.contains(repaired.fetch())
                    && repaired.sha256().equals(old.sha256())) {
                files.put(old.path(), old);
            }
        }
    }

    /**
     * Finds files that changed since they were last read. Must be called before files are linked, because linking
     * changes their stamps.
     */
    private Set<FilePath> touched(ExistingBag.Held held) {
        List<FilePath> paths = held.files().stream().map(BagFile::path).toList();
        BagRef bag = held.bag().ref();
        return new HashSet<>(
                mirror.stamps(bag).touched(FileStamps.look(bag.data(), paths)).orElse(paths));
    }

    /** Rejects a repaired file with other content than before: only a pull may change a bag, never a repair. */
    void refuseUnrepaired(List<BagFile> files) throws Problem {
        Map<FilePath, BagFile> now = new HashMap<>();
        files.forEach(file -> now.put(file.path(), file));
        List<String> failures = new ArrayList<>();
        for (BagFile old : present.files()) {
            BagFile repaired = now.get(old.path());
            if (!broken.contains(old.path())
                    || (repaired != null && repaired.sha256().equals(old.sha256()))) {
                continue;
            }
            failures.add(
                    repaired == null
                            ? old.path() + " is no longer part of the dataset"
                            : old.path() + " has other content\n    expected  " + old.sha256() + "\n    got       "
                                    + repaired.sha256());
        }
        if (!failures.isEmpty()) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    Count.orA(failures.size(), "file")
                            + " cannot be repaired from the dataset's sources:\n  "
                            + String.join("\n  ", failures.subList(0, Math.min(20, failures.size()))),
                    "the bag is unchanged; `histods remove` and `histods pull` replace it with the sources' current"
                            + " files");
        }
    }

    /** Takes over the receipts of the previous bag and of the shards. */
    void takeReceipts() throws Problem {
        for (ExistingBag.Held held : present.held()) {
            for (Path receipt : held.bag().receiptFiles()) {
                mirror.files()
                        .link(
                                receipt,
                                staging.root().resolve("receipts").resolve(String.valueOf(receipt.getFileName())));
            }
        }
    }
}
