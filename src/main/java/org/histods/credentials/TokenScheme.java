package org.histods.credentials;

/**
 * The header in which a host expects a token.
 *
 * @param header such as {@code Authorization}
 * @param scheme the word before the token, such as {@code Bearer}; empty for none
 */
public record TokenScheme(String header, String scheme) {

    /** The scheme of OAuth 2 (RFC 6750), which most hosts use. */
    public static final TokenScheme BEARER = new TokenScheme("Authorization", "Bearer");

    public TokenScheme {
        if (!header.matches("[A-Za-z0-9-]+") || !scheme.matches("[A-Za-z0-9-]*")) {
            throw new IllegalArgumentException("not a header name, or not one word before the token");
        }
    }

    /** Such as {@code Authorization: Bearer …}. */
    static String shown(String header, String value) {
        int blank = value.indexOf(' ');
        return header + ": " + (blank < 0 ? "" : value.substring(0, blank) + " ") + "…";
    }
}
