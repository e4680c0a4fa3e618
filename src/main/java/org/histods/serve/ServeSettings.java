package org.histods.serve;

import org.jspecify.annotations.Nullable;

/**
 * Settings of the server.
 *
 * @param host a name or IP address of this machine
 * @param port 0 for any free port
 * @param token what a client must send; null if anybody may read
 * @param certificate for TLS; null for plain HTTP
 * @param connections how many connections may be open at once; further ones wait
 */
public record ServeSettings(
        String host,
        int port,
        @Nullable String token,
        @Nullable ServerCertificate certificate,
        int connections) {

    /** The scheme of the server's URLs. */
    public String scheme() {
        return certificate == null ? "http" : "https";
    }
}
