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
 * Git Large File Storage: the repository contains a pointer of three lines instead of the file. The pointer states the
 * SHA-256 and size of the content, which is stored elsewhere.
 */
final class GitLfs {

    static final String BY = "GitHub (Git LFS pointer)";

    private GitLfs() {}

    /** Whether the file at that URL can be a pointer. */
    static boolean mayBePointer(URI uri) {
        return LfsLocation.of(uri) != null;
    }

    /**
     * The file with the checksum and size in its pointer; unchanged if these are pinned, or if it is a plain file. A
     * pinned git blob id is the pointer's: it is compared here and then dropped.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if the pointer differs from the pinned one
     */
    static RemoteFile withPointer(RemoteFile file, Transport transport) throws Problem {
        if (file.stated(Algorithm.SHA256).isPresent() && file.bytes() != null) {
            return with(file, file.bytes(), withoutBlob(file));
        }
        LfsPointer pointer = probe(file.uri(), transport);
        if (pointer == null) {
            return file;
        }
        Stated blob = file.stated(Algorithm.GIT_BLOB).orElse(null);
        if (blob != null && !blob.checksum().equals(pointer.blob())) {
            throw LfsPointer.changed(
                    file, "its pointer is " + pointer.blob(), blob.checksum().toString());
        }
        pointer.checkMatches(file);
        List<Stated> checksums = withoutBlob(file);
        if (file.stated(Algorithm.SHA256).isEmpty()) {
            checksums.add(new Stated(pointer.sha256(), BY));
        }
        return with(file, pointer.size(), checksums);
    }

    private static List<Stated> withoutBlob(RemoteFile file) {
        return new ArrayList<>(file.checksums().stream()
                .filter(s -> s.checksum().algorithm() != Algorithm.GIT_BLOB)
                .toList());
    }

    private static RemoteFile with(RemoteFile file, Long bytes, List<Stated> checksums) {
        return new RemoteFile(file.path(), file.uris(), bytes, checksums, file.executable(), file.slice());
    }

    /** Opens the file, or the content that it points to. */
    static Response open(RemoteFile file, Request request, Transport transport) throws Problem {
        Response response;
        try {
            response = transport.open(request);
        } catch (Problem problem) {
            // A range after the end of the pointer: the bytes before it were those of the content.
            Integer status = SourceProblems.status(problem);
            LfsPointer pointer =
                    request.from() > 0 && status != null && status == 416 ? probe(request.uri(), transport) : null;
            if (pointer == null) {
                throw problem;
            }
            return content(file, pointer, request, transport);
        }
        return response.from() == 0
                ? resolveAtStart(file, response, request, transport)
                : resolveInMiddle(file, response, request, transport);
    }

    /** Checks the first bytes of a response from the start, if it is short enough to be a pointer. */
    private static Response resolveAtStart(RemoteFile file, Response response, Request request, Transport transport)
            throws Problem {
        long size = response.total() >= 0 || response.status() == 206 ? response.total() : response.length();
        if (size > LfsPointer.MAX_BYTES) {
            return response;
        }
        PushbackInputStream body = new PushbackInputStream(response.body(), LfsPointer.MAX_BYTES + 1);
        byte[] start;
        try {
            start = body.readNBytes(LfsPointer.MAGIC.length());
            body.unread(start);
        } catch (IOException e) {
            throw brokeOff(request.uri(), e);
        }
        return new String(start, StandardCharsets.UTF_8).equals(LfsPointer.MAGIC)
                ? resolve(file, response, request, transport)
                : withBody(response, response.total(), body);
    }

    /** Checks the file of a response from a later byte, if it is short enough to be a pointer. */
    private static Response resolveInMiddle(RemoteFile file, Response response, Request request, Transport transport)
            throws Problem {
        return response.total() < 0 || response.total() > LfsPointer.MAX_BYTES
                ? response
                : resolve(file, response, request, transport);
    }

    /**
     * Opens the content of a pointer, else the same range again. The first response is closed before, because a host may
     * allow one connection only.
     */
    private static Response resolve(RemoteFile file, Response response, Request request, Transport transport)
            throws Problem {
        try {
            response.close();
        } catch (IOException e) {
            throw brokeOff(request.uri(), e);
        }
        LfsPointer pointer = probe(request.uri(), transport);
        return pointer == null ? transport.open(request) : content(file, pointer, request, transport);
    }

    /** The pointer at that URL; null if it is a plain file. */
    private static @Nullable LfsPointer probe(URI uri, Transport transport) throws Problem {
        try (Response response = transport.open(Request.get(uri).range(0, LfsPointer.MAX_BYTES))) {
            return response.from() == 0 ? LfsPointer.parse(response.body().readNBytes(LfsPointer.MAX_BYTES + 1)) : null;
        } catch (IOException e) {
            throw brokeOff(uri, e);
        }
    }

    private static Response content(RemoteFile file, LfsPointer pointer, Request request, Transport transport)
            throws Problem {
        Stated blob = file.stated(Algorithm.GIT_BLOB).orElse(null);
        if (blob != null && blob.checksum().equals(pointer.blob())) {
            throw new Problem(
                    Kind.USAGE,
                    file.path() + " is in Git LFS, but the pinned checksum is that of its pointer (" + blob.checksum()
                            + ")",
                    "use options { via: lfs } and pin bytes: " + pointer.size() + " and " + pointer.sha256()
                            + "; a folder of such files is pinned without options.via");
        }
        pointer.checkMatches(file);
        LfsLocation place = LfsLocation.of(request.uri());
        if (place == null) {
            throw new IllegalStateException("not the URL of a file in a repository: " + request.uri());
        }
        Response response;
        try {
            response = transport.open(sameRange(place.downloadRequest(pointer, transport), request));
        } catch (Problem first) {
            try {
                response = transport.open(sameRange(Request.get(place.media()), request));
            } catch (Problem second) {
                throw second.after(first.attempts());
            }
        }
        return withSize(file, response, pointer);
    }

    /** The same range of another URL. */
    private static Request sameRange(Request other, Request request) {
        return other.range(request.from(), request.to()).ifRange(request.ifRange());
    }

    /** The response with the size in the pointer, so that a truncated body is detected. */
    private static Response withSize(RemoteFile file, Response response, LfsPointer pointer) throws Problem {
        if (response.total() < 0) {
            return withBody(response, pointer.size(), response.body());
        }
        if (response.total() == pointer.size()) {
            return response;
        }
        try (response) {
            throw new Problem(
                    Kind.WRONG_BYTES,
                    file.path() + ": Git LFS has " + pointer.size() + " bytes and "
                            + response.uri().getHost() + " sends " + response.total());
        } catch (IOException e) {
            throw brokeOff(response.uri(), e);
        }
    }

    private static Response withBody(Response response, long total, InputStream body) {
        return new Response(
                response.status(),
                response.uri(),
                response.via(),
                response.headers(),
                response.from(),
                response.length(),
                total,
                body);
    }

    private static Problem brokeOff(URI uri, IOException e) {
        return new Problem(Kind.NETWORK, uri + " was interrupted: " + e.getMessage(), "try again", e);
    }
}
