package org.histods.transport;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the credentials for a request: those of the machine that receives it, only over an encrypted connection, and
 * none for a signed URL. A route to this machine stands for the original host.
 */
final class RequestAuthenticator {

    /**
     * The credentials of one request.
     *
     * @param header sent with it; null for none
     * @param refused where the credentials are from that this host refused earlier; null if it refused none
     * @param advice how to get credentials for this host; empty where none would help
     * @param redactor hides all secrets that were sent
     */
    record Authentication(
            Credentials.@Nullable Header header,
            @Nullable String refused,
            Supplier<Optional<String>> advice,
            Redactor redactor) {}

    private final Credentials credentials;
    private final Set<Credentials.Header> refused = ConcurrentHashMap.newKeySet();
    private final Redactor redactor;

    RequestAuthenticator(Credentials credentials, Redactor redactor) {
        this.credentials = credentials;
        this.redactor = redactor;
    }

    /** Whether the connection is encrypted or stays on this machine. */
    static boolean confidential(HttpUrl wire) {
        return wire.isHttps() || HostRewrites.isLoopback(wire.host());
    }

    Authentication of(RedirectHop hop, HttpUrl wire) {
        if (confidential(wire)) {
            for (Map.Entry<String, String> header : hop.headers().entrySet()) {
                if (SecretPatterns.isSecretHeader(header.getKey())) {
                    String value = header.getValue().strip();
                    redactor.add(value);
                    redactor.add(value.substring(value.indexOf(' ') + 1));
                }
            }
        }
        String owner = owner(HostRewrites.isLoopback(wire.host()) ? hop.url() : wire);
        Optional<Credentials.Header> known = credentials.forHost(owner);
        Supplier<Optional<String>> advice = () -> credentials.advice(owner);
        if (known.isEmpty() || SecretPatterns.isSigned(hop.url()) || !confidential(wire) || !confidential(hop.url())) {
            return new Authentication(null, null, advice, redactor);
        }
        if (refused.contains(known.get())) {
            return new Authentication(null, known.get().from(), advice, redactor);
        }
        known.get().secrets().forEach(redactor::add);
        return new Authentication(known.get(), null, advice, redactor);
    }

    /** No credentials, for a request that is signed. */
    Authentication none(RedirectHop hop, HttpUrl wire) {
        String owner = owner(HostRewrites.isLoopback(wire.host()) ? hop.url() : wire);
        return new Authentication(null, null, () -> credentials.advice(owner), redactor);
    }

    /** Marks credentials as refused, so that they are not sent again; false if they were marked already. */
    boolean refuse(Credentials.Header header) {
        return refused.add(header);
    }

    private static String owner(HttpUrl url) {
        boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
        return usual ? url.host() : url.host() + ":" + url.port();
    }
}
