package org.histods.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.util.List;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.Response;

/**
 * Checks a connection before a request is sent on it, and the headers of the response before OkHttp and we act on them.
 * Only here is the address known that a name was resolved to.
 */
final class ConnectionGuard implements Interceptor {

    /** OkHttp reads the header of a 503 as an int and fails on more digits. */
    private static final String LONGEST_RETRY_AFTER = "999999999";

    /** A length of more digits may not fit into 64 bits. */
    private static final int MOST_DIGITS = 18;

    /** Where one request connected to; a tag of that request. */
    static final class Peer {

        private final boolean externalOnly;
        private volatile boolean internal;

        /** @param externalOnly whether to refuse internal addresses */
        Peer(boolean externalOnly) {
            this.externalOnly = externalOnly;
        }

        /** Whether the request connected to an internal address; false where a proxy hides the address. */
        boolean internal() {
            return internal;
        }

        private void connected(InetAddress address) throws InternalAddressException {
            internal = InternalAddresses.isInternal(address);
            if (internal && externalOnly) {
                throw new InternalAddressException(address);
            }
        }
    }

    /** A redirect from a public host led to an internal address. */
    static final class InternalAddressException extends IOException {

        private static final long serialVersionUID = 1L;

        InternalAddressException(InetAddress address) {
            super("has the address " + address.getHostAddress());
        }
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        Peer peer = chain.request().tag(Peer.class);
        Connection connection = chain.connection();
        if (peer != null && connection != null && connection.route().proxy().type() == Proxy.Type.DIRECT) {
            InetAddress address = connection.route().socketAddress().getAddress();
            if (address != null) {
                peer.connected(address);
            }
        }
        Response response = chain.proceed(chain.request());
        List<String> lengths = response.headers("Content-Length");
        if (response.header("Transfer-Encoding") == null) {
            checkLengths(lengths);
        }
        String retryAfter = response.header("Retry-After");
        return retryAfter == null || !retryAfter.strip().matches("\\d{10,}")
                ? response
                : response.newBuilder()
                        .header("Retry-After", LONGEST_RETRY_AFTER)
                        .build();
    }

    /** RFC 9110, section 8.6: digits; a repeated header counts if all its values are the same. */
    private static void checkLengths(List<String> headers) throws MalformedResponseException {
        if (headers.size() == 1 && isLength(headers.get(0))) {
            return;
        }
        List<String> lengths = headers.stream()
                .flatMap(header -> List.of(header.split(",", -1)).stream())
                .map(String::strip)
                .distinct()
                .toList();
        if (lengths.size() > 1) {
            throw new MalformedResponseException(
                    "sent contradictory lengths, Content-Length: " + String.join(" and ", lengths.subList(0, 2)));
        }
        if (!lengths.isEmpty() && !isLength(lengths.get(0))) {
            String shown = lengths.get(0).length() > 40 ? lengths.get(0).substring(0, 40) + "…" : lengths.get(0);
            throw new MalformedResponseException("sent an impossible length, Content-Length: " + shown);
        }
    }

    private static boolean isLength(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty() && text.length() <= MOST_DIGITS;
    }
}
