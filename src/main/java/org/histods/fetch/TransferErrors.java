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

/** What to say of a transfer that went wrong. It names who gave the bytes: a host, or a file that a person brought. */
final class TransferErrors {

    private final FetchCandidate candidate;
    private final RemoteFile file;

    TransferErrors(FetchCandidate candidate) {
        this.candidate = candidate;
        this.file = candidate.file();
    }

    /** Something about an answer, in a few words. */
    Problem of(Kind kind, Response answer, String cause) {
        Long total = answer.total() < 0 ? null : answer.total();
        return problem(kind, cause, null, attempt(answer.uri(), answer.status(), total, cause), null);
    }

    /** An answer says that the file has another size than is stated. */
    Problem resized(Response answer, long stated) {
        String sizes = " has " + answer.total() + " bytes where " + stated + " are stated";
        return candidate.brought() != null
                ? of(Kind.WRONG_BYTES, answer, candidate.brought() + sizes)
                : of(Kind.UPSTREAM_CHANGED, answer, "the host now" + sizes);
    }

    /** Something else came than the file. */
    Problem instead(URI uri, String what) {
        return problem(
                Kind.WRONG_BYTES,
                candidate.giver(uri) + (candidate.brought() == null ? " sent " : " is ") + what,
                "open " + candidate.shown(uri) + " in a browser to see what it is",
                attempt(uri, 200, null, "came: " + what),
                null);
    }

    /** The connection broke so often in a row that it is given up, the last time at that byte. */
    Problem broken(URI uri, int breaks, long at, IOException e) {
        String cause = words(e);
        return problem(
                Kind.NETWORK,
                "the connection to " + uri.getHost() + " broke " + breaks + " times without a new byte, last at " + at
                        + ": " + cause,
                "what came is kept; run the same command again to go on from there",
                new Attempt(candidate.source().kind(), uri.toString(), null, at, cause),
                e);
    }

    /**
     * The whole is not what somebody published.
     *
     * @param from what answered
     * @param by who published what was expected
     * @param joined whether it came in more than one answer
     */
    Problem other(URI from, String expected, String got, String by, long bytes, boolean joined, String hint) {
        String message = file.path() + " does not match what " + by + " published" + "\n  expected  " + expected
                + "\n  got       " + got + "  (" + bytes + " bytes from " + candidate.giver(from) + ", thrown away"
                + (joined ? "; it was put together from more than one answer, so a clean start may be right" : "")
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

    /** What a failure says, else what it is. */
    static String words(IOException e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    static Problem interrupted() {
        return new Problem(Kind.INTERRUPTED, "interrupted");
    }

    static Problem disk(String what, IOException e) {
        return new Problem(
                Kind.DISK,
                Problem.because(what, e),
                "check the free space and the permissions of the mirror (`histods doctor`)",
                List.of(),
                e);
    }
}
