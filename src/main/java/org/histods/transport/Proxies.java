package org.histods.transport;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The proxies between us and the hosts, as the environment names them. This machine itself is never asked through one.
 * Immutable.
 */
public final class Proxies {

    private final @Nullable HttpUrl http;
    private final @Nullable HttpUrl https;
    private final List<String> except;

    private Proxies(@Nullable HttpUrl http, @Nullable HttpUrl https, List<String> except) {
        this.http = http;
        this.https = https;
        this.except = List.copyOf(except);
    }

    public static Proxies none() {
        return new Proxies(null, null, List.of());
    }

    /**
     * From {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in lower or upper case; the
     * lower case wins. {@code HTTP_PROXY} in upper case is not read, as curl does not: in a CGI program a request sets
     * it.
     *
     * @throws Problem {@code USAGE} if one is no http or https address
     */
    public static Proxies from(Map<String, String> environment) throws Problem {
        HttpUrl any = proxy("all_proxy", value(environment, "all_proxy"));
        HttpUrl https = proxy("https_proxy", value(environment, "https_proxy"));
        HttpUrl http = proxy("http_proxy", environment.get("http_proxy"));
        List<String> except = new ArrayList<>();
        String list = value(environment, "no_proxy");
        for (String entry : (list == null ? "" : list).toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            String host = entry.replaceFirst(":\\d+$", "").replaceFirst("^\\*?\\.", "");
            if (!host.isEmpty()) {
                except.add(host);
            }
        }
        return new Proxies(http == null ? any : http, https == null ? any : https, except);
    }

    /** The proxy for an address; null for none. */
    @Nullable
    HttpUrl forHost(String scheme, String host) {
        if (HostRewrites.loopback(host) || except.contains("*")) {
            return null;
        }
        for (String entry : except) {
            if (host.equals(entry) || host.endsWith("." + entry)) {
                return null;
            }
        }
        return scheme.equals("https") ? https : http;
    }

    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
                HttpUrl proxy = forHost(uri.getScheme(), host.replaceAll("[\\[\\]]", ""));
                return List.of(
                        proxy == null
                                ? Proxy.NO_PROXY
                                : new Proxy(
                                        Proxy.Type.HTTP,
                                        InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                // The failed attempt itself tells.
            }
        };
    }

    /** The header that the proxy was given a login for; null where there is none. */
    @Nullable
    String login(String proxyHost, int proxyPort) {
        for (HttpUrl proxy : new @Nullable HttpUrl[] {https, http}) {
            if (proxy != null
                    && proxy.host().equals(proxyHost)
                    && proxy.port() == proxyPort
                    && !proxy.username().isEmpty()) {
                return okhttp3.Credentials.basic(proxy.username(), proxy.password());
            }
        }
        return null;
    }

    private static @Nullable String value(Map<String, String> environment, String name) {
        String value = environment.get(name);
        return value != null ? value : environment.get(name.toUpperCase(Locale.ROOT));
    }

    private static @Nullable HttpUrl proxy(String name, @Nullable String value) throws Problem {
        if (value == null || value.isBlank()) {
            return null;
        }
        HttpUrl url = HttpUrl.parse(value.contains("://") ? value.strip() : "http://" + value.strip());
        if (url == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the environment variable " + name + " holds no http or https address of a proxy",
                    "write it like http://proxy.example:3128");
        }
        return url;
    }
}
