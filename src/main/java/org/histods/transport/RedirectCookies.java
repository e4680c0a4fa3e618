package org.histods.transport;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import okhttp3.Cookie;
import okhttp3.Headers;
import okhttp3.HttpUrl;

/**
 * The cookies that hosts set during one chain of redirects, as login hops and SharePoint need them. A cookie goes back
 * only to the host that set it, whatever its {@code Domain} says, and is forgotten at the end of the chain.
 */
final class RedirectCookies {

    private final Map<String, List<Cookie>> byHost = new HashMap<>();

    void store(HttpUrl url, Headers headers, Instant now) {
        for (Cookie cookie : Cookie.parseAll(url, headers)) {
            List<Cookie> ofHost = byHost.computeIfAbsent(url.host(), host -> new ArrayList<>());
            ofHost.removeIf(
                    old -> old.name().equals(cookie.name()) && old.path().equals(cookie.path()));
            if (sendable(cookie, now)) {
                ofHost.add(cookie);
            }
        }
    }

    /** The {@code Cookie} header for this URL; empty for none. */
    String header(HttpUrl url) {
        return byHost.getOrDefault(url.host(), List.of()).stream()
                .filter(cookie -> cookie.matches(url))
                .map(cookie -> cookie.name() + "=" + cookie.value())
                .collect(Collectors.joining("; "));
    }

    /** Not one that deletes itself, nor one with characters that a header cannot hold. */
    private static boolean sendable(Cookie cookie, Instant now) {
        return cookie.expiresAt() > now.toEpochMilli()
                && (cookie.name() + cookie.value()).chars().allMatch(c -> c >= ' ' && c < 127);
    }
}
