package org.histods.transport;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Which login goes along with which request: that of the machine that is really asked, encrypted, and never together
 * with an address that proves itself. A route to this machine stands for the host that was meant.
 */
final class RequestAuthenticator {

    /**
     * What went along with one request, and what a person can do.
     *
     * @param header the login that was sent; null for none
     * @param other whether the request itself held a secret, such as a cookie
     * @param refused where the login was found that the host did not take before; null if it took all
     * @param advice about a login for this host; null where none would help
     * @param veil hides all that was sent
     */
    record Proof(
            Credentials.@Nullable Header header,
            boolean other,
            @Nullable String refused,
            @Nullable String advice,
            Redactor veil) {}

    private final Credentials credentials;
    private final Set<Credentials.Header> refused = ConcurrentHashMap.newKeySet();
    private final Redactor veil;

    RequestAuthenticator(Credentials credentials, Redactor veil) {
        this.credentials = credentials;
        this.veil = veil;
    }

    /** Whether nobody on the way can read what is sent there. */
    static boolean confidential(HttpUrl wire) {
        return wire.isHttps() || HostRewrites.loopback(wire.host());
    }

    Proof of(RedirectHop hop, HttpUrl wire) {
        boolean secret = confidential(wire) && hop.headers().keySet().stream().anyMatch(SecretPatterns::header);
        if (secret) {
            hop.headers().forEach((name, value) -> {
                if (SecretPatterns.header(name)) {
                    veil.add(value.strip());
                    veil.add(value.strip().substring(value.strip().indexOf(' ') + 1));
                }
            });
        }
        String owner = owner(HostRewrites.loopback(wire.host()) ? hop.url() : wire);
        Optional<Credentials.Header> known = credentials.forHost(owner);
        String advice = credentials.advice(owner).orElse(null);
        if (known.isEmpty() || SecretPatterns.signed(hop.url()) || !confidential(wire) || !confidential(hop.url())) {
            return new Proof(null, secret, null, advice, veil);
        }
        if (refused.contains(known.get())) {
            return new Proof(null, secret, known.get().from(), advice, veil);
        }
        known.get().secrets().forEach(veil::add);
        return new Proof(known.get(), secret, null, advice, veil);
    }

    /** The host did not take it; it is sent no more. False if that was known. */
    boolean refuse(Credentials.Header header) {
        return refused.add(header);
    }

    private static String owner(HttpUrl url) {
        boolean usual = url.port() == HttpUrl.defaultPort(url.scheme());
        return usual ? url.host() : url.host() + ":" + url.port();
    }
}
