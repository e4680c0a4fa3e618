package org.histods.pull;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchedBytes;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.RangedFile;
import org.histods.fetch.Transfer;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.provenance.FetchResult;
import org.histods.pull.local.LocalCopy;
import org.histods.pull.local.LocalItem;
import org.histods.source.RemoteFile;
import org.histods.text.Count;
import org.histods.unpack.ArchiveSource;
import org.histods.unpack.UnpackOptions;
import org.histods.unpack.UnpackedFile;
import org.histods.unpack.UnpackedTree;
import org.histods.unpack.Unpacker;
import org.jspecify.annotations.Nullable;

/** Unpacks the archives of one pull into staging. Safe to share between threads. */
final class ItemUnpacker {

    private static final long ATTRIBUTES_LIMIT = 1 << 20;

    private final WantedFiles wanted;
    private final Unpacker unpacker;
    private final Staging staging;
    private final BagAssembly assembly;
    private final AtomicInteger scratchFolders = new AtomicInteger();

    ItemUnpacker(WantedFiles wanted, Unpacker unpacker, Staging staging, BagAssembly assembly) {
        this.wanted = wanted;
        this.unpacker = unpacker;
        this.staging = staging;
        this.assembly = assembly;
    }

    /**
     * An unpacked archive.
     *
     * @param behindPointers the files that Git LFS pointers in the archive stand for, to be fetched in their place
     * @param notes what the user should know: why files of a repository may be missing or changed in its archive, and how the
     *     archive was read
     */
    record Result(FetchResult fetched, List<PullPlan.Item> behindPointers, List<String> notes) {}

    /** A line of {@code .gitattributes} by which an archive of a repository differs from the repository. */
    private static final Pattern DIFFERS =
            Pattern.compile("^[^#\\s]\\S*\\s(?:.*\\s)?(?:export-ignore|export-subst|eol=crlf|ident"
                    + "|working-tree-encoding=\\S+)(?:\\s.*)?$");

    /** Unpacks an archive while it arrives, and adds the wanted files to the bag once its bytes are verified. */
    Result unpack(PullPlan.Item item, Transfer transfer, TaskExecutor tasks) throws Problem {
        RemoteFile remote = transfer.remote();
        Path root = staging.scratch(Integer.toString(scratchFolders.incrementAndGet()));
        ArchiveSource archive = new ArrivingArchive(remote.path().name(), transfer);
        BackgroundTask<UnpackedTree> unpacking =
                tasks.start(() -> unpack(archive, root, wanted.options(item), transfer));
        FetchedFile file;
        UnpackedTree all;
        try {
            file = transfer.await();
            all = unpacking.get();
        } finally {
            // From here on, nothing may write to staging.
            unpacking.cancel();
            unpacking.awaitEnd();
        }
        Checksum gitTree = verifyTree(remote, item.into(), all);
        String doubt = gitTree == null && remote.slice() != null ? differs(remote, all) : null;
        UnpackedTree some = gitTree == null ? all : assembly.keepOnly(all, path -> wanted.isWanted(path, item));
        List<PullPlan.Item> behind =
                remote.slice() == null ? List.of() : LfsPointers.in(some, item, transfer.candidate());
        Set<FilePath> pointers = LfsPointers.paths(behind);
        UnpackedTree tree = pointers.isEmpty() ? some : assembly.keepOnly(some, path -> !pointers.contains(path));
        assembly.merge(tree, remote.path().text());
        RemoteFile.Slice slice = remote.slice();
        FetchResult.Unpacked unpacked = new FetchResult.Unpacked(
                tree.files(),
                tree.skipped(),
                slice == null ? null : slice.folder(),
                slice == null ? null : slice.gitTree(),
                gitTree);
        List<String> notes = notes(remote, all);
        if (doubt != null) {
            notes.add(doubt);
        }
        return new Result(new FetchResult(file, item.part(), unpacked), behind, List.copyOf(notes));
    }

    private static List<String> notes(RemoteFile remote, UnpackedTree tree) {
        List<String> notes = new ArrayList<>();
        tree.notes().forEach(note -> notes.add(remote.path() + ": " + note));
        return notes;
    }

