package org.histods.pull.local;

import java.nio.file.Path;
import java.util.Map;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;

/**
 * A folder of the user whose files are used instead of downloads where they are the same.
 *
 * @param folder only read, except with {@link How#MOVE}
 * @param how its files get into the mirror
 * @param fetch whether missing files are fetched; otherwise the dataset has only those that were found
 * @param manifest the checksums of the dataset's files in another bag, by path; empty if there is none
 */
public record Offer(Path folder, How how, boolean fetch, Map<FilePath, Checksum> manifest) {

    /** How files get into the mirror. */
    public enum How {
        /** The user's files stay as they are. */
        COPY,
        /** Hard links: no space is needed, and the files become read-only, as they are those of the mirror. */
        LINK,
        /** As {@link #LINK}, and the names in the user's folder are deleted when the dataset is in the mirror. */
        MOVE
    }

    public Offer {
        manifest = Map.copyOf(manifest);
    }
}
