package org.histods.demo;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which mishaps are still to come. Safe to share between threads. */
final class FaultPlan {

    private final List<InjectedFault> mishaps;
    private final Set<InjectedFault> over = new HashSet<>();

    FaultPlan(List<InjectedFault> mishaps) {
        this.mishaps = List.copyOf(mishaps);
    }

    /**
     * What befalls this answer, null for nothing. What happens only once does not come again.
     *
     * @param bytes length of the body that would be sent
     */
    synchronized @Nullable InjectedFault next(String host, String path, int bytes) {
        for (InjectedFault mishap : mishaps) {
            if (mishap.befalls(host, path) && bytes > mishap.bytes() && (!mishap.onlyOnce() || over.add(mishap))) {
                return mishap;
            }
        }
        return null;
    }
}
