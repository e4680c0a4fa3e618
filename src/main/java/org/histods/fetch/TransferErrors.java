package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/** The problems of a transfer. They name where the bytes are from: a host, or a local file that the user gave. */
final class TransferErrors {

    private final FetchCandidate candidate;
    private final RemoteFile file;

    TransferErrors(FetchCandidate candidate) {
        this.candidate = candidate;
        this.file = candidate.file();
    }

    /** A problem with a response. */
    Problem of(Kind kind, Response response, String cause) {
        Long total = response.total() < 0 ? null : response.total();
        return problem(kind, cause, null, attempt(response.uri(), response.status(), total, cause), null);
    }

    /** The problem of a file with another size than stated. */
    Problem resized(Response response, long stated) {
        String sizes = " has " + response.total() + " bytes, expected " + stated;
        return candidate.localName() != null
                ? of(Kind.WRONG_BYTES, response, candidate.localName() + sizes)
                : of(Kind.UPSTREAM_CHANGED, response, "the file at the host now" + sizes);
    }

    /** The problem of a response that is something other than the file. */
    Problem instead(URI uri, String what) {
        return problem(
                Kind.WRONG_BYTES,
                candidate.sender(uri) + (candidate.localName() == null ? " sent " : " is ") + what,
                "open " + candidate.shown(uri) + " in a browser to see what it is",
                attempt(uri, 200, null, "received " + what),
                null);
    }

    /** The problem of a connection that broke too often in a row, the last time at that byte. */
    Problem broken(URI uri, int breaks, long at, IOException e) {
        String cause = reason(e);
        return problem(
                Kind.NETWORK,
                "the connection to " + uri.getHost() + " broke " + breaks + " times without a new byte, last at " + at
                        + ": " + cause,
                "the received bytes are kept; run the same command again to resume",
                new Attempt(candidate.source().kind(), uri.toString(), null, at, cause),
                e);
    }

    /**
     * The problem of a complete file that differs from what was published.
     *
     * @param from where the bytes are from
     * @param by who published what was expected
     * @param joined whether the bytes are from more than one response
     */
    Problem mismatch(URI from, String expected, String got, String by, long bytes, boolean joined, String hint) {
        String message = file.path() + " does not match what " + by + " published" + "\n  expected  " + expected
                + "\n  got       " + got + "  (" + bytes + " bytes from " + candidate.sender(from) + ", deleted"
                + (joined ? "; they were joined from more than one response, so fetching from the start may help" : "")
                + ")";
        Attempt attempt = attempt(from, 200, bytes, "expected " + expected + " (" + by + "), got " + got);
        return new Problem(Kind.WRONG_BYTES, message, hint, List.of(attempt), null);
    }

    private Attempt attempt(URI uri, Integer status, @Nullable Long bytes, String cause) {
        return new Attempt(candidate.source().kind(), candidate.shown(uri), status, bytes, cause);
    }

    private Problem problem(Kind kind, String what, @Nullable String hint, Attempt attempt, @Nullable Throwable cause) {
        return new Problem(kind, file.path() + ": " + what, hint, List.of(attempt), cause);
    }

    /** The message of a failure, else its type. */
    static String reason(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    static Problem disk(String what, IOException e) {
        return new Problem(
                Kind.DISK,
                Problem.because(what, e),
                "check the free space and the permissions of the mirror (`histods doctor`)",
                e);
    }
}
