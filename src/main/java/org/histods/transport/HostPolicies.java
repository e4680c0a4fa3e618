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

    /** The limits that hosts publish; where they publish none, limits that worked for other tools. */
    public static HostPolicies defaults() {
        Map<String, HostPolicy> table = new LinkedHashMap<>();

        // Zenodo: 133 requests a minute for guests; more than four parallel downloads were blocked, two never.
        table.put("zenodo.org", new HostPolicy(2, 100, 1));
        table.put("*.zenodo.org", new HostPolicy(2, 100, 1));

        // figshare: "not more than one request per second".
        table.put("figshare.com", new HostPolicy(2, 60, 1));
        table.put("*.figshare.com", new HostPolicy(2, 60, 1));

        // GitHub: the API allows 60 requests an hour without a token; raw files are throttled since May 2025.
        table.put("api.github.com", new HostPolicy(1, 60, 1));
        table.put("raw.githubusercontent.com", new HostPolicy(2, 60, 1));
        table.put("github.com", new HostPolicy(2, 60, 1));
        table.put("codeload.github.com", new HostPolicy(2, 0, 1));

        // Google Drive counts downloads of a file and blocks it for a day.
        table.put("drive.google.com", new HostPolicy(1, 30, 1));
        table.put("docs.google.com", new HostPolicy(1, 30, 1));
        table.put("drive.usercontent.google.com", new HostPolicy(1, 30, 1));

        // Object stores are built for many parallel ranges; IDC and CAMELYON are there.
        table.put("*.amazonaws.com", new HostPolicy(8, 0, 4));
        table.put("storage.googleapis.com", new HostPolicy(8, 0, 4));
        table.put("*.storage.googleapis.com", new HostPolicy(8, 0, 4));
        table.put("*.wasabisys.com", new HostPolicy(8, 0, 4));

        // Hugging Face: 3,000 files and 500 other requests in five minutes without a token; the host sends other limits in headers.
        table.put("huggingface.co", new HostPolicy(4, 300, 4));
        table.put("*.huggingface.co", new HostPolicy(8, 0, 4));
        table.put("*.hf.co", new HostPolicy(8, 0, 4));

        // OSF: 75 files a minute.
        table.put("osf.io", new HostPolicy(2, 60, 1));
        table.put("*.osf.io", new HostPolicy(2, 60, 1));

        table.put("www.kaggle.com", new HostPolicy(2, 60, 1));
        table.put("api.kaggle.com", new HostPolicy(2, 60, 1));
        table.put("data.mendeley.com", new HostPolicy(2, 60, 1));
        table.put("dataverse.harvard.edu", new HostPolicy(2, 0, 1));
        table.put("grand-challenge.org", new HostPolicy(2, 60, 1));
        table.put("*.grand-challenge.org", new HostPolicy(2, 60, 1));
        table.put("warwick.ac.uk", new HostPolicy(2, 0, 1));
        return new HostPolicies(table);
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
