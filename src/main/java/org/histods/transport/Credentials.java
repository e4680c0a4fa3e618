package org.histods.transport;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What proves to a host who asks. It is sent to that host alone, never printed and never recorded. */
@FunctionalInterface
public interface Credentials {

    /**
     * The header to send to this host; empty where there is none.
     *
     * @param host lower case, with {@code :port} only where the port is not the scheme's own
     */
    Optional<Header> forHost(String host);

    /**
     * What somebody whom this host refused can do about a login, as a clause such as {@code histods login zenodo.org
     * stores one}; empty where none would help.
     */
    default Optional<String> advice(String host) {
        return Optional.of("`histods login " + host + "` stores one");
    }

    static Credentials none() {
        return host -> Optional.empty();
    }

    /**
     * A header with a secret in it.
     *
     * @param name such as {@code Authorization}
     * @param value the secret; visible ASCII and blanks only
     * @param from where it was found, for people: a file or the name of a variable
     */
    record Header(String name, String value, String from) {

        private static final String BASIC = "basic ";

        public Header {
            // A library that refuses such a value would print it.
            if (!name.matches("[A-Za-z0-9-]+") || !value.chars().allMatch(c -> c >= ' ' && c < 127)) {
                throw new IllegalArgumentException("not a header with a credential: a name or a character is wrong");
            }
        }

        /** A name and a password, as HTTP Basic. */
        public static Header basic(String user, String password, Charset charset, String from) {
            byte[] pair = (user + ":" + password).getBytes(charset);
            return new Header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair), from);
        }

        /** Everything in it that a host could quote and nobody may see. */
        List<String> secrets() {
            List<String> all = new ArrayList<>();
            all.add(value);
            String bare = value.substring(value.indexOf(' ') + 1);
            all.add(bare);
            if (value.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
                String pair = new String(Base64.getDecoder().decode(bare), StandardCharsets.UTF_8);
                all.add(pair);
                all.add(pair.substring(pair.indexOf(':') + 1));
            }
            return all;
        }

        @Override
        public String toString() {
            return name + ": (not shown, from " + from + ")";
        }
    }
}
