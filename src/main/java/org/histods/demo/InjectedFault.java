package org.histods.demo;

/**
 * Something that goes wrong on the way, as it does with the real hosts.
 *
 * @param host whose answer it befalls
 * @param file what the path of the request must hold
 * @param bytes after how many bytes it breaks; only longer answers do. 0 where nothing breaks
 */
record InjectedFault(Kind kind, String host, String file, int bytes) {

    /** What goes wrong. */
    enum Kind {
        /** The connection ends in mid-body, the first time. */
        BREAKS,
        /** As many bytes as should come, some of them flipped, each time. */
        WRONG_BYTES,
        /** 429 with {@code Retry-After: 1}, the first time. */
        TOO_MANY
    }

    boolean befalls(String askedHost, String path) {
        return host.equals(askedHost) && path.contains(file);
    }

    boolean onlyOnce() {
        return kind != Kind.WRONG_BYTES;
    }

    /** A sentence for a person. */
    @Override
    public String toString() {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return switch (kind) {
            case BREAKS -> host + " breaks the connection after " + bytes + " bytes of " + name + ", once";
            case WRONG_BYTES -> host + " sends wrong bytes for " + name;
            case TOO_MANY -> host + " first answers that there are too many requests, and to wait a second";
        };
    }
}
