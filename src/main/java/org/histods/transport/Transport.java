package org.histods.transport;

import java.io.Closeable;
import org.histods.problem.Problem;

/**
 * The only way out of the program. Sends a request to where the routes say, with the user agent, the credentials of
 * that host, the pace and the patience that the host wants, follows redirects, and gives back an answer only if it is
 * data.
 *
 * <p>Safe to share between threads.
 */
public interface Transport extends Closeable {

    /**
     * Asks, waits, asks again as long as that may help.
     *
     * @return an answer with status 200, or 206 where a part was asked for, or 201 where something was posted. The
     *     caller closes it. A host may answer 200 to a request for a part, and then the body starts at 0.
     * @throws Problem {@code NETWORK} if the host cannot be reached, fails, or has no such file; {@code PERSON} if it
     *     wants a login or accepted terms; {@code UPSTREAM_CHANGED} never; {@code INTERRUPTED} if the thread was
     *     interrupted. Each attempt is listed.
     */
    Response open(Request request) throws Problem;

    /**
     * The whole body of a small answer, such as JSON.
     *
     * @throws Problem as {@link #open}, and {@code NETWORK} if the body is longer than {@code most} bytes or breaks
     */
    byte[] read(Request request, int most) throws Problem;

    /** What a host sent, without any secret that was sent to it; to be used before the text is shortened. */
    default String hush(String text) {
        return text;
    }

    /** Whether {@link #open(FaspFile, long, long)} can work: IBM's program for it is installed. */
    default boolean speaksFasp() {
        return false;
    }

    /**
     * Opens a file of an IBM Aspera server, from the byte {@code from} to the byte {@code to}, inclusive; -1 is the end.
     *
     * @return as {@link #open(Request)}; it has no headers, since FASP has none
     * @throws Problem as {@link #open(Request)}; {@code PERSON} if IBM's program is not there or is not let in
     */
    default Response open(FaspFile file, long from, long to) throws Problem {
        throw new Problem(Problem.Kind.PERSON, "no program ascp of IBM Aspera was found");
    }

    @Override
    void close();
}
