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
import java.util.Set;
import java.util.TreeMap;
import org.histods.digest.FilePath;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchResult;
import org.histods.provenance.FileSelection;
import org.histods.provenance.Receipt;
import org.histods.text.Count;
import org.histods.unpack.UnpackedFile;
import org.histods.unpack.UnpackedTree;

/** Puts a bag's files together in staging: those that were fetched, and those of the bag before that stay. */
final class BagAssembly {

    private final Staging staging;
    private final Mirror mirror;
    private final ExistingBag present;
    private final Set<FilePath> broken;
    private final Set<FilePath> kept = new HashSet<>();
    private final Map<FilePath, String> owners = new HashMap<>();
    private final Map<String, String> folded = new HashMap<>();
    private final Set<FilePath> doubtful = new HashSet<>();
    private long reused;

    BagAssembly(Staging staging, Mirror mirror, ExistingBag present, Set<FilePath> broken) {
        this.staging = staging;
        this.mirror = mirror;
        this.present = present;
        this.broken = broken;
        for (BagFile file : present.files()) {
            if (!broken.contains(file.path())) {
                kept.add(file.path());
            }
        }
    }

    /** How many files were taken over from the bag before. */
    long reused() {
        return reused;
    }

    /** Files that were taken over although their content may no longer be what it was when it was last read. */
    Set<FilePath> doubtful() {
        return doubtful;
    }

    /** Whether the bag before has that file, whole. */
    boolean keeps(FilePath path) {
        return kept.contains(path);
    }

    /** Whether the bag before has a file of that selection, whole. */
    boolean keepsAnyOf(FileSelection selection) {
        return kept.stream().anyMatch(selection::matches);
    }

    /** Where a fetched file goes; two files must not want the same place. */
    Path place(FilePath path, String from) throws Problem {
        own(path, from);
        return staging.data().resolve(path.text());
    }

    private synchronized void own(FilePath path, String from) throws Problem {
        String other = owners.put(path, from);
        String fold = path.text().toLowerCase(java.util.Locale.ROOT);
        String twin = folded.put(fold, path.text());
        if (other != null) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    other + " and " + from + " both hold " + path,
                    "give one of them its own folder in the manifest with `into`");
        }
        if (twin != null) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    path + " and " + twin + " differ in upper and lower case only",
                    "give one of them its own folder in the manifest with `into`");
        }
    }

    /** Where an original archive is kept. */
    Path archive(org.histods.digest.Checksum sha256) throws Problem {
        return mirror.archive(sha256);
    }

    /** The part of a tree that is wanted; the rest is deleted. */
    UnpackedTree keepOnly(UnpackedTree tree, java.util.function.Predicate<FilePath> wanted) throws Problem {
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
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot delete what is not wanted", e));
        }
        return new UnpackedTree(tree.root(), kept, tree.skipped());
    }

    /** Moves an unpacked tree into the dataset; one at a time, for two trees may have folders in common. */
    synchronized void merge(UnpackedTree tree, String from) throws Problem {
        for (UnpackedFile file : tree.files()) {
            own(file.path(), from);
        }
        try {
            move(tree.root(), staging.data());
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK, Problem.because("cannot put " + from + " in its place", e), null, List.of(), e);
        }
    }

    /** Moves whole folders where that is possible, single entries where both sides have the folder. */
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

    /** All files of the bag to be, after linking those that stay. */
    List<BagFile> files(List<FetchResult> fetches, int receipt) throws Problem {
        Map<FilePath, BagFile> files = new TreeMap<>();
        for (int i = 0; i < fetches.size(); i++) {
            String id = Receipt.fetchId(receipt, i);
            FetchResult fetch = fetches.get(i);
            FetchResult.Unpacked unpacked = fetch.unpacked();
            if (unpacked == null) {
                FilePath path = fetch.file().remote().path();
                files.put(
                        path,
                        new BagFile(
                                path,
                                fetch.file().bytes(),
                                fetch.file().sha256(),
                                fetch.file().remote().executable(),
                                id,
                                null));
            } else {
                for (UnpackedFile file : unpacked.files()) {
                    files.put(
                            file.path(),
                            new BagFile(file.path(), file.bytes(), file.sha256(), file.executable(), id, file.entry()));
                }
            }
        }
        Bag bag = present.bag().orElse(null);
        if (bag != null) {
            Set<FilePath> touched = touched(bag);
            for (BagFile old : present.files()) {
                if (!broken.contains(old.path()) && !files.containsKey(old.path())) {
                    mirror.link(
                            bag.ref().data().resolve(old.path().text()),
                            staging.data().resolve(old.path().text()));
                    files.put(old.path(), old);
                    reused++;
                    if (touched.contains(old.path())) {
                        doubtful.add(old.path());
                    }
                }
            }
        }
        return new ArrayList<>(files.values());
    }

    /** To be asked before files are linked, which shows in their stamps. */
    private Set<FilePath> touched(Bag bag) {
        List<FilePath> paths = present.files().stream().map(BagFile::path).toList();
        return new HashSet<>(
                mirror.stamps(bag.ref()).touched(bag.ref().data(), paths).orElse(paths));
    }

    /** A mended file must be the one that was there: a bag changes by a pull, never by a repair. */
    void refuseUnmended(List<BagFile> files) throws Problem {
        Map<FilePath, BagFile> now = new HashMap<>();
        files.forEach(file -> now.put(file.path(), file));
        List<String> faults = new ArrayList<>();
        for (BagFile old : present.files()) {
            BagFile mended = now.get(old.path());
            if (!broken.contains(old.path())
                    || (mended != null && mended.sha256().equals(old.sha256()))) {
                continue;
            }
            faults.add(
                    mended == null
                            ? old.path() + " is no longer there"
                            : old.path() + " has other content\n    expected  " + old.sha256() + "\n    got       "
                                    + mended.sha256());
        }
        if (!faults.isEmpty()) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    Count.orA(faults.size(), "file")
                            + " cannot be mended from where the dataset came:\n  "
                            + String.join("\n  ", faults.subList(0, Math.min(20, faults.size()))),
                    "the bag is left as it is; `histods remove` and `histods pull` make it anew from what is there now");
        }
    }

    /** Takes over the receipts of the bag before. */
    void takeReceipts() throws Problem {
        Bag bag = present.bag().orElse(null);
        if (bag == null) {
            return;
        }
        for (Path receipt : bag.receiptFiles()) {
            mirror.link(receipt, staging.root().resolve("receipts").resolve(String.valueOf(receipt.getFileName())));
        }
    }
}
