package org.histods.provenance;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * What is in a bag's {@code data/} but not in its manifest: files and links that a user put there, such as annotations,
 * and empty folders. They cannot be fetched again, so nothing deletes them without naming them.
 */
public final class ExtraFiles {

    private static final int LISTED = 20;

    private final Path data;
    private final List<Path> files;
    private final List<Path> emptyFolders;

    private ExtraFiles(Path data, List<Path> files, List<Path> emptyFolders) {
        this.data = data;
        this.files = List.copyOf(files);
        this.emptyFolders = List.copyOf(emptyFolders);
    }

    /**
     * Finds the extra files of a bag.
     *
     * @throws Problem {@code DISK} if a folder cannot be read; {@code WRONG_BYTES} if the manifest is damaged, so that it
     *     is unknown which files are the dataset's
     */
    public static ExtraFiles of(BagRef bag) throws Problem {
        return in(bag.path());
    }

    static ExtraFiles in(Path bag) throws Problem {
        Path data = bag.resolve("data");
        List<Path> files = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        if (!Files.exists(data)) {
            return new ExtraFiles(data, files, folders);
        }
        Set<String> listed = Bag.paths(bag);
        try {
            // The folder itself may be a link to a larger disk.
            Path root = data.toRealPath();
            Files.walkFileTree(root, new SimpleFileVisitor<>() {
                private int entries;

                @Override
                public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                    entries = 0;
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    entries++;
                    Path path = root.relativize(file);
                    if (!listed.contains(path.toString())) {
                        files.add(path);
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                    if (e != null) {
                        throw e;
                    }
                    if (entries == 0 && !folder.equals(root)) {
                        folders.add(root.relativize(folder));
                    }
                    entries++;
                    return FileVisitResult.CONTINUE;
                }
            });
            files.sort(null);
            return new ExtraFiles(root, files, folders);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read the folder " + data, e));
        }
    }

    /** The folder that they are in. */
    Path data() {
        return data;
    }

    /** Files and links, as paths below {@link #data}, sorted; a link to a folder is one of them. */
    List<Path> files() {
        return files;
    }

    /** Empty folders, as paths below {@link #data}. */
    List<Path> emptyFolders() {
        return emptyFolders;
    }

    /** The paths of the files and links, sorted; empty if there are none. */
    public List<String> names() {
        return files.stream().map(Path::toString).toList();
    }

    /**
     * Refuses to delete a bag with extra files.
     *
     * @throws Problem {@code EXTRA_FILES}, which names them, or says that they cannot be told from the dataset's because the
     *     bag's manifest is damaged
     */
    public static void refuseToDelete(BagRef bag) throws Problem {
        String name = bag.id() + " " + bag.version();
        ExtraFiles extra;
        try {
            extra = of(bag);
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            throw new Problem(
                    Problem.Kind.EXTRA_FILES,
                    "cannot tell whether " + name + " holds files that are not the dataset's: " + p.message(),
                    "check " + bag.data() + "; `histods remove` deletes all of it with --discard-extra",
                    List.of(),
                    p);
        }
        if (!extra.files.isEmpty()) {
            throw problem(
                    name + " holds " + Count.of(extra.files.size(), "file") + " that the dataset does not have",
                    extra.names(),
                    extra.data);
        }
    }

    /**
     * Refuses extra files where the dataset will have a file or a folder.
     *
     * @param dataset the files that the dataset will have, as far as they are known
     * @throws Problem {@code EXTRA_FILES}, which names them, if there are any
     */
    public void refuseInPlaceOf(Collection<FilePath> dataset) throws Problem {
        if (files.isEmpty()) {
            return;
        }
        Set<String> wanted = new HashSet<>();
        Set<String> folders = new HashSet<>();
        for (FilePath path : dataset) {
            wanted.add(path.text());
            String folder = path.parent();
            while (!folder.isEmpty() && folders.add(folder)) {
                folder = new FilePath(folder).parent();
            }
        }
        List<String> inTheWay = new ArrayList<>();
        for (Path file : files) {
            boolean blocked = folders.contains(file.toString());
            for (Path path = file; path != null && !blocked; path = path.getParent()) {
                blocked = wanted.contains(path.toString());
            }
            if (blocked) {
                inTheWay.add(file.toString());
            }
        }
        if (!inTheWay.isEmpty()) {
            throw inPlaceOfTheDatasets(inTheWay, data);
        }
    }

    static Problem inPlaceOfTheDatasets(List<String> paths, Path data) {
        return problem(
                Count.of(paths.size(), "file") + " in " + data + " would be replaced by files of the dataset",
                paths,
                data);
    }

    private static Problem problem(String what, List<String> paths, Path data) {
        StringBuilder message = new StringBuilder(what).append(':');
        paths.stream().limit(LISTED).forEach(path -> message.append("\n  ").append(path));
        if (paths.size() > LISTED) {
            message.append("\n  and ").append(paths.size() - LISTED).append(" more");
        }
        return new Problem(
                Problem.Kind.EXTRA_FILES,
                message.toString(),
                "move them out of " + data
                        + "; `pull`, `verify --repair` and `remove` delete them with --discard-extra");
    }
}
