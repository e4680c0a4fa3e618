package org.histods.transport;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The user's credentials by host. Each is sent to its host only, never printed and never recorded. */
@FunctionalInterface
public interface Credentials {

    /**
     * The header to send to this host; empty for none.
     *
     * @param host lower case, with {@code :port} only where it is not the default port of the scheme
     */
    Optional<Header> forHost(String host);

    /**
     * What to do after this host refused a request, as a clause such as {@code `histods login zenodo.org` stores them};
     * empty where no credentials would help.
     */
    default Optional<String> advice(String host) {
        return Optional.of("`histods login " + host + "` stores credentials");
    }

    static Credentials none() {
        return host -> Optional.empty();
    }

    /**
     * A header with a secret in it.
     *
     * @param name such as {@code Authorization}
     * @param value the secret; visible ASCII and spaces only
     * @param from where it was found, for messages: a file or the name of a variable
     */
    record Header(String name, String value, String from) {

        private static final String BASIC = "basic ";

        public Header {
            // OkHttp would print a value that it refuses.
            if (!name.matches("[A-Za-z0-9-]+") || !value.chars().allMatch(c -> c >= ' ' && c < 127)) {
                throw new IllegalArgumentException("a header name or a character in the credentials is not allowed");
            }
        }

        /** User and password, as HTTP Basic. */
        public static Header basic(String user, String password, Charset charset, String from) {
            byte[] pair = (user + ":" + password).getBytes(charset);
            return new Header("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair), from);
        }

        /** Everything in it to hide where a host echoes it. */
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
