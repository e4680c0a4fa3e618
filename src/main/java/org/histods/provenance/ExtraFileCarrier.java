package org.histods.provenance;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.histods.mirror.CarryOver;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Carries the files that a user put into a bag over to the bag that replaces it: under the same path, with their modes
 * and times, and not listed in its manifest. Files are linked, so that both bags have them until the old one is deleted,
 * and copied where the file system has no hard links. Symbolic links stay links.
 */
public final class ExtraFileCarrier implements CarryOver {

    private final Set<String> discarded;
    private final Set<String> carried = new TreeSet<>();

    /** @param discarded paths that are not carried, because the user said so */
    public ExtraFileCarrier(Collection<String> discarded) {
        this.discarded = new HashSet<>(discarded);
    }

    /** The paths of the files and links that were carried, sorted. */
    public List<String> carried() {
        return List.copyOf(carried);
    }

    /**
     * Carries the files that were not carried yet.
     *
     * @throws Problem {@code EXTRA_FILES} if the new bag has something in the place of one of them; {@code DISK}
     */
    @Override
    public void carry(Path replaced, Path made) throws Problem {
        ExtraFiles extra = ExtraFiles.in(replaced);
        Path target = made.resolve("data");
        List<Path> files = extra.files().stream()
                .filter(path -> !discarded.contains(path.toString()) && !carried.contains(path.toString()))
                .toList();
        List<String> inTheWay = files.stream()
                .filter(path -> !free(target, path))
                .map(Path::toString)
                .toList();
        if (!inTheWay.isEmpty()) {
            throw ExtraFiles.inPlaceOfTheDatasets(inTheWay, extra.data());
        }
        try {
            List<Path> folders = new ArrayList<>();
            for (Path path : files) {
                folders(extra.data(), target, path.getParent(), folders);
                place(extra.data().resolve(path), target.resolve(path));
                carried.add(path.toString());
            }
            for (Path path : extra.emptyFolders()) {
                // An empty folder in the place of a file of the dataset holds nothing that could be lost.
                if (free(target, path)) {
                    folders(extra.data(), target, path, folders);
                }
            }
            // Inner folders first: putting something into a folder changes its time.
            for (int i = folders.size() - 1; i >= 0; i--) {
                likeTheOld(extra.data().resolve(folders.get(i)), target.resolve(folders.get(i)));
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot keep the files that are not the dataset's in " + extra.data(), e),
                    "the dataset is unchanged; move the files elsewhere, or use --discard-extra",
                    List.of(),
                    e);
        }
    }

    /** Whether nothing is there, and nothing but folders above it. */
    private static boolean free(Path target, Path path) {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            Path there = target.resolve(above);
            if (Files.exists(there, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isDirectory(there, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
        }
        return !Files.exists(target.resolve(path), LinkOption.NOFOLLOW_LINKS);
    }

    /** Makes that folder and those above it where they are missing, the outer ones first. */
    private static void folders(Path data, Path target, @Nullable Path folder, List<Path> made) throws IOException {
        if (folder == null || Files.isDirectory(target.resolve(folder), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        folders(data, target, folder.getParent(), made);
        Files.createDirectory(target.resolve(folder));
        made.add(folder);
    }

    private static void likeTheOld(Path old, Path made) throws IOException {
        Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(old));
        Files.setLastModifiedTime(made, Files.getLastModifiedTime(old));
    }

    private static void place(Path from, Path to) throws IOException {
        boolean link = Files.isSymbolicLink(from);
        if (!link) {
            try {
                Files.createLink(to, from);
                return;
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                if (!Files.isRegularFile(from)) {
                    throw e;
                }
            }
        }
        Files.copy(from, to, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.COPY_ATTRIBUTES);
    }
}
