package org.histods.transport;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The {@link HostPolicy} of each host. A key is a host, or {@code *.} and a suffix for every host below it; the host
 * itself wins over a suffix, a longer suffix over a shorter one. Immutable.
 */
public final class HostPolicies {

    private static final HostPolicy DEFAULT = new HostPolicy(4, 0, 1);

    private final Map<String, HostPolicy> byHost;

    private HostPolicies(Map<String, HostPolicy> byHost) {
        this.byHost = Collections.unmodifiableMap(byHost);
    }

    /** No policies but the default one. */
    public static HostPolicies none() {
        return new HostPolicies(Map.of());
    }

    /** All policies by key, in the order above; immutable. */
    public Map<String, HostPolicy> table() {
        return byHost;
    }

    /** These policies with some replaced or added. */
    public HostPolicies with(Map<String, HostPolicy> overrides) {
        Map<String, HostPolicy> both = new LinkedHashMap<>(byHost);
        overrides.forEach((host, policy) -> both.put(host.toLowerCase(Locale.ROOT), policy));
        return new HostPolicies(both);
    }

    /** The policy of that host; four connections and one segment where no key matches. */
    public HostPolicy of(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        HostPolicy policy = byHost.get(name);
        for (int dot = name.indexOf('.'); policy == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            policy = byHost.get("*" + name.substring(dot));
        }
        return policy == null ? byHost.getOrDefault("*", DEFAULT) : policy;
    }
}
