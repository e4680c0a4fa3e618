package org.histods.unpack;

import java.nio.file.Path;
import java.util.List;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.GitObjects;

/**
 * The complete files of an unpacked archive, below a folder in staging.
 *
 * @param root the folder
 * @param files sorted by path
 * @param skipped names of entries that were left out on purpose
 */
public record UnpackedTree(Path root, List<UnpackedFile> files, List<String> skipped) {

    public UnpackedTree {
        files = files.stream().sorted((a, b) -> a.path().compareTo(b.path())).toList();
        skipped = List.copyOf(skipped);
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
