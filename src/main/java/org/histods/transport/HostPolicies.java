package org.histods.transport;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Which host wants which {@link HostPolicy}. A key is a host, or {@code *.} and a suffix that stands for every host
 * below it; the host itself wins over a suffix, a longer suffix over a shorter one. Immutable.
 */
public final class HostPolicies {

    private static final HostPolicy ANY_OTHER = new HostPolicy(4, 0, 1);

    private final Map<String, HostPolicy> byHost;

    private HostPolicies(Map<String, HostPolicy> byHost) {
        this.byHost = Collections.unmodifiableMap(byHost);
    }

    /** What the hosts publish, and where they publish nothing, what others got along with. */
    public static HostPolicies defaults() {
        Map<String, HostPolicy> table = new LinkedHashMap<>();

        // Zenodo: 133 requests a minute for guests; more than four downloads at once were blocked, two never.
        table.put("zenodo.org", new HostPolicy(2, 100, 1));
        table.put("*.zenodo.org", new HostPolicy(2, 100, 1));

        // figshare: "not more than one request per second".
        table.put("figshare.com", new HostPolicy(2, 60, 1));
        table.put("*.figshare.com", new HostPolicy(2, 60, 1));

        // GitHub: the interface allows 60 requests an hour without a token; raw files are throttled since May 2025.
        table.put("api.github.com", new HostPolicy(1, 60, 1));
        table.put("raw.githubusercontent.com", new HostPolicy(2, 60, 1));
        table.put("github.com", new HostPolicy(2, 60, 1));
        table.put("codeload.github.com", new HostPolicy(2, 0, 1));

        // Google Drive counts accesses to a file and blocks it for a day.
        table.put("drive.google.com", new HostPolicy(1, 30, 1));
        table.put("docs.google.com", new HostPolicy(1, 30, 1));
        table.put("drive.usercontent.google.com", new HostPolicy(1, 30, 1));

        // Object stores are built for many ranges at once; IDC and CAMELYON lie here.
        table.put("*.amazonaws.com", new HostPolicy(8, 0, 4));
        table.put("storage.googleapis.com", new HostPolicy(8, 0, 4));
        table.put("*.storage.googleapis.com", new HostPolicy(8, 0, 4));
        table.put("*.wasabisys.com", new HostPolicy(8, 0, 4));

        // Hugging Face: 3,000 files and 500 other requests in five minutes without a token; the rest is told by header.
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

    /** All of them, in the order in which they are written; immutable. */
    public Map<String, HostPolicy> table() {
        return byHost;
    }

    /** These policies with some replaced or added; the keys are as in the class comment. */
    public HostPolicies with(Map<String, HostPolicy> overrides) {
        Map<String, HostPolicy> both = new LinkedHashMap<>(byHost);
        overrides.forEach((host, policy) -> both.put(host.toLowerCase(Locale.ROOT), policy));
        return new HostPolicies(both);
    }

    /** Never null: a host that nobody wrote down gets four connections and one segment. */
    public HostPolicy of(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        HostPolicy policy = byHost.get(name);
        for (int dot = name.indexOf('.'); policy == null && dot >= 0; dot = name.indexOf('.', dot + 1)) {
            policy = byHost.get("*" + name.substring(dot));
        }
        return policy == null ? byHost.getOrDefault("*", ANY_OTHER) : policy;
    }
}
