package org.histods.pull;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
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

/** Unpacks the archives of one pull into staging. Safe to share between threads. */
final class ItemUnpacker {

    private final Manifest manifest;
    private final FileSelection selection;
    private final Unpacker unpacker;
    private final Staging staging;
    private final BagAssembly assembly;
    private final Set<FilePath> broken;
    private final AtomicInteger scratchFolders = new AtomicInteger();

    /** @param broken the files to repair; empty to unpack all that the request selects */
    ItemUnpacker(PullRequest request, Unpacker unpacker, Staging staging, BagAssembly assembly, Set<FilePath> broken)
            throws Problem {
        this.manifest = request.manifest().manifest();
        this.selection = FileSelection.of(request.only(), manifest);
        this.unpacker = unpacker;
        this.staging = staging;
        this.assembly = assembly;
        this.broken = broken;
    }

    /**
     * An unpacked archive.
     *
     * @param behindPointers the files that Git LFS pointers in the archive stand for, to be fetched in their place
     */
    record Result(FetchResult fetched, List<PullPlan.Item> behindPointers) {}

    /** Unpacks an archive while it arrives, and adds the wanted files to the bag once its bytes are verified. */
    Result unpack(PullPlan.Item item, Transfer transfer, TaskExecutor tasks) throws Problem {
        RemoteFile remote = transfer.remote();
        Path root = staging.scratch(Integer.toString(scratchFolders.incrementAndGet()));
        ArchiveSource archive = new ArrivingArchive(remote.path().name(), transfer);
        BackgroundTask<UnpackedTree> unpacking =
                tasks.start(() -> unpacker.unpack(archive, root, options(item), n -> {}));
        FetchedFile file;
        UnpackedTree all;
        try {
            file = transfer.await();
            all = unpacking.get();
        } finally {
            // Nothing may write to staging after this.
            unpacking.cancel();
            unpacking.awaitEnd();
        }
        Checksum gitTree = verifyTree(remote, item.into(), all);
        UnpackedTree wanted = gitTree == null ? all : assembly.keepOnly(all, path -> isWanted(path, item));
        List<PullPlan.Item> behind =
                remote.slice() == null ? List.of() : LfsPointers.in(wanted, item, transfer.candidate());
        Set<FilePath> pointers = LfsPointers.paths(behind);
        UnpackedTree tree = pointers.isEmpty() ? wanted : assembly.keepOnly(wanted, path -> !pointers.contains(path));
        assembly.merge(tree, remote.path().text());
        RemoteFile.Slice slice = remote.slice();
        FetchResult.Unpacked unpacked = new FetchResult.Unpacked(
                tree.files(),
                tree.skipped(),
                slice == null ? null : slice.folder(),
                slice == null ? null : slice.gitTree(),
                gitTree);
        return new Result(new FetchResult(file, item.part(), unpacked), behind);
    }

    /** An archive that is read while it is fetched. */
    private record ArrivingArchive(String name, Transfer transfer) implements ArchiveSource {
        @Override
        public SeekableByteChannel open() {
            return transfer.reader();
        }

        @Override
        public boolean checked() {
            return !transfer.remote().sums().isEmpty() || transfer.remote().bytes() != null;
        }
    }

    /** The git id of an unpacked folder, null if none is stated. It covers all files, also those that are not wanted. */
    private static @Nullable Checksum verifyTree(RemoteFile remote, String into, UnpackedTree tree) throws Problem {
        RemoteFile.Slice slice = remote.slice();
        if (slice == null || slice.gitTree() == null) {
            return null;
        }
        Checksum expected = slice.gitTree().sum();
        Checksum got = tree.gitTree(into);
        if (!got.equals(expected)) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    "the content of " + remote.path() + " does not match what "
                            + slice.gitTree().by() + " published"
                            + "\n  expected  " + expected + "\n  got       " + got + "  ("
                            + Count.of(tree.files().size(), "file")
                            + ", deleted)",
                    null,
                    List.of(new Attempt(
                            "unpack", remote.uri().toString(), 200, null, "expected " + expected + ", got " + got)),
                    null);
        }
        return got;
    }

    private UnpackOptions options(PullPlan.Item item) throws Problem {
        Manifest.Unpacking how = manifest.unpack();
        RemoteFile.Slice slice = item.file().slice();
        boolean git = slice != null && slice.gitTree() != null;
        return new UnpackOptions(
                item.into(),
                slice == null ? null : slice.folder(),
                how == null ? List.of() : how.skip(),
                path -> git || isWanted(path, item),
                how == null ? null : how.charset(),
                git ? Set.of(Algorithm.GIT_BLOB) : Set.of(),
                UnpackOptions.Limits.USUAL);
    }

    private boolean isWanted(FilePath path, PullPlan.Item item) {
        if (!broken.isEmpty()) {
            return broken.contains(path);
        }
        return (item.whole() || selection.matches(path)) && !assembly.keeps(path);
    }
}
