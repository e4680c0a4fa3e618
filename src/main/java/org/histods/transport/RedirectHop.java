package org.histods.transport;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * One request of the chain that redirects make.
 *
 * @param method such as {@code GET}
 * @param url what is asked, before its route
 * @param headers those of the caller that may go to this host
 * @param body of a POST, null otherwise
 * @param plain whether it may go without encryption, since it began so by an address that a person can read
 */
record RedirectHop(String method, HttpUrl url, Map<String, String> headers, byte @Nullable [] body, boolean plain) {

    static RedirectHop first(Request request, HttpUrl url) {
        Map<String, String> headers = new LinkedHashMap<>(request.headers());
        if (request.ranged()) {
            headers.put("Range", "bytes=" + request.from() + "-" + (request.to() < 0 ? "" : request.to()));
            if (request.ifRange() != null) {
                headers.put("If-Range", request.ifRange());
            }
        }
        byte[] body = request.body();
        return new RedirectHop(request.method(), url, headers, body, request.plain());
    }

    /** What to send after a redirect: as RFC 9110, section 15.4 has it, and nothing secret to another origin. */
    RedirectHop redirected(int status, HttpUrl to) {
        boolean asGet = !method.equals("HEAD") && (status == 303 || (method.equals("POST") && status < 303));
        Map<String, String> kept = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            boolean ofBody = asGet && name.toLowerCase(Locale.ROOT).startsWith("content-");
            if (!ofBody && (sameOrigin(to) || !SecretPatterns.header(name))) {
                kept.put(name, value);
            }
        });
        return new RedirectHop(asGet ? "GET" : method, to, kept, asGet ? null : body, plain);
    }

    String host() {
        return url.host();
    }

    private boolean sameOrigin(HttpUrl other) {
        return url.scheme().equals(other.scheme()) && url.host().equals(other.host()) && url.port() == other.port();
    }
}
