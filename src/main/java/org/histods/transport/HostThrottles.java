package org.histods.transport;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One gate for each host. */
final class HostGates {

    private final HostPolicies policies;
    private final @Nullable Path stateDir;
    private final Map<String, HostGate> gates = new ConcurrentHashMap<>();

    HostGates(HostPolicies policies, @Nullable Path stateDir) {
        this.policies = policies;
        this.stateDir = stateDir;
    }

    HostGate of(String host) {
        return gates.computeIfAbsent(host, this::make);
    }

    private HostGate make(String host) {
        HostPolicy policy = policies.of(host);
        SharedPace shared = stateDir == null ? null : new SharedPace(stateDir, host, policy.connections());
        return new HostGate(host, policy, shared);
    }
}
