package org.histods.credentials;

import java.nio.charset.StandardCharsets;
import org.histods.transport.Credentials.Header;
import org.jspecify.annotations.Nullable;

/**
 * A token, or a user and a password. Never printed.
 *
 * @param user null for a token
 * @param secret the token or the password
 */
public record Secret(@Nullable String user, String secret) {

    public Secret {
        boolean invalid = secret.isEmpty() || secret.chars().anyMatch(c -> c < ' ' || c == 127);
        boolean invalidToken = user == null && !secret.chars().allMatch(c -> c > ' ' && c < 127);
        if (invalid || invalidToken || (user != null && (user.isEmpty() || user.contains(":")))) {
            throw new IllegalArgumentException("is empty, or has spaces or other characters that are not allowed");
        }
    }

    /**
     * A token as users paste it: with spaces around it, or with {@code Bearer} in front.
     *
     * @throws IllegalArgumentException if it is not a token; the message does not hold it
     */
    public static Secret token(String text) {
        return new Secret(null, text.strip().replaceFirst("^(?i)(?:bearer|token)\\s+", ""));
    }

    /** The header of that scheme; a user and a password always go as HTTP Basic. */
    Header header(TokenScheme scheme, String from) {
        if (user != null) {
            return Header.basic(user, secret, StandardCharsets.UTF_8, from);
        }
        return new Header(scheme.header(), scheme.scheme().isEmpty() ? secret : scheme.scheme() + " " + secret, from);
    }

    @Override
    public String toString() {
        return user == null ? "a token" : "the password of " + user;
    }
}
