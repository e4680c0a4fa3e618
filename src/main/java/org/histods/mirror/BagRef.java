package org.histods.mirror;

import java.nio.file.Path;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;

/**
 * A complete bag in the mirror.
 *
 * @param id of the dataset
 * @param version the dataset's version, with the variant if it is not the preferred one; the folder's name
 * @param path the bag's folder
 */
public record BagRef(DatasetId id, DatasetVersion version, Path path) {

    /** Where the dataset's own files are. */
    public Path data() {
        return path.resolve("data");
    }
}
