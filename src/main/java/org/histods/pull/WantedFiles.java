package org.histods.pull;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.BagFile;
import org.histods.provenance.FileSelection;
import org.histods.source.RemoteFile;
import org.histods.unpack.UnpackOptions;
import org.histods.unpack.UnpackedFile;
import org.histods.unpack.UnpackedTree;

/** Selects the files of archives that a pull or repair needs, and the options to unpack them. Immutable. */
final class WantedFiles {

    private final Manifest manifest;
    private final FileSelection selection;
    private final Set<FilePath> broken;
    private final Set<FilePath> kept = new HashSet<>();
    private final Set<FilePath> uncompared;
    private final Map<FilePath, Checksum> recorded = new HashMap<>();

    /** @param broken the files to repair; empty to get all that the request selects */
    WantedFiles(PullRequest request, ExistingBag present, Set<FilePath> broken) throws Problem {
        this.manifest = request.manifest().manifest();
        this.selection = FileSelection.of(request.only(), manifest);
        this.broken = broken;
        this.uncompared = present.uncompared();
        for (BagFile file : present.files()) {
            if (broken.contains(file.path())) {
                recorded.put(file.path(), file.sha256());
            } else {
                kept.add(file.path());
            }
        }
    }

    /** The options to unpack an item's archive as a whole. */
    UnpackOptions options(PullPlan.Item item) {
        return options(item, path -> isWanted(path, item));
    }

    /** The options to unpack an item's archive from ranges of it. */
    UnpackOptions optionsForRanges(PullPlan.Item item) {
        return options(item, path -> isWanted(path, item, true));
    }

    /** The options to list everything in an item's archive. */
    UnpackOptions optionsForAll(PullPlan.Item item) {
        return options(item, path -> true);
    }

    private UnpackOptions options(PullPlan.Item item, Predicate<FilePath> isWanted) {
        Manifest.Unpacking how = manifest.contents().unpack();
        RemoteFile.Slice slice = item.file().slice();
        boolean git = slice != null && slice.gitTree() != null;
        return new UnpackOptions(
                item.into(),
                slice == null ? null : slice.folder(),
                how == null ? List.of() : how.skip(),
                path -> git || isWanted.test(path),
                how == null ? null : how.charset(),
                git ? Set.of(Algorithm.GIT_BLOB) : Set.of(),
                UnpackOptions.Limits.USUAL);
    }

    /** Whether a file of an item's whole archive is wanted. */
    boolean isWanted(FilePath path, PullPlan.Item item) {
        return isWanted(path, item, false);
    }

    /** A file that came from ranges of an archive is replaced by that of a whole archive, whose checksum is known. */
    private boolean isWanted(FilePath path, PullPlan.Item item, boolean ranges) {
        if (!broken.isEmpty()) {
            return broken.contains(path);
        }
        boolean selected = item.whole() || selection.matches(path);
        return (selected && !kept.contains(path)) || (!ranges && uncompared.contains(path));
    }

    /** Whether only single files are repaired. */
    boolean isRepair() {
        return !broken.isEmpty();
    }

    /** Whether the previous bag has a file of that selection, intact. */
    boolean keepsAny(FileSelection some) {
        return kept.stream().anyMatch(path -> some.matches(path) || some.matchesFolderOf(path));
    }

    /** @throws Problem {@code WRONG_BYTES} if a repaired file is not the recorded one */
    void refuseOthers(UnpackedTree tree) throws Problem {
        for (UnpackedFile file : tree.files()) {
            Checksum expected = recorded.get(file.path());
            if (expected != null && !expected.equals(file.sha256())) {
                throw new Problem(
                        Problem.Kind.WRONG_BYTES,
                        file.path() + " in the archive is not the file that was pulled\n  expected  " + expected
                                + "\n  got       " + file.sha256());
            }
        }
    }
}
