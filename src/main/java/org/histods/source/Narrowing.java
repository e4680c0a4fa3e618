package org.histods.source;

import java.util.List;
import java.util.Map;

/**
 * Restricts a listing to the folders that can match a selection. If a host lists each folder separately, such as a
 * DICOM series, only these folders are requested.
 */
public interface Narrowing {

    /** Everything. */
    Narrowing NONE = folders -> folders;

    /**
     * A folder whose files are not listed yet.
     *
     * @param path in the dataset, with a slash at the end
     * @param attributes of all its files, as in {@link RemoteFile#attributes}
     */
    record Folder(String path, Map<String, String> attributes) {}

    /** The folders that may hold wanted files, in their order. */
    List<Folder> narrow(List<Folder> folders);
}
