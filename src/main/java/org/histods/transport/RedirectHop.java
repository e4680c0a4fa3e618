package org.histods.transport;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One request in a chain of redirects.
 *
 * @param method such as {@code GET}
 * @param url the URL before host rewrites
 * @param headers those of the caller that may go to this host
 * @param cookies the {@code Cookie} header made of what this host set earlier in the chain; empty for none
 * @param body of a POST or PUT, else null
 * @param unencrypted whether plain http is allowed, because the chain began with a URL that the user can see
 * @param externalOnly whether it must not connect to an internal address, because a public host redirected here
 */
record RedirectHop(
        String method,
        HttpUrl url,
        Map<String, String> headers,
        String cookies,
        byte @Nullable [] body,
        boolean unencrypted,
        boolean externalOnly) {

    static RedirectHop first(Request request, HttpUrl url) {
        Map<String, String> headers = request.headers();
        if (request.ranged()) {
            headers = new LinkedHashMap<>(headers);
            headers.put("Range", "bytes=" + request.from() + "-" + (request.to() < 0 ? "" : request.to()));
            if (request.ifRange() != null) {
                headers.put("If-Range", request.ifRange());
            }
        }
        return new RedirectHop(
                request.method(),
                url,
                headers,
                "",
                request.body(),
                request.handling().unencrypted(),
                false);
    }

    /** The next request after a redirect (RFC 9110, section 15.4); secret headers do not go to another origin. */
    RedirectHop redirected(int status, HttpUrl to, String cookies, boolean externalOnly) {
        boolean asGet = !method.equals("HEAD") && (status == 303 || (method.equals("POST") && status < 303));
        Map<String, String> kept = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            boolean ofBody = asGet && name.toLowerCase(Locale.ROOT).startsWith("content-");
            if (!ofBody && (sameOrigin(to) || !SecretPatterns.isSecretHeader(name))) {
                kept.put(name, value);
            }
        });
        return new RedirectHop(
                asGet ? "GET" : method, to, kept, cookies, asGet ? null : body, unencrypted, externalOnly);
    }

    /** Whether the host would see the same request. */
    boolean repeats(RedirectHop earlier) {
        return url.equals(earlier.url) && method.equals(earlier.method) && cookies.equals(earlier.cookies);
    }

    String host() {
        return url.host();
    }

    private boolean sameOrigin(HttpUrl other) {
        return url.scheme().equals(other.scheme()) && url.host().equals(other.host()) && url.port() == other.port();
    }
}
