package org.histods.transport;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What proves to a host who asks. It is sent to that host alone, never printed and never recorded. */
@FunctionalInterface
public interface Credentials {

    /** The header to send to this host (lower case, without a port); empty where there is none. */
    Optional<Header> forHost(String host);

    static Credentials none() {
        return host -> Optional.empty();
    }

    /** The first of these that has something for the host. */
    static Credentials firstOf(Credentials... all) {
        List<Credentials> list = List.of(all);
        return host -> list.stream()
                .flatMap(one -> one.forHost(host.toLowerCase(Locale.ROOT)).stream())
                .findFirst();
    }

    /**
     * A header with a secret in it.
     *
     * @param name such as {@code Authorization}
     * @param value the secret; no line breaks
     */
    record Header(String name, String value) {

        public Header {
            if (name.isBlank() || value.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw new IllegalArgumentException("a credential with a line break, or without a header's name");
            }
        }

        @Override
        public String toString() {
            return name + ": (not shown)";
        }
    }
}
