package org.histods.demo;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The faults that have not happened yet. Safe to share between threads. */
final class FaultPlan {

    private final List<InjectedFault> faults;
    private final Set<InjectedFault> over = new HashSet<>();

    FaultPlan(List<InjectedFault> faults) {
        this.faults = List.copyOf(faults);
    }

    /**
     * The fault for this response, null for none. A fault that happens once is used up.
     *
     * @param bytes length of the body that would be sent
     */
    synchronized @Nullable InjectedFault next(String host, String path, int bytes) {
        for (InjectedFault fault : faults) {
            if (fault.affects(host, path) && bytes > fault.bytes() && (!fault.onlyOnce() || over.add(fault))) {
                return fault;
            }
        }
        return null;
    }
}
