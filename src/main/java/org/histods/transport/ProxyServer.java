package org.histods.transport;

import org.jspecify.annotations.Nullable;

/**
 * A proxy that the environment names.
 *
 * @param protocol how it is spoken to
 * @param host name or address
 * @param user null where it needs none
 * @param password empty where it needs none
 * @param variable the environment variable that names it, such as {@code https_proxy}
 */
record ProxyServer(
        Protocol protocol, String host, int port, @Nullable String user, String password, String variable) {

    enum Protocol {
        HTTP,
        /** Names are resolved here. */
        SOCKS5,
        /** The proxy resolves names, as {@code socks5h} says. */
        SOCKS5_REMOTE_DNS
    }

    boolean socks() {
        return protocol != Protocol.HTTP;
    }

    /** Such as {@code the proxy lab.example:3128 (https_proxy)}; without the user and the password. */
    @Override
    public String toString() {
        return "the " + (socks() ? "SOCKS " : "") + "proxy " + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + port + " (" + variable + ")";
    }
}
