package org.histods.audit.evidence;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.histods.dataset.DatasetId;

/**
 * The paths of a project's declared datasets; files of a dataset below its path are not copies.
 *
 * @param ids from the path in the project's folder to the catalogue's id
 */
public record DeclaredPaths(Map<String, DatasetId> ids) {

    public DeclaredPaths {
        ids = Map.copyOf(ids);
    }

    /** The declared ids. */
    Set<DatasetId> declared() {
        return Set.copyOf(ids.values());
    }

    /** Whether that file or link, a path from the project's folder, is below the path of that dataset. */
    boolean holds(String path, DatasetId id) {
        for (Path at = Path.of(path); at != null; at = at.getParent()) {
            if (id.equals(ids.get(at.toString()))) {
                return true;
            }
        }
        return false;
    }
}
