package org.histods.demo;

/**
 * A fault of real hosts that the demo simulates.
 *
 * @param host whose responses it affects
 * @param file text that the path of the request contains
 * @param bytes after how many bytes the connection breaks; 0 for other faults
 */
record InjectedFault(Kind kind, String host, String file, int bytes) {

    /** The kind of fault. */
    enum Kind {
        /** The connection ends in the middle of the body, the first time. */
        BREAKS,
        /** The body has the right length but some wrong bytes, each time. */
        WRONG_BYTES,
        /** 429 with {@code Retry-After: 1}, the first time. */
        TOO_MANY
    }

    boolean affects(String requestedHost, String path) {
        return host.equals(requestedHost) && path.contains(file);
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
            case TOO_MANY -> host + " first responds that there are too many requests, and asks to wait a second";
        };
    }
}
