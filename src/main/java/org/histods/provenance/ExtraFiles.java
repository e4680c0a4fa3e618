package org.histods.provenance;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.histods.text.TerminalText;

/**
 * Files in a bag that are not part of it: files and links that a user put into {@code data/}, such as annotations, or
 * beside it, and empty folders. They cannot be fetched again, so nothing deletes them without naming them. They are
 * named by their paths from {@code data/}: {@code notes.txt}, {@code ../notes.txt}.
 */
public final class ExtraFiles {

    private static final int LISTED = 20;

    /**
     * A part of a bag.
     *
     * @param root where it is, with links resolved
     * @param below its path in the bag, empty for the bag itself
     * @param shown what names of its files begin with
     * @param files files and links, as paths below {@code root}, sorted; a folder that is linked is one of them
     * @param emptyFolders folders without anything in them, as paths below {@code root}
     */
    record Area(Path root, String below, String shown, List<Path> files, List<Path> emptyFolders) {
        Area {
            files = files.stream().sorted().toList();
            emptyFolders = List.copyOf(emptyFolders);
        }

        String name(Path file) {
            return shown + file;
        }
    }

    private final Path bag;
    private final Area data;
    private final Area beside;

    private ExtraFiles(Path bag, Area data, Area beside) {
        this.bag = bag;
        this.data = data;
        this.beside = beside;
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

    /**
     * The same, with the paths that the manifest lists.
     *
     * @param unseen those of them that were not seen as regular files just now
     * @throws Problem {@code DISK} if a folder cannot be read
     */
    static ExtraFiles of(BagRef bag, Set<FilePath> listed, Collection<FilePath> unseen) throws Problem {
        Set<String> paths = texts(listed);
        Set<String> unknown = texts(unseen);
        return in(bag.path(), paths, path -> paths.contains(path) && !unknown.contains(path));
    }

    static ExtraFiles in(Path bag) throws Problem {
        return in(bag, Files.exists(bag.resolve("data")) ? Bag.paths(bag) : Set.of(), path -> false);
    }

    private static Set<String> texts(Collection<FilePath> paths) {
        return paths.stream().map(FilePath::text).collect(Collectors.toSet());
    }

    private static ExtraFiles in(Path bag, Set<String> paths, Predicate<String> regular) throws Problem {
        Path data = bag.resolve("data");
        try {
            // The folder itself may be a link to a larger disk.
            Area inData = Files.exists(data)
                    ? area(data.toRealPath(), "data", "", Set.of(), listed(paths, data), regular)
                    : new Area(data, "data", "", List.of(), List.of());
            // So may the bag.
            Path real = bag.toRealPath();
            Area beside = area(real, "", "../", Set.of(real.resolve("data")), Bag::isTagFile, path -> false);
            return new ExtraFiles(bag, inData, beside);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read the folder " + bag, e));
        }
    }

    /** Whether a path below {@code data/} is in the manifest, or is another Unicode form of a listed path. */
    private static Predicate<String> listed(Set<String> paths, Path data) {
        Map<String, String> composed = new HashMap<>();
        paths.stream()
                .filter(path -> path.chars().anyMatch(c -> c >= 128))
                .forEach(path -> composed.put(FileNames.nfc(path), path));
        FileNames names = new FileNames(data);
        return path -> {
            String other = paths.contains(path) ? null : composed.get(FileNames.nfc(path));
            return paths.contains(path)
                    || (other != null && oneFile(names.of(new FilePath(other)), data.resolve(path)));
        };
    }

    /** Whether two names lead to the same file, as on a disk that treats both Unicode forms as the same name. */
    private static boolean oneFile(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * What is in a folder and the folders below it.
     *
     * @param regular paths of known regular files. The disk is not asked about them: for a large mirror, that is half of all calls
     */
    private static Area area(
            Path root, String below, String shown, Set<Path> without, Predicate<String> own, Predicate<String> regular)
            throws IOException {
        List<Path> files = new ArrayList<>();
        List<Path> emptyFolders = new ArrayList<>();
        Deque<Path> folders = new ArrayDeque<>(List.of(root));
        while (!folders.isEmpty()) {
            Path folder = folders.remove();
            boolean empty = true;
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
                for (Path entry : entries) {
                    empty = false;
                    String path = root.relativize(entry).toString();
                    if (without.contains(entry) || regular.test(path)) {
                        continue;
                    }
                    if (Files.readAttributes(entry, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                            .isDirectory()) {
                        folders.add(entry);
                    } else if (!own.test(path)) {
                        files.add(root.relativize(entry));
                    }
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            Path path = root.relativize(folder);
            if (empty && !folder.equals(root) && !own.test(path.toString())) {
                emptyFolders.add(path);
            }
        }
        return new Area(root, below, shown, files, emptyFolders);
    }

    /** The parts of the bag. */
    List<Area> areas() {
        return List.of(data, beside);
    }

    /** The folder that contains them all, for messages. */
    Path where() {
        return beside.files().isEmpty() ? data.root() : bag;
    }

    /** The names of the files and links, sorted; empty if there are none. */
    public List<String> names() {
        return areas().stream()
                .flatMap(area -> area.files().stream().map(area::name))
                .sorted()
                .toList();
    }

    /**
     * The names of the extra files of a replaced bag that the current bag lacks, or has with other content.
     *
     * @throws Problem as {@link #of}
     */
    public static List<String> lacking(Path replaced, Path current) throws Problem {
        List<String> lacking = new ArrayList<>();
        for (Area area : in(replaced).areas()) {
            Path there = current.resolve(area.below());
            for (Path file : area.files()) {
                if (!same(area.root().resolve(file), there.resolve(file))) {
                    lacking.add(area.name(file));
                }
            }
        }
        return lacking;
    }

    private static boolean same(Path one, Path other) throws Problem {
        try {
            if (!Files.exists(other, LinkOption.NOFOLLOW_LINKS)) {
                return false;
            }
            if (Files.isSymbolicLink(one)) {
                return Files.isSymbolicLink(other)
                        && Files.readSymbolicLink(one).equals(Files.readSymbolicLink(other));
            }
            return Files.isRegularFile(one)
                    && Files.isRegularFile(other, LinkOption.NOFOLLOW_LINKS)
                    && Files.mismatch(one, other) < 0;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot compare " + one + " and " + other, e));
        }
    }

    /**
     * Refuses extra files where the dataset will have a file or a folder.
     *
     * @param dataset the files that the dataset will have, as far as they are known
     * @throws Problem {@code EXTRA_FILES}, which names them, if there are any
     */
    public void refuseInPlaceOf(Collection<FilePath> dataset) throws Problem {
        if (data.files().isEmpty()) {
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
        for (Path file : data.files()) {
            boolean blocked = folders.contains(file.toString());
            for (Path path = file; path != null && !blocked; path = path.getParent()) {
                blocked = wanted.contains(path.toString());
            }
            if (blocked) {
                inTheWay.add(file.toString());
            }
        }
        if (!inTheWay.isEmpty()) {
            throw inPlaceOfTheDatasets(inTheWay, where());
        }
    }

    static Problem inPlaceOfTheDatasets(List<String> paths, Path where) {
        return problem(
                Count.of(paths.size(), "file") + " in " + where + " would be replaced by files of the dataset",
                paths,
                where);
    }

    private static Problem problem(String what, List<String> paths, Path where) {
        return new Problem(
                Problem.Kind.EXTRA_FILES,
                what + listed(paths),
                "move them out of " + where
                        + "; `pull`, `verify --repair` and `remove` delete them with --discard-extra");
    }

    /** A colon, and the first of the paths on lines of their own. */
    static String listed(List<String> paths) {
        StringBuilder lines = new StringBuilder(":");
        paths.stream().limit(LISTED).forEach(path -> lines.append("\n  ").append(TerminalText.safeLine(path)));
        if (paths.size() > LISTED) {
            lines.append("\n  and ").append(paths.size() - LISTED).append(" more");
        }
        return lines.toString();
    }
}
