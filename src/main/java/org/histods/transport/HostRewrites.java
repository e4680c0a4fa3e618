package org.histods.transport;

import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests for a host to another URL, such as a lab's proxy or a test server, and knows which hosts may be used
 * over plain http. Immutable.
 */
public final class HostRewrites {

    private static final Pattern LOOPBACK = Pattern.compile("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");

    private static final String HOST = "{host}";

    private final Map<String, String> targets;
    private final Set<String> allowHttp;
    /** The targets by the hosts that were asked for, parsed. */
    private final Map<String, Target> parsed = new ConcurrentHashMap<>();

    /**
     * The URL that replaces the root of a host.
     *
     * @param base with a slash at its end
     * @param origin its scheme, host and port
     */
    private record Target(HttpUrl base, URI origin) {

        static Target of(String url) {
            HttpUrl base = HttpUrl.get(url);
            HttpUrl.Builder root = new HttpUrl.Builder()
                    .scheme(base.scheme())
                    .host(base.host())
                    .port(base.port());
            return new Target(base, root.build().uri());
        }
    }

    private HostRewrites(Map<String, String> targets, Set<String> allowHttp) {
        this.targets = Map.copyOf(targets);
        this.allowHttp = Set.copyOf(allowHttp);
    }

    /** No rewrites; plain http to this machine only. */
    public static HostRewrites none() {
        return new HostRewrites(Map.of(), Set.of());
    }

    /**
     * Checks all of them before the first request.
     *
     * @param targets from a host, or {@code *} for every other host, to the URL that replaces it; {@code {host}} in the
     *     URL stands for the host, and the request's path and query are appended
     * @param allowHttp hosts that may be used over plain http, besides this machine
     * @throws Problem {@code USAGE} if a target is not an http or https URL, or uses plain http without being allowed
     */
    public static HostRewrites of(Map<String, String> targets, Set<String> allowHttp) throws Problem {
        Set<String> unencrypted = new HashSet<>();
        allowHttp.forEach(host -> unencrypted.add(host.toLowerCase(Locale.ROOT)));
        Map<String, String> checked = new LinkedHashMap<>();
        for (Map.Entry<String, String> entry : targets.entrySet()) {
            String host = entry.getKey().toLowerCase(Locale.ROOT);
            String target = entry.getValue().replaceAll("/+$", "");
            HttpUrl example = HttpUrl.parse(target.replace(HOST, "host.example"));
            if (host.isBlank() || example == null || example.query() != null || example.fragment() != null) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "the route " + entry.getKey() + "=" + SecretPatterns.redact(entry.getValue())
                                + " is not HOST=URL with an http or https URL without a query",
                        "write it like zenodo.org=https://proxy.example/{host}");
            }
            if (!example.isHttps() && !unencryptedAllowed(example.host(), unencrypted)) {
                throw unencryptedRefused(example, "the route for " + entry.getKey());
            }
            checked.put(host, target);
        }
        return new HostRewrites(checked, unencrypted);
    }

    /**
     * The URL that a request for {@code original} is sent to.
     *
     * @param unencrypted whether plain http is allowed for the original URL
     * @throws Problem {@code USAGE} if that would be plain http to a host that is not allowed
     */
    HttpUrl wire(HttpUrl original, boolean unencrypted) throws Problem {
        HttpUrl base = base(original.host());
        if (base == null) {
            if (!original.isHttps() && !unencrypted && !unencryptedAllowed(original.host(), allowHttp)) {
                throw unencryptedRefused(
                        original, SecretPatterns.cleanUrl(original).toString());
            }
            return original;
        }
        String folder = base.encodedPath();
        HttpUrl wire = base.newBuilder()
                .encodedPath(folder.substring(0, folder.length() - 1) + original.encodedPath())
                .encodedQuery(original.encodedQuery())
                .build();
        // of() checked a template such as http://{host}.example for one name only.
        if (!wire.isHttps() && !unencryptedAllowed(wire.host(), allowHttp)) {
            throw unencryptedRefused(wire, "the route for " + original.host());
        }
        return wire;
    }

    /**
     * The original URL of an absolute redirect: a proxy that names itself in {@code Location} means the host that it
     * replaces.
     *
     * @param requested the URL that redirects, before rewriting
     */
    HttpUrl unrouted(HttpUrl location, HttpUrl requested) {
        HttpUrl base = base(requested.host());
        if (base == null) {
            return location;
        }
        String start = base.toString();
        String text = location.toString();
        if (!text.startsWith(start)) {
            return location;
        }
        HttpUrl root = requested
                .newBuilder()
                .encodedPath("/")
                .query(null)
                .fragment(null)
                .build();
        HttpUrl original = HttpUrl.parse(root + text.substring(start.length()));
        return original == null ? location : original;
    }

    /**
     * Checks a request by a protocol that is never encrypted.
     *
     * @param url for the message
     * @throws Problem {@code USAGE} if that host is not allowed without encryption
     */
    void requireUnencryptedAllowed(String host, String url) throws Problem {
        if (!unencryptedAllowed(host.toLowerCase(Locale.ROOT), allowHttp)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "refused " + url + ": ftp is not encrypted, so others on the network can read and change the data",
                    "use another source, or, if you accept the risk, add " + host
                            + " to the list allow-http in the settings file");
        }
    }

    boolean isRouted(String host) {
        return targets.containsKey(host) || targets.containsKey("*");
    }

    /** Where the requests for a host go instead, without user, path and query; null if the host is not routed. */
    @Nullable
    URI route(String host) {
        Target target = target(host);
        return target == null ? null : target.origin();
    }

    private @Nullable HttpUrl base(String host) {
        Target target = target(host);
        return target == null ? null : target.base();
    }

    private @Nullable Target target(String host) {
        String url = targets.getOrDefault(host, targets.get("*"));
        return url == null ? null : parsed.computeIfAbsent(host, name -> Target.of(url.replace(HOST, name) + "/"));
    }

    static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || (host.startsWith("127.") && LOOPBACK.matcher(host).matches());
    }

    private static boolean unencryptedAllowed(String host, Set<String> allowHttp) {
        return isLoopback(host) || allowHttp.contains(host);
    }

    private static Problem unencryptedRefused(HttpUrl url, String what) {
        return new Problem(
                Problem.Kind.USAGE,
                "refused " + what + ": plain http to " + url.host()
                        + " is not encrypted, so others on the network can read and change the data",
                "use an https URL, or, if you accept the risk, add " + url.host()
                        + " to the list allow-http in the settings file");
    }
}
