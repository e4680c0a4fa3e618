package org.histods.pull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.Transfer;
import org.histods.manifest.Manifest;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.provenance.FetchResult;
import org.histods.provenance.FileSelection;
import org.histods.source.RemoteFile;
import org.histods.text.Count;
import org.histods.unpack.ArchiveSource;
import org.histods.unpack.UnpackOptions;
import org.histods.unpack.UnpackedTree;
import org.histods.unpack.Unpacker;
import org.jspecify.annotations.Nullable;

/** Unpacks the archives of one pull into the bag in the making. */
final class ItemUnpacker {

    private final PullRequest request;
    private final Unpacker unpacker;
    private final Staging staging;
    private final BagAssembly assembly;
    private final Set<FilePath> broken;
    private final AtomicInteger scratch = new AtomicInteger();
    private final Map<PullPlan.Item, List<PullPlan.Item>> pointed = new ConcurrentHashMap<>();

    /** @param broken the files that are wanted; empty where all are that the request selects */
    ItemUnpacker(PullRequest request, Unpacker unpacker, Staging staging, BagAssembly assembly, Set<FilePath> broken) {
        this.request = request;
        this.unpacker = unpacker;
        this.staging = staging;
        this.assembly = assembly;
        this.broken = broken;
    }

    /** What that archive holds only pointers to. */
    List<PullPlan.Item> pointed(PullPlan.Item item) {
        return pointed.getOrDefault(item, List.of());
    }

    /** Unpacks it while it comes, and merges what is wanted of it once its bytes are right. */
    FetchResult of(PullPlan.Item item, Transfer transfer) throws Problem {
        RemoteFile remote = transfer.remote();
        Path root = staging.scratch(Integer.toString(scratch.incrementAndGet()));
        ArchiveSource archive = new Arriving(remote.path().name(), transfer);
        BackgroundTask<UnpackedTree> unpacking =
                BackgroundTask.run(() -> unpacker.unpack(archive, root, options(item), n -> {}));
        FetchedFile file;
        UnpackedTree all;
        try {
            file = transfer.await();
            all = unpacking.get();
        } finally {
            unpacking.stop();
        }
        Checksum id = compareTree(remote, item, all);
        FileSelection selection =
                FileSelection.of(request.only(), request.manifest().manifest());
        UnpackedTree wanted = id == null ? all : assembly.keepOnly(all, path -> wanted(path, item, selection));
        List<PullPlan.Item> behind =
                remote.slice() == null ? List.of() : LfsPointers.in(wanted, item, transfer.candidate());
        pointed.put(item, behind);
        Set<FilePath> pointers = LfsPointers.paths(behind);
        UnpackedTree tree = pointers.isEmpty() ? wanted : assembly.keepOnly(wanted, path -> !pointers.contains(path));
        assembly.merge(tree, remote.path().text());
        RemoteFile.Slice slice = remote.slice();
        return new FetchResult(
                file,
                item.part(),
                new FetchResult.Unpacked(
                        tree.files(),
                        tree.skipped(),
                        slice == null ? null : slice.folder(),
                        slice == null ? null : slice.gitTree(),
                        id));
    }

    /** An archive that is read while it is fetched. */
    private record Arriving(String name, Transfer transfer) implements ArchiveSource {
        @Override
        public java.nio.channels.SeekableByteChannel open() {
            return transfer.reader();
        }

        @Override
        public boolean checked() {
            return !transfer.remote().sums().isEmpty() || transfer.remote().bytes() != null;
        }
    }

    /** The id of an unpacked folder, null where nobody states one. A folder is compared whole, whatever is wanted of it. */
    private @Nullable Checksum compareTree(RemoteFile remote, PullPlan.Item item, UnpackedTree tree) throws Problem {
        RemoteFile.Slice slice = remote.slice();
        if (slice == null || slice.gitTree() == null) {
            return null;
        }
        Checksum expected = slice.gitTree().sum();
        Checksum got = tree.gitTree(item.into());
        if (!got.equals(expected)) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    "what " + remote.path() + " unpacks to is not what "
                            + slice.gitTree().by() + " published"
                            + "\n  expected  " + expected + "\n  got       " + got + "  ("
                            + Count.of(tree.files().size(), "file")
                            + ", thrown away)",
                    null,
                    List.of(new Attempt(
                            "unpack", remote.uri().toString(), 200, null, "expected " + expected + ", got " + got)),
                    null);
        }
        return got;
    }

    private UnpackOptions options(PullPlan.Item item) {
        Manifest manifest = request.manifest().manifest();
        Manifest.Unpacking how = manifest.unpack();
        RemoteFile.Slice slice = item.file().slice();
        boolean git = slice != null && slice.gitTree() != null;
        FileSelection selection = FileSelection.of(request.only(), manifest);
        return new UnpackOptions(
                item.into(),
                slice == null ? null : slice.folder(),
                how == null ? List.of() : how.skip(),
                path -> git || wanted(path, item, selection),
                how == null ? null : how.charset(),
                git ? Set.of(Algorithm.GIT_BLOB) : Set.of(),
                UnpackOptions.Limits.USUAL);
    }

    private boolean wanted(FilePath path, PullPlan.Item item, FileSelection selection) {
        if (!broken.isEmpty()) {
            return broken.contains(path);
        }
        return (item.whole() || selection.matches(path)) && !assembly.keeps(path);
    }
}
