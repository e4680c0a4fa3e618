package org.histods.source;

import java.util.List;
import java.util.Map;

/**
 * Which folders of a listing are wanted. A host that keeps each folder in a listing of its own, such as a DICOM series, is
 * asked only for those.
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
