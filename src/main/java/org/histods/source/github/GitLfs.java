package org.histods.source.github;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.histods.digest.Algorithm;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.SourceProblems;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Git Large File Storage: a repository holds a pointer of three lines, and the content lies elsewhere. The pointer says
 * the content's SHA-256 and size.
 */
final class GitLfs {

    static final String BY = "GitHub (Git LFS pointer)";

    private GitLfs() {}

    /** Whether an answer from there can be a pointer. */
    static boolean mayPoint(URI uri) {
        return LfsLocation.of(uri) != null;
    }

    /**
     * The file with what its pointer states; unchanged where the content's checksum and size are pinned, or where it is
     * a plain file. A pinned git blob id is the pointer's: it is compared here and then left out.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if the pointer is another than the one pinned
     */
    static RemoteFile stated(RemoteFile file, Transport transport) throws Problem {
        if (file.stated(Algorithm.SHA256).isPresent() && file.bytes() != null) {
            return with(file, file.bytes(), withoutBlob(file));
        }
        LfsPointer pointer = probe(file.uri(), transport);
        if (pointer == null) {
            return file;
        }
        Stated blob = file.stated(Algorithm.GIT_BLOB).orElse(null);
        if (blob != null && !blob.sum().equals(pointer.blob())) {
            throw LfsPointer.changed(
                    file, "its pointer is " + pointer.blob(), blob.sum().toString());
        }
        pointer.mustFit(file);
        List<Stated> sums = withoutBlob(file);
        if (file.stated(Algorithm.SHA256).isEmpty()) {
            sums.add(new Stated(pointer.sha256(), BY));
        }
        return with(file, pointer.size(), sums);
    }

    private static List<Stated> withoutBlob(RemoteFile file) {
        return new ArrayList<>(file.sums().stream()
                .filter(s -> s.sum().algorithm() != Algorithm.GIT_BLOB)
                .toList());
    }

    private static RemoteFile with(RemoteFile file, Long bytes, List<Stated> sums) {
        return new RemoteFile(file.path(), file.uris(), bytes, sums, file.executable(), file.slice());
    }

    /** The bytes asked for: of the file itself, or of what it points to. */
    static Response open(RemoteFile file, Request request, Transport transport) throws Problem {
        Response answer;
        try {
            answer = transport.open(request);
        } catch (Problem problem) {
            // A part beyond the pointer's end: the bytes before it were those of the content.
            Integer status = SourceProblems.status(problem);
            LfsPointer pointer =
                    request.from() > 0 && status != null && status == 416 ? probe(request.uri(), transport) : null;
            if (pointer == null) {
                throw problem;
            }
            return content(file, pointer, request, transport);
        }
        return answer.from() == 0 ? peeked(file, answer, request, transport) : inside(file, answer, request, transport);
    }

    /** An answer that starts at the start: looks at its first bytes, where it is short enough for a pointer. */
    private static Response peeked(RemoteFile file, Response answer, Request request, Transport transport)
            throws Problem {
        long size = answer.total() >= 0 || answer.status() == 206 ? answer.total() : answer.length();
        if (size > LfsPointer.MOST) {
            return answer;
        }
        PushbackInputStream body = new PushbackInputStream(answer.body(), LfsPointer.MOST + 1);
        byte[] start;
        try {
            start = body.readNBytes(LfsPointer.MAGIC.length());
            body.unread(start);
        } catch (IOException e) {
            throw broke(request.uri(), e);
        }
        return new String(start, StandardCharsets.UTF_8).equals(LfsPointer.MAGIC)
                ? pointedOrAgain(file, answer, request, transport)
                : over(answer, answer.total(), body);
    }

    /** An answer with a later part: a total as small as a pointer's tells that the rest may be a pointer's. */
    private static Response inside(RemoteFile file, Response answer, Request request, Transport transport)
            throws Problem {
        return answer.total() < 0 || answer.total() > LfsPointer.MOST
                ? answer
                : pointedOrAgain(file, answer, request, transport);
    }

    /**
     * The content of a pointer, or else the same answer once more. The first one is closed before anything else is
     * asked: a host may allow one connection only.
     */
    private static Response pointedOrAgain(RemoteFile file, Response answer, Request request, Transport transport)
            throws Problem {
        try {
            answer.close();
        } catch (IOException e) {
            throw broke(request.uri(), e);
        }
        LfsPointer pointer = probe(request.uri(), transport);
        return pointer == null ? transport.open(request) : content(file, pointer, request, transport);
    }

    /** The pointer at that address, null if there is a plain file. */
    private static @Nullable LfsPointer probe(URI uri, Transport transport) throws Problem {
        try (Response answer = transport.open(Request.get(uri).range(0, LfsPointer.MOST))) {
            return answer.from() == 0 ? LfsPointer.parse(answer.body().readNBytes(LfsPointer.MOST + 1)) : null;
        } catch (IOException e) {
            throw broke(uri, e);
        }
    }

    private static Response content(RemoteFile file, LfsPointer pointer, Request request, Transport transport)
            throws Problem {
        Stated blob = file.stated(Algorithm.GIT_BLOB).orElse(null);
        if (blob != null && blob.sum().equals(pointer.blob())) {
            throw new Problem(
                    Kind.USAGE,
                    file.path() + " lies in Git LFS, and what is pinned is its pointer (" + blob.sum() + ")",
                    "use options { via: lfs } and pin bytes: " + pointer.size() + " and " + pointer.sha256()
                            + "; a folder of such files is pinned without options.via");
        }
        pointer.mustFit(file);
        LfsLocation place = LfsLocation.of(request.uri());
        if (place == null) {
            throw new IllegalStateException("no address of a repository: " + request.uri());
        }
        Response answer;
        try {
            answer = transport.open(same(place.traded(pointer, transport), request));
        } catch (Problem first) {
            try {
                answer = transport.open(same(Request.get(place.media()), request));
            } catch (Problem second) {
                throw second.after(first.attempts());
            }
        }
        return sized(file, answer, pointer);
    }

    /** The same part of another address. */
    private static Request same(Request other, Request request) {
        return other.range(request.from(), request.to()).ifRange(request.ifRange());
    }

    /** The answer with the size that the pointer states, so that a body that ends early is noticed. */
    private static Response sized(RemoteFile file, Response answer, LfsPointer pointer) throws Problem {
        if (answer.total() < 0) {
            return over(answer, pointer.size(), answer.body());
        }
        if (answer.total() == pointer.size()) {
            return answer;
        }
        try (answer) {
            throw new Problem(
                    Kind.WRONG_BYTES,
                    file.path() + ": Git LFS has " + pointer.size() + " bytes and "
                            + answer.uri().getHost() + " sends " + answer.total());
        } catch (IOException e) {
            throw broke(answer.uri(), e);
        }
    }

    private static Response over(Response answer, long total, InputStream body) {
        return new Response(
                answer.status(),
                answer.uri(),
                answer.via(),
                answer.headers(),
                answer.from(),
                answer.length(),
                total,
                body);
    }

    private static Problem broke(URI uri, IOException e) {
        return new Problem(Kind.NETWORK, uri + " broke off: " + e.getMessage(), "try again", List.of(), e);
    }
}
