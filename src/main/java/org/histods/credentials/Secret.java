package org.histods.credentials;

import java.nio.charset.StandardCharsets;
import org.histods.transport.Credentials.Header;
import org.jspecify.annotations.Nullable;

/**
 * What a person proves with: a token, or a name and a password. Never printed.
 *
 * @param user null for a token
 * @param secret the token or the password
 */
public record Secret(@Nullable String user, String secret) {

    public Secret {
        boolean odd = secret.isEmpty() || secret.chars().anyMatch(c -> c < ' ' || c == 127);
        boolean oddToken = user == null && !secret.chars().allMatch(c -> c > ' ' && c < 127);
        if (odd || oddToken || (user != null && (user.isEmpty() || user.contains(":")))) {
            throw new IllegalArgumentException("is empty, or has blanks or characters that no token has");
        }
    }

    /**
     * A token as people paste it: with blanks around it, or with the word that goes before it.
     *
     * @throws IllegalArgumentException if it is none; the message does not hold it
     */
    public static Secret token(String text) {
        return new Secret(null, text.strip().replaceFirst("^(?i)(?:bearer|token)\\s+", ""));
    }

    /** As that form is sent; a name and a password always go as HTTP Basic. */
    Header header(TokenScheme form, String from) {
        if (user != null) {
            return Header.basic(user, secret, StandardCharsets.UTF_8, from);
        }
        return new Header(form.header(), form.scheme().isEmpty() ? secret : form.scheme() + " " + secret, from);
    }

    @Override
    public String toString() {
        return user == null ? "a token" : "a password of " + user;
    }
}
