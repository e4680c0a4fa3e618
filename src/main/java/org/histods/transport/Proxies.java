package org.histods.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
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
    /** An exception for one port of a host. */
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^]]*]|[^:]*):(\\d{1,5})");

    private static final Pattern PORT = Pattern.compile("://[^/]*:\\d+(?:/.*)?$");

    /** Names and addresses; HttpUrl also accepts quotes, which shells and .env files leave around a value. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:-]+");

    /** Addresses, which are not looked up. */
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-f]*:[0-9a-f:.]*");

    /** The port of SOCKS (RFC 1928). */
    private static final int SOCKS_PORT = 1080;

    /**
     * What the variables say of the requests of one scheme.
     *
     * @param server null for no proxy
     * @param fault why the variable names none that can be used; reported only if a request needs it
     */
    private record SchemeProxy(
            @Nullable ProxyServer server, @Nullable Problem fault) {

        private static final SchemeProxy NONE = new SchemeProxy(null, null);
    }

    private final SchemeProxy http;
    private final SchemeProxy https;
    private final List<Bypass> except;

    /**
     * What is reached without a proxy.
     *
     * @param host a name, also of those that end with it, an address, a range of addresses, or {@code *}
     * @param port null for all
     */
    private record Bypass(String host, @Nullable Integer port) {

        boolean covers(String to, int toPort) {
            return (port == null || port == toPort)
                    && (host.equals("*") || to.equals(host) || to.endsWith("." + host) || isInRange(to, host));
        }
    }

    private Proxies(SchemeProxy http, SchemeProxy https, List<Bypass> except) {
        this.http = http;
        this.https = https;
        this.except = List.copyOf(except);
    }

    public static Proxies none() {
        return new Proxies(SchemeProxy.NONE, SchemeProxy.NONE, List.of());
    }

    /**
     * Reads {@code https_proxy}, {@code http_proxy}, {@code all_proxy} and {@code no_proxy}, in lower or upper case;
     * lower case wins, and an empty variable is the same as none. {@code all_proxy} counts only where the more specific
     * variable is not set. {@code HTTP_PROXY} in upper case is not read, as in curl: in a CGI program a request sets it.
     */
    public static Proxies from(Map<String, String> environment) {
        SchemeProxy any = schemeProxy(environment, "all_proxy", true, SchemeProxy.NONE);
        SchemeProxy https = schemeProxy(environment, "https_proxy", true, any);
        SchemeProxy http = schemeProxy(environment, "http_proxy", false, any);
        List<Bypass> except = new ArrayList<>();
        String list = value(environment, variable(environment, "no_proxy", true));
        for (String entry : list.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
            Matcher withPort = WITH_PORT.matcher(entry);
            String host = (withPort.matches() ? withPort.group(1) : entry)
                    .replaceFirst("^\\[(.*)]$", "$1")
                    .replaceFirst("^\\*?\\.", "")
                    .replaceFirst("\\.$", "");
            if (!host.isEmpty()) {
                except.add(new Bypass(host, withPort.matches() ? Integer.valueOf(withPort.group(2)) : null));
            }
        }
        return new Proxies(http, https, except);
    }

    /**
     * The proxy for requests to that URL; null for none.
     *
     * @throws Problem {@code USAGE} if the variable for such requests does not name an http, socks5 or socks5h proxy
     */
    @Nullable
    ProxyServer forUrl(HttpUrl url) throws Problem {
        SchemeProxy proxy = schemeProxyFor(url.scheme(), url.host(), url.port());
        if (proxy.fault() != null) {
            throw proxy.fault();
        }
        return proxy.server();
    }

    private SchemeProxy schemeProxyFor(String scheme, String host, int port) {
        if (HostRewrites.isLoopback(host) || except.stream().anyMatch(one -> one.covers(host, port))) {
            return SchemeProxy.NONE;
        }
        return scheme.equals("https") ? https : http;
    }

    /** Whether a host that is an address is in a range such as {@code 10.0.0.0/8}. */
    private static boolean isInRange(String host, String range) {
        String[] parts = range.split("/", 2);
        if (parts.length < 2
                || !ADDRESS.matcher(host).matches()
                || !ADDRESS.matcher(parts[0]).matches()
                || !parts[1].matches("\\d{1,3}")) {
            return false;
        }
        try {
            byte[] one = InetAddress.getByName(host).getAddress();
            byte[] other = InetAddress.getByName(parts[0]).getAddress();
            int bits = Integer.parseInt(parts[1]);
            boolean same = one.length == other.length && bits <= 8 * one.length;
            for (int i = 0; same && i < bits; i++) {
                same = ((one[i / 8] ^ other[i / 8]) >> (7 - i % 8) & 1) == 0;
            }
            return same;
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The SOCKS proxy for requests to that URL; null for none. */
    @Nullable
    ProxyServer socksFor(HttpUrl url) {
        ProxyServer proxy = schemeProxyFor(url.scheme(), url.host(), url.port()).server();
        return proxy != null && proxy.socks() ? proxy : null;
    }

    /** Selects the HTTP proxies; those of SOCKS are reached by {@link Socks5SocketFactory}. */
    ProxySelector selector() {
        return new ProxySelector() {
            @Override
            public List<Proxy> select(URI uri) {
                String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
                int port = uri.getPort() >= 0 ? uri.getPort() : HttpUrl.defaultPort(uri.getScheme());
                ProxyServer proxy = schemeProxyFor(uri.getScheme(), host.replaceAll("[\\[\\]]", ""), port)
                        .server();
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
        for (ProxyServer proxy : new @Nullable ProxyServer[] {https.server(), http.server()}) {
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

    /** The name of the variable that is set: in lower case, else in upper case. */
    private static String variable(Map<String, String> environment, String name, boolean upperCase) {
        return upperCase && value(environment, name).isEmpty() ? name.toUpperCase(Locale.ROOT) : name;
    }

    private static String value(Map<String, String> environment, String name) {
        return environment.getOrDefault(name, "").strip();
    }

    private static SchemeProxy schemeProxy(
            Map<String, String> environment, String variable, boolean upperCase, SchemeProxy otherwise) {
        String name = variable(environment, variable, upperCase);
        String value = value(environment, name);
        if (value.isEmpty()) {
            return otherwise;
        }
        Matcher matcher = SCHEME.matcher(value);
        String scheme = matcher.matches() ? matcher.group(1).toLowerCase(Locale.ROOT) : "http";
        ProxyServer.Protocol protocol = switch (scheme) {
            case "http", "https" -> ProxyServer.Protocol.HTTP;
            case "socks", "socks5" -> ProxyServer.Protocol.SOCKS5;
            case "socks5h" -> ProxyServer.Protocol.SOCKS5_REMOTE_DNS;
            default -> null;
        };
        if (protocol == null) {
            return unusable(name, scheme + " is not supported");
        }
        // HttpUrl reads the parts of an authority, but only of http and https.
        String rest = matcher.matches() ? value.substring(value.indexOf("://")) : "://" + value;
        HttpUrl url = HttpUrl.parse((scheme.equals("https") ? "https" : "http") + rest);
        if (url == null || !HOST.matcher(url.host()).matches()) {
            return unusable(name, "it is not a URL");
        }
        if (scheme.equals("https") && !url.username().isEmpty()) {
            return unusable(name, "it has a password and begins with https, but TLS to a proxy is not supported");
        }
        boolean socks = protocol != ProxyServer.Protocol.HTTP;
        int port = socks && !PORT.matcher(rest).find() ? SOCKS_PORT : url.port();
        String user = url.username().isEmpty() ? null : url.username();
        return new SchemeProxy(new ProxyServer(protocol, url.host(), port, user, url.password(), name), null);
    }

    /** Without the value, which may hold a password. */
    private static SchemeProxy unusable(String variable, String why) {
        return new SchemeProxy(
                null,
                new Problem(
                        Problem.Kind.USAGE,
                        "the environment variable " + variable + " names no proxy that histods can use: " + why,
                        "set " + variable
                                + " to http://HOST:PORT, socks5://HOST:PORT or socks5h://HOST:PORT, or unset it;"
                                + " write @, : and / in a password as %40, %3A and %2F"));
    }
}
