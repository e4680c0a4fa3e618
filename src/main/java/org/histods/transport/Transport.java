package org.histods.transport;

import java.io.Closeable;
import org.histods.problem.Problem;

/**
 * The network client of the program. Sends requests with the user agent, the host's credentials, its rate limits and
 * retries, follows redirects, and returns a response only if it carries data.
 *
 * <p>Safe for use by several threads.
 */
public interface Transport extends Closeable {

    /** A transport that refuses every request, for what is known without one. */
    static Transport refusing() {
        return new Transport() {
            @Override
            public Response open(Request request) throws Problem {
                throw new Problem(Problem.Kind.NETWORK, "no request is made");
            }

            @Override
            public byte[] read(Request request, int maxBytes) throws Problem {
                throw new Problem(Problem.Kind.NETWORK, "no request is made");
            }

            @Override
            public void close() {
                // Nothing is open.
            }
        };
    }

    /**
     * Sends a request, and retries while that may help.
     *
     * @return a response with status 200, 203 if a proxy may have changed the body, 206 to a range request, 201 or 202 to a
     *     POST, or 204 to a DELETE. The caller closes it. A host may return 200 to a range request; the body then starts at
     *     offset 0.
     * @throws Problem {@code NETWORK} if the host is unreachable, fails, or has no such file; {@code PERSON} if it needs
     *     credentials or accepted terms; {@code INTERRUPTED} if the thread was interrupted. Each attempt is listed.
     */
    Response open(Request request) throws Problem;

    /**
     * The whole body of a small response, such as JSON.
     *
     * @throws Problem as {@link #open}, and {@code NETWORK} if the body is longer than {@code maxBytes}, was changed by a proxy
     *     or breaks off
     */
    byte[] read(Request request, int maxBytes) throws Problem;

    /** Hides secrets that were sent in a text from a host; use it before shortening the text. */
    default String redact(String text) {
        return text;
    }

    /** Whether {@link #open(FaspFile, long, long)} works: IBM's {@code ascp} is installed. */
    default boolean supportsFasp() {
        return false;
    }

    /**
     * Opens a file of an IBM Aspera server, from offset {@code from} to {@code to}, inclusive; -1 is the end.
     *
     * @return as {@link #open(Request)}, without headers, since FASP has none
     * @throws Problem as {@link #open(Request)}; {@code PERSON} if {@code ascp} is missing or the server refuses it
     */
    default Response open(FaspFile file, long from, long to) throws Problem {
        throw new Problem(Problem.Kind.PERSON, "cannot get " + file + ": IBM Aspera's ascp is not installed");
    }

    @Override
    void close();
}
