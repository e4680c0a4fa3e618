package org.histods.unpack;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.GitObjects;

/**
 * The complete files of an unpacked archive, below a folder in staging.
 *
 * @param root the folder
 * @param files sorted by path
 * @param skipped names of entries that were left out on purpose
 * @param notes what the user should know of how the archive was read
 */
public record UnpackedTree(Path root, List<UnpackedFile> files, List<String> skipped, List<String> notes) {

    public UnpackedTree {
        files = files.stream().sorted((a, b) -> a.path().compareTo(b.path())).toList();
        skipped = List.copyOf(skipped);
        notes = List.copyOf(notes);
    }

    /** The paths of the files, as a view. */
    public List<FilePath> paths() {
        return new AbstractList<>() {
            @Override
            public FilePath get(int index) {
                return files.get(index).path();
            }

            @Override
            public int size() {
                return files.size();
            }
        };
    }

    /**
     * The git tree id of the files below {@code folder} (empty for all).
     *
     * @throws IllegalStateException if a file was unpacked without its git blob id
     */
    public Checksum gitTree(String folder) {
        GitObjects.Tree tree = new GitObjects.Tree();
        String prefix = folder.isEmpty() ? "" : folder + "/";
        for (UnpackedFile file : files) {
            if (!file.path().text().startsWith(prefix)) {
                continue;
            }
            Checksum blob = file.checksums().get(Algorithm.GIT_BLOB);
            if (blob == null) {
                throw new IllegalStateException(file.path() + " has no git blob id");
            }
            tree.add(file.path().text().substring(prefix.length()), file.executable(), blob);
        }
        return tree.id();
    }
}
