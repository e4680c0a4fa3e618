package org.histods.transport;

import java.net.InetSocketAddress;
import okhttp3.Authenticator;
import okhttp3.Response;
import okhttp3.Route;
import org.jspecify.annotations.Nullable;

/** Answers a proxy that asks for a login, once, with the login in its address. */
record ProxyAuthenticator(Proxies proxies) implements Authenticator {

    private static final String HEADER = "Proxy-Authorization";

    @Override
    public okhttp3.@Nullable Request authenticate(@Nullable Route route, Response response) {
        if (route == null
                || response.request().header(HEADER) != null
                || !(route.proxy().address() instanceof InetSocketAddress address)) {
            return null;
        }
        String login = proxies.login(address.getHostString(), address.getPort());
        return login == null
                ? null
                : response.request().newBuilder().header(HEADER, login).build();
    }
}
