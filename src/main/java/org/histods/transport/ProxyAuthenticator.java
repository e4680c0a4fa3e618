package org.histods.transport;

import java.net.InetSocketAddress;
import okhttp3.Authenticator;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/**
 * Sends the credentials in the URL of an HTTP proxy, once, when the proxy asks for them. Not a record: OkHttp compares it for each
 * request.
 */
final class ProxyAuthenticator implements Authenticator {

    private static final String HEADER = "Proxy-Authorization";

    private final Proxies proxies;

    ProxyAuthenticator(Proxies proxies) {
        this.proxies = proxies;
    }

    @Override
    public okhttp3.@Nullable Request authenticate(@Nullable Route route, Response response) {
        if (route == null
                || response.request().header(HEADER) != null
                || !(route.proxy().address() instanceof InetSocketAddress address)) {
            return null;
        }
        String header = proxies.authorization(address.getHostString(), address.getPort());
        return header == null
                ? null
                : response.request().newBuilder().header(HEADER, header).build();
    }
}