    /**
     * Stops the transfer of an archive that only another program can unpack; this is known early, from the directory of
     * a zip.
     */
    private UnpackedTree unpack(ArchiveSource archive, Path root, UnpackOptions options, Transfer transfer)
            throws Problem {
        try {
            return unpacker.unpack(archive, root, options, n -> {});
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.PERSON) {
                transfer.abort(p);
            }
            throw p;
        }
    }

    /**
     * Fetches and unpacks the wanted members of a remote zip, and adds them to the bag. Each was compared with its CRC-32,
     * and in a repair with the recorded SHA-256.
     */
    Result unpack(PullPlan.Item item, WantedMembers members, RangedFile file) throws Problem {
        RemoteFile remote = item.file();
        Path root = staging.scratch(Integer.toString(scratchFolders.incrementAndGet()));
        ArchiveSource archive = new WantedMembers.Members(remote.path().name(), file);
        UnpackedTree tree = members.contents().unpack(archive, root, n -> {});
        wanted.refuseOthers(tree);
        assembly.merge(tree, remote.path().text());
        FetchResult fetched = new FetchResult(
                file.fetched(), item.part(), new FetchResult.Unpacked(tree.files(), tree.skipped(), null, null, null));
        return new Result(fetched, List.of(), notes(remote, tree));
    }

    /** The result of the fetched members of a zip with those that are on this machine. */
    FetchResult withLocal(FetchResult fetched, LocalItem local, PullPlan.Item item) throws Problem {
        place(local, item);
        FetchResult.Unpacked unpacked = Objects.requireNonNull(fetched.unpacked());
        List<UnpackedFile> all = new ArrayList<>(unpacked.files());
        local.copies().forEach(copy -> all.add(copy.unpacked()));
        return new FetchResult(
                fetched.file(),
                fetched.part(),
                new FetchResult.Unpacked(
                        all, unpacked.skipped(), unpacked.folder(), unpacked.tree(), unpacked.gitTree()),
                local.content());
    }

    /** Puts the files of an item that are on this machine into the dataset. */
    void place(LocalItem local, PullPlan.Item item) throws Problem {
        Path root = staging.scratch(Integer.toString(scratchFolders.incrementAndGet()));
        for (LocalCopy copy : local.copies()) {
            bytes(copy).put(root.resolve(copy.path().text()), copy.executable());
        }
        List<UnpackedFile> files =
                local.copies().stream().map(LocalCopy::unpacked).toList();
        assembly.merge(
                new UnpackedTree(root, files, List.of(), List.of()),
                item.file().path().text());
    }

    FetchedBytes bytes(LocalCopy copy) {
        return assembly.bytes(copy);
    }

    /** An archive that is read while it is fetched. */
    private record ArrivingArchive(String name, Transfer transfer) implements ArchiveSource {
        @Override
        public SeekableByteChannel open() {
            return transfer.reader();
        }

        @Override
        public boolean checked() {
            return !transfer.remote().checksums().isEmpty() || transfer.remote().bytes() != null;
        }
    }

    /** What the user should know of a repository's archive that no tree id was compared with. */
    private static String differs(RemoteFile remote, UnpackedTree tree) throws Problem {
        List<String> lines = new ArrayList<>();
        for (UnpackedFile file : tree.files()) {
            if (file.path().name().equals(".gitattributes") && file.bytes() <= ATTRIBUTES_LIMIT) {
                try {
                    // Latin-1 reads any bytes, and the words are ASCII.
                    Files.readString(tree.root().resolve(file.path().text()), StandardCharsets.ISO_8859_1)
                            .lines()
                            .map(String::strip)
                            .filter(line -> DIFFERS.matcher(line).matches())
                            .forEach(lines::add);
                } catch (IOException e) {
                    throw new Problem(Problem.Kind.DISK, Problem.because("cannot read " + file.path(), e));
                }
            }
        }
        String cure = "a source with `options: { via: files }` fetches every file";
        // A repository can leave the file with these lines out as well.
        return lines.isEmpty()
                ? remote.path()
                        + ": not compared with the repository's own list of files, because the manifest has no git"
                        + " tree id; " + cure
                : remote.path() + ": the repository leaves files out of its archives or changes them ("
                        + FilePath.printable(String.join(", ", lines.subList(0, Math.min(3, lines.size()))))
                        + (lines.size() > 3 ? ", …" : "")
                        + " in .gitattributes), and the manifest has no git tree id to compare with; " + cure;
    }

    /** The git id of an unpacked folder, null if none is stated. It covers all files, also those that are not wanted. */
    private static @Nullable Checksum verifyTree(RemoteFile remote, String into, UnpackedTree tree) throws Problem {
        RemoteFile.Slice slice = remote.slice();
        if (slice == null || slice.gitTree() == null) {
            return null;
        }
        Checksum expected = slice.gitTree().checksum();
        Checksum got = tree.gitTree(into);
        if (!got.equals(expected)) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    "the content of " + remote.path() + " does not match what "
                            + slice.gitTree().by() + " published"
                            + "\n  expected  " + expected + "\n  got       " + got + "  ("
                            + Count.of(tree.files().size(), "file")
                            + ", deleted)",
                    "a repository can leave files out of its archives or change them (export-ignore, export-subst and eol in"
                            + " its .gitattributes): then only fetching file by file gives the published content, from"
                            + " another source of the manifest or from a manifest of your own that lists the files",
                    List.of(new Attempt(
                            "unpack", remote.uri().toString(), 200, null, "expected " + expected + ", got " + got)),
                    null);
        }
        return got;
    }
}
