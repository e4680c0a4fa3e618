package org.histods.transport;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Which host is asked elsewhere, such as at a lab's proxy or a test origin, and which hosts may be asked over plain
 * http at all. Immutable.
 */
public final class HostRewrites {

    private static final String HOST = "{host}";

    private final Map<String, String> targets;
    private final Set<String> allowHttp;

    private HostRewrites(Map<String, String> targets, Set<String> allowHttp) {
        this.targets = Map.copyOf(targets);
        this.allowHttp = Set.copyOf(allowHttp);
    }

    /** Every host is asked where it is, and plain http goes to this machine only. */
    public static HostRewrites none() {
        return new HostRewrites(Map.of(), Set.of());
    }

    /**
     * Checks them at once, so that a slip shows before anything is asked.
     *
     * @param targets from a host, or {@code *} for every host without an entry of its own, to the address that is asked
     *     in its place; {@code {host}} in the address stands for the host, and the request's path and query are appended
     * @param allowHttp hosts that may be asked over plain http, besides this machine
     * @throws Problem {@code USAGE} if a target is no http or https address, or a plain http one that is not allowed
     */
    public static HostRewrites of(Map<String, String> targets, Set<String> allowHttp) throws Problem {
        Set<String> plain = new HashSet<>();
        allowHttp.forEach(host -> plain.add(host.toLowerCase(Locale.ROOT)));
        Map<String, String> checked = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : targets.entrySet()) {
            String host = entry.getKey().toLowerCase(Locale.ROOT);
            String target = entry.getValue().replaceAll("/+$", "");
            HttpUrl example = HttpUrl.parse(target.replace(HOST, "host.example"));
            if (host.isBlank() || example == null || example.query() != null || example.fragment() != null) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "the route " + entry.getKey() + "=" + SecretPatterns.scrub(entry.getValue())
                                + " is not HOST=URL with an http or https address without a query",
                        "write it like zenodo.org=https://proxy.example/{host}");
            }
            if (!example.isHttps() && !mayBePlain(example.host(), plain)) {
                throw plainRefused(example, "the route for " + entry.getKey());
            }
            checked.put(host, target);
        }
        return new HostRewrites(checked, plain);
    }

    /**
     * Where the request for this address really goes.
     *
     * @param plain whether this address may be asked without encryption, if there is no route for it
     * @throws Problem {@code USAGE} if that would be plain http to a host that is not allowed
     */
    HttpUrl wire(HttpUrl original, boolean plain) throws Problem {
        String prefix = prefix(original.host());
        if (prefix == null) {
            if (!original.isHttps() && !plain && !mayBePlain(original.host(), allowHttp)) {
                throw plainRefused(original, SecretPatterns.clean(original).toString());
            }
            return original;
        }
        String query = original.encodedQuery();
        HttpUrl wire = HttpUrl.get(prefix + original.encodedPath() + (query == null ? "" : "?" + query));
        // A template such as http://{host}.example was checked for one name only.
        if (!wire.isHttps() && !mayBePlain(wire.host(), allowHttp)) {
            throw plainRefused(wire, "the route for " + original.host());
        }
        return wire;
    }

    /**
     * The address that an absolute redirect means: a proxy that names itself means the host it stands for.
     *
     * @param asked the address whose answer redirects, before its route
     */
    HttpUrl unrouted(HttpUrl location, HttpUrl asked) {
        String prefix = prefix(asked.host());
        if (prefix == null) {
            return location;
        }
        String start = HttpUrl.get(prefix).toString().replaceAll("/+$", "") + "/";
        String text = location.toString();
        if (!text.startsWith(start)) {
            return location;
        }
        HttpUrl root =
                asked.newBuilder().encodedPath("/").query(null).fragment(null).build();
        HttpUrl meant = HttpUrl.parse(root + text.substring(start.length()));
        return meant == null ? location : meant;
    }

    /**
     * For protocols that are never encrypted.
     *
     * @param what would be fetched, for the message
     * @throws Problem {@code USAGE} if that host is not allowed without encryption
     */
    void plainMust(String host, String what) throws Problem {
        if (!mayBePlain(host.toLowerCase(Locale.ROOT), allowHttp)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    what + " would come over plain ftp, where anybody on the way can read and change it",
                    "use another source, or, if you accept that, add " + host
                            + " to the list allow-http in the configuration file");
        }
    }

    boolean routed(String host) {
        return prefix(host) != null;
    }

    private @Nullable String prefix(String host) {
        String target = targets.getOrDefault(host, targets.get("*"));
        return target == null ? null : target.replace(HOST, host);
    }

    static boolean loopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    private static boolean mayBePlain(String host, Set<String> allowHttp) {
        return loopback(host) || allowHttp.contains(host);
    }

    private static Problem plainRefused(HttpUrl url, String what) {
        return new Problem(
                Problem.Kind.USAGE,
                what + " would go to " + url.host()
                        + " over plain http, where anybody on the way can read and change it",
                "use an https address, or, if you accept that, add " + url.host()
                        + " to the list allow-http in the configuration file");
    }
}
