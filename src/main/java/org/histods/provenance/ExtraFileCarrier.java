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

    private final @Nullable String expected;
    private final Set<String> discarded;
    private final Set<String> carried = new TreeSet<>();
    private boolean outdated;

    /**
     * Carries files from one bag into its replacement.
     *
     * @param expected the {@link Bag#state} of the bag that is replaced, null if there is none
     * @param discarded paths that are not carried, because the user said so
     */
    public ExtraFileCarrier(@Nullable String expected, Collection<String> discarded) {
        this.expected = expected;
        this.discarded = new HashSet<>(discarded);
    }

    /** The paths of the files and links that were carried, sorted. */
    public List<String> carried() {
        return List.copyOf(carried);
    }

    /** Whether the replaced bag was another than the one that the new bag was made from. */
    public boolean outdated() {
        return outdated;
    }

    /** @throws Problem {@code BUSY} if it is another bag, whose files the new bag may lack */
    @Override
    public void expect(Path replaced) throws Problem {
        if (!Bag.state(replaced).equals(expected)) {
            outdated = true;
            throw new Problem(
                    Problem.Kind.BUSY,
                    "another process changed " + replaced + " meanwhile",
                    "run the same command again");
        }
    }

    /**
     * Carries the files that were not carried yet.
     *
     * @throws Problem {@code EXTRA_FILES} if the new bag has something in the place of one of them; {@code DISK}
     */
    @Override
    public void carry(Path replaced, Path made) throws Problem {
        ExtraFiles extra = ExtraFiles.in(replaced);
        List<String> inTheWay = new ArrayList<>();
        for (ExtraFiles.Area area : extra.areas()) {
            wanted(area).stream()
                    .filter(path -> !free(made.resolve(area.below()), path))
                    .forEach(path -> inTheWay.add(area.name(path)));
        }
        if (!inTheWay.isEmpty()) {
            throw ExtraFiles.inPlaceOfTheDatasets(inTheWay, extra.where());
        }
        try {
            for (ExtraFiles.Area area : extra.areas()) {
                carry(area, made.resolve(area.below()));
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot keep the files that are not part of the dataset in " + extra.where(), e),
                    "the dataset is unchanged; move the files elsewhere, or use --discard-extra",
                    e);
        }
    }

    private List<Path> wanted(ExtraFiles.Area area) {
        return area.files().stream()
                .filter(path -> !discarded.contains(area.name(path)) && !carried.contains(area.name(path)))
                .toList();
    }

    private void carry(ExtraFiles.Area area, Path target) throws IOException {
        List<Path> folders = new ArrayList<>();
        for (Path path : wanted(area)) {
            folders(target, path.getParent(), folders);
            place(area.root().resolve(path), target.resolve(path));
            carried.add(area.name(path));
        }
        for (Path path : area.emptyFolders()) {
            // An empty folder at the path of a file of the dataset contains nothing that could be lost.
            if (free(target, path)) {
                folders(target, path, folders);
            }
        }
        // The inner ones first: a folder's time changes when something is put into it.
        for (int i = folders.size() - 1; i >= 0; i--) {
            copyAttributes(area.root().resolve(folders.get(i)), target.resolve(folders.get(i)));
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
    private static void folders(Path target, @Nullable Path folder, List<Path> made) throws IOException {
        if (folder == null || Files.isDirectory(target.resolve(folder), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        folders(target, folder.getParent(), made);
        Files.createDirectory(target.resolve(folder));
        made.add(folder);
    }

    private static void copyAttributes(Path old, Path made) throws IOException {
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
