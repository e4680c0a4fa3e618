package org.histods.provenance;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;

/**
 * The selected files of a dataset. A glob that matches the path of a remote file or folder selects all of it; a glob that
 * matches none of them is compared with the entries of archives.
 */
public final class FileSelection {

    private final List<String> globs;
    /** The globs that match one path only, in Unicode form NFC: there may be thousands. */
    private final Set<String> literals = new HashSet<>();
    /** The folders above those, with a slash at the end. */
    private final Set<String> foldersOfLiterals = new HashSet<>();

    private final List<Glob> matchers;

    private FileSelection(List<String> globs) throws Problem {
        this.globs = List.copyOf(globs);
        this.matchers = new ArrayList<>();
        for (String text : globs) {
            String literal = Glob.pathOf(text).orElse(null);
            if (literal != null) {
                String path = nfc(literal);
                literals.add(path);
                for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
                    foldersOfLiterals.add(path.substring(0, slash + 1));
                }
                continue;
            }
            try {
                matchers.add(Glob.of(text));
            } catch (IllegalArgumentException e) {
                throw new Problem(Problem.Kind.USAGE, "files cannot be selected: " + e.getMessage());
            }
        }
    }

    private static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /**
     * The names of splits and the globs in the values of {@code --only}, each a list separated by commas.
     *
     * @throws Problem {@code USAGE} if one of them is empty or malformed
     */
    public static List<String> words(List<String> values) throws Problem {
        List<String> words = new ArrayList<>();
        for (String value : values) {
            for (String word : Glob.splitList(value)) {
                try {
                    words.add(Glob.of(word).toString());
                } catch (IllegalArgumentException e) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            "--only '" + value + "': " + e.getMessage(),
                            "give globs or names of splits, such as --only 'train/*.{png,csv}'; a special character in"
                                    + " a file name is written in brackets, such as [[]");
                }
            }
        }
        return words;
    }

    /** Reads {@code --only}: the name of a split stands for its globs. */
    public static FileSelection of(List<String> only, Manifest manifest) throws Problem {
        Map<String, List<String>> splits = manifest.contents().splits();
        List<String> globs = new ArrayList<>();
        for (String word : only) {
            List<String> split = splits.get(word);
            if (split == null) {
                globs.add(word);
            } else {
                globs.addAll(split);
            }
        }
        return new FileSelection(globs);
    }

    /** The selection in a bag's record; empty for everything. */
    public static FileSelection ofGlobs(List<String> globs) throws Problem {
        return new FileSelection(globs);
    }

    /** Whether all files are selected. */
    public boolean everything() {
        return globs.isEmpty();
    }

    /** Whether all of that remote file is selected. */
    public boolean whole(RemoteFile file) {
        if (everything() || matches(file.path())) {
            return true;
        }
        RemoteFile.Slice slice = file.slice();
        return slice != null && !slice.into().isEmpty() && matches(new FilePath(slice.into()));
    }

    /** Whether a file of the dataset is selected by its own path. */
    public boolean matches(FilePath path) {
        return everything()
                || (!literals.isEmpty() && literals.contains(nfc(path.text())))
                || matchers.stream().anyMatch(g -> g.matches(path.text()));
    }

    /**
     * Whether a file below that folder can match. True if in doubt.
     *
     * @param folder ends with a slash
     */
    public boolean mayMatchBelow(String folder) {
        return everything()
                || foldersOfLiterals.contains(nfc(folder))
                || matchers.stream().anyMatch(g -> g.mayMatchBelow(folder));
    }

    /** Whether a folder that this file is in is selected. */
    public boolean matchesFolderOf(FilePath path) {
        for (String folder = path.parent(); !folder.isEmpty(); folder = new FilePath(folder).parent()) {
            if (matches(new FilePath(folder))) {
                return true;
            }
        }
        return false;
    }

    /** Whether some glob matches none of these files, so that it may name entries of archives. */
    public boolean looksInside(List<RemoteFile> files) {
        Set<String> left = new HashSet<>(literals);
        files.forEach(f -> left.remove(nfc(f.path().text())));
        return !left.isEmpty()
                || matchers.stream()
                        .anyMatch(g ->
                                files.stream().noneMatch(f -> g.matches(f.path().text())));
    }

    /** The globs; empty for everything. */
    public List<String> globs() {
        return globs;
    }
}
