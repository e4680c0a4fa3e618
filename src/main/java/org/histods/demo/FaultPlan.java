package org.histods.demo;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which mishaps are still to come. Safe to share between threads. */
final class Incidents {

    private final List<Mishap> mishaps;
    private final Set<Mishap> over = new HashSet<>();

    Incidents(List<Mishap> mishaps) {
        this.mishaps = List.copyOf(mishaps);
    }

    /**
     * What befalls this answer, null for nothing. What happens only once does not come again.
     *
     * @param bytes length of the body that would be sent
     */
    synchronized @Nullable Mishap next(String host, String path, int bytes) {
        for (Mishap mishap : mishaps) {
            if (mishap.befalls(host, path) && bytes > mishap.bytes() && (!mishap.onlyOnce() || over.add(mishap))) {
                return mishap;
            }
        }
        return null;
    }
}
