package org.histods.transport;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The throttle of each host. */
final class HostThrottles {

    private final HostPolicies policies;
    private final @Nullable Path stateDir;
    private final Map<String, HostThrottle> throttles = new ConcurrentHashMap<>();

    HostThrottles(HostPolicies policies, @Nullable Path stateDir) {
        this.policies = policies;
        this.stateDir = stateDir;
    }

    HostThrottle of(String host) {
        return throttles.computeIfAbsent(host, this::make);
    }

    private HostThrottle make(String host) {
        HostPolicy policy = policies.of(host);
        CrossProcessThrottle shared =
                stateDir == null ? null : new CrossProcessThrottle(stateDir, host, policy.connections());
        return new HostThrottle(host, policy, shared);
    }
}
