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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** The proxies that the environment names. Requests to this machine use none. Immutable. */
public final class Proxies {

    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://.*", Pattern.DOTALL);
    private static final Pattern PORT = Pattern.compile("://[^/]*:\\d+(?:/.*)?$");

    /** The port of SOCKS (RFC 1928). */
    private static final int SOCKS_PORT = 1080;

    private final @Nullable ProxyServer http;
    private final @Nullable ProxyServer https;
    private final List<String> except;

    private Proxies(@Nullable ProxyServer http, @Nullable ProxyServer https, List<String> except) {
        this.http = http;
        this.https = https;
        this.except = List.copyOf(except);
    }

    public static Proxies none() {
        return new Proxies(null, null, List.of());
    }

    /**
     * Reads {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in lower or upper case;
     * lower case wins. {@code all_proxy} counts, and is looked at, only where the more specific variable is not set.
     * {@code HTTP_PROXY} in upper case is not read, as in curl: in a CGI program a request sets it.
     *
     * @throws Problem {@code USAGE} if one does not name an http, socks5 or socks5h proxy
     */
    public static Proxies from(Map<String, String> environment) throws Problem {
        ProxyServer https = proxy(environment, "https_proxy", true);
        ProxyServer http = proxy(environment, "http_proxy", false);
        ProxyServer any = https == null || http == null ? proxy(environment, "all_proxy", true) : null;
        List<String> except = new ArrayList<>();
        String list = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
        for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            String host = entry.replaceFirst(":\\d+$", "").replaceFirst("^\\*?\\.", "");
            if (!host.isEmpty()) {
                except.add(host);
            }
        }
        return new Proxies(http == null ? any : http, https == null ? any : https, except);
    }

    /** The proxy for requests of that scheme to that host; null for none. */
    @Nullable
    ProxyServer forHost(String scheme, String host) {
        if (HostRewrites.isLoopback(host) || except.contains("*")) {
            return null;
        }
        for (String entry : except) {
            if (host.equals(entry) || host.endsWith("." + entry)) {
                return null;
            }
        }
        return scheme.equals("https") ? https : http;
    }

    @Nullable
    ProxyServer forUrl(HttpUrl url) {
        return forHost(url.scheme(), url.host());
    }

    /** Selects the HTTP proxies; those of SOCKS are reached by {@link Socks5SocketFactory}. */
    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
                ProxyServer proxy = forHost(uri.getScheme(), host.replaceAll("[\\[\\]]", ""));
                return List.of(
                        proxy == null || proxy.socks()
                                ? Proxy.NO_PROXY
                                : new Proxy(
                                        Proxy.Type.HTTP,
                                        InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException failure) {
                // The request attempt itself fails and reports it.
            }
        };
    }

    /** The {@code Proxy-Authorization} header for that HTTP proxy; null where its URL holds no credentials. */
    @Nullable
    String authorization(String proxyHost, int proxyPort) {
        for (ProxyServer proxy : new @Nullable ProxyServer[] {https, http}) {
            if (proxy != null
                    && !proxy.socks()
                    && proxy.host().equals(proxyHost)
                    && proxy.port() == proxyPort
                    && proxy.user() != null) {
                return okhttp3.Credentials.basic(proxy.user(), proxy.password());
            }
        }
        return null;
    }

    private static @Nullable ProxyServer proxy(Map<String, String> environment, String variable, boolean upperCase)
            throws Problem {
        String lower = environment.get(variable);
        String name = lower == null && upperCase ? variable.toUpperCase(Locale.ROOT) : variable;
        String value = environment.getOrDefault(name, "").strip();
        if (value.isEmpty()) {
            return null;
        }
        Matcher matcher = SCHEME.matcher(value);
        String scheme = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "http";
        ProxyServer.Protocol protocol = switch (scheme) {
            case "http", "https" -> ProxyServer.Protocol.HTTP;
            case "socks", "socks5" -> ProxyServer.Protocol.SOCKS5;
            case "socks5h" -> ProxyServer.Protocol.SOCKS5_REMOTE_DNS;
            default -> throw unusable(name, scheme + " is not supported");
        };
        // HttpUrl reads the parts of an authority, but only of http and https.
        String rest = matcher.matches() ? value.substring(value.indexOf("://")) : "://" + value;
        HttpUrl url = HttpUrl.parse((scheme.equals("https") ? "https" : "http") + rest);
        if (url == null) {
            throw unusable(name, "it is not a URL");
        }
        boolean socks = protocol != ProxyServer.Protocol.HTTP;
        int port = socks && !PORT.matcher(rest).find() ? SOCKS_PORT : url.port();
        String user = url.username().isEmpty() ? null : url.username();
        return new ProxyServer(protocol, url.host(), port, user, url.password(), name);
    }

    /** Without the value, which may hold a password. */
    private static Problem unusable(String variable, String why) {
        return new Problem(
                Problem.Kind.USAGE,
                "the environment variable " + variable + " names no proxy that histods can use: " + why,
                "set " + variable + " to http://HOST:PORT, socks5://HOST:PORT or socks5h://HOST:PORT, or unset it");
    }
}
