package org.histods.mirror;

import java.nio.file.Path;

/**
 * A bag that is in the mirror, whole.
 *
 * @param id of the dataset
 * @param version the folder's name: the dataset's version, with {@code +variant} where it is not the preferred one
 * @param path the bag's folder
 */
public record BagRef(String id, String version, Path path) {

    /** Where the dataset's own files are. */
    public Path data() {
        return path.resolve("data");
    }
}
