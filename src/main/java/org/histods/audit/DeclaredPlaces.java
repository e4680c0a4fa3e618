package org.histods.audit;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * Where a project wants its declared datasets: what lies there belongs there, if it is of that dataset.
 *
 * @param ids from the path in the project's folder to the catalogue's id
 */
record DeclaredPlaces(Map<String, String> ids) {

    DeclaredPlaces {
        ids = Map.copyOf(ids);
    }

    /** The ids that are declared. */
    Set<String> declared() {
        return Set.copyOf(ids.values());
    }

    /** Whether that file or link, a path from the project's folder, lies in the place of that dataset. */
    boolean holds(String path, String id) {
        for (Path at = Path.of(path); at != null; at = at.getParent()) {
            if (id.equals(ids.get(at.toString()))) {
                return true;
            }
        }
        return false;
    }
}
