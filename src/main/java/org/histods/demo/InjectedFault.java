package org.histods.demo;

/**
 * A fault of a real host that the demo repeats.
 *
 * @param host whose response it affects
 * @param file text that the path of the request contains
 * @param bytes after how many bytes the connection breaks; 0 for other faults
 */
record InjectedFault(Kind kind, String host, String file, int bytes) {

    /** The kind of fault. */
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
