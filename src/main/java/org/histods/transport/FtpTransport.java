package org.histods.transport;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Consumer;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The way out over FTP, without an account, passive and not encrypted. A server's connections are kept and used again,
 * since a dataset there can be tens of thousands of small files.
 *
 * <p>An address that ends with a slash is a folder; its answer is a listing as {@link FtpSession#list} writes it.
 */
final class FtpTransport {

    /** The first line of a listing. */
    static final String LISTING = "# listing of an FTP folder: kind, size, name";

    private static final int PORT = 21;
    private static final String LATER = "run the same command later; what has arrived is kept";
    private static final String ELSEWHERE =
            "try another source with --source, or bring the file by hand with --from FILE";

    private final TransportSettings settings;
    private final HostThrottles gates;
    private final Map<String, Deque<FtpSession>> idle = new ConcurrentHashMap<>();
    private final Set<FtpSession> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    FtpTransport(TransportSettings settings, HostThrottles gates) {
        this.settings = settings;
        this.gates = gates;
    }

    static boolean speaks(URI uri) {
        return "ftp".equalsIgnoreCase(uri.getScheme());
    }

    /** Comes back with data or with a setback. */
    AttemptResult go(Request request, RetryState budget) throws Problem {
        URI uri = request.uri();
        String host = uri.getHost() == null ? "" : uri.getHost();
        if (host.isEmpty()
                || uri.getPath() == null
                || uri.getUserInfo() != null
                || request.method().equals("POST")) {
            throw new Problem(Kind.USAGE, "not an ftp address that can be fetched: " + SecretPatterns.clean(uri));
        }
        if (!request.plain()) {
            settings.routes().plainMust(host, SecretPatterns.clean(uri));
        }
        HostThrottle.Place place = gates.of(host).enter(budget, true);
        FtpSession session = null;
        boolean handedOn = false;
        try {
            session = session(uri, host);
            busy.add(session);
            Response answer = answer(request, host, session, place);
            handedOn = true;
            return new AttemptResult.Data(answer);
        } catch (IOException e) {
            budget.throwIfInterrupted(host);
            return setback(uri, host, e);
        } finally {
            if (!handedOn) {
                if (session != null) {
                    release(uri, session, false);
                }
                place.close();
            }
        }
    }

    private FtpSession session(URI uri, String host) throws IOException {
        Deque<FtpSession> waiting = idle.get(key(uri));
        FtpSession kept;
        while (waiting != null && (kept = waiting.pollFirst()) != null) {
            if (kept.alive()) {
                return kept;
            }
            kept.drop();
        }
        return new FtpSession(host, uri.getPort() < 0 ? PORT : uri.getPort(), settings.patience());
    }

    private Response answer(Request request, String host, FtpSession session, HostThrottle.Place place)
            throws IOException {
        String path = request.uri().getPath().isEmpty() ? "/" : request.uri().getPath();
        if (path.indexOf('\r') >= 0 || path.indexOf('\n') >= 0) {
            throw new FtpSession.Useless("cannot be asked for a path with a line break");
        }
        Consumer<Boolean> done = usable -> {
            release(request.uri(), session, usable);
            place.close();
        };
        if (path.endsWith("/")) {
            byte[] listing = session.list(path).getBytes(StandardCharsets.UTF_8);
            done.accept(true);
            return small(request.uri(), 200, Map.of(), 0, listing, listing.length);
        }
        return file(request, path, host, session, done);
    }

    /** @param done told once, whether the session can be used again */
    private Response file(Request request, String path, String host, FtpSession session, Consumer<Boolean> done)
            throws IOException {
        long size = session.size(path);
        Map<String, String> headers = tag(size, session.changed(path));
        boolean same = request.ifRange() == null || request.ifRange().equals(headers.get("etag"));
        int status = same && request.ranged() ? 206 : 200;
        long from = same ? request.from() : 0;
        if (size >= 0 && from > 0 && from >= size) {
            throw new FtpSession.Useless(
                    "has a file of " + size + " bytes, which ends before those that were asked for");
        }
        if (request.method().equals("HEAD")) {
            done.accept(true);
            return small(request.uri(), status, headers, from, new byte[0], size);
        }
        long end = same && request.to() >= 0 && (size < 0 || request.to() < size - 1) ? request.to() + 1 : size;
        long length = end < 0 ? -1 : end - from;
        InputStream bytes = session.retrieve(path, from);
        FtpBodyStream body = new FtpBodyStream(session, bytes, host, length, end == size, () -> closed, done);
        return new Response(status, request.uri(), List.of(), headers, from, length, size, body);
    }

    /** What stands for an entity tag: as long as size and date stay, the file does. */
    private static Map<String, String> tag(long size, @Nullable String changed) {
        return changed == null || size < 0 ? Map.of() : Map.of("etag", "\"" + size + "-" + changed + "\"");
    }

    private static Response small(
            URI uri, int status, Map<String, String> headers, long from, byte[] body, long total) {
        return new Response(status, uri, List.of(), headers, from, body.length, total, new ByteArrayInputStream(body));
    }

    private void release(URI uri, FtpSession session, boolean usable) {
        busy.remove(session);
        if (usable && !closed) {
            idle.computeIfAbsent(key(uri), host -> new ConcurrentLinkedDeque<>())
                    .addFirst(session);
        } else {
            session.drop();
        }
    }

    private static String key(URI uri) {
        return uri.getHost() + ":" + uri.getPort();
    }

    void close() {
        closed = true;
        busy.forEach(FtpSession::drop);
        idle.values().forEach(sessions -> sessions.forEach(FtpSession::drop));
        idle.clear();
    }

    private static AttemptResult.Setback setback(URI uri, String host, IOException e) {
        Integer code = e instanceof FtpSession.Refused refused ? refused.code() : null;
        String said = e.getMessage() == null ? e.getClass().getSimpleName() : SecretPatterns.scrub(e.getMessage());
        if (e instanceof UnknownHostException) {
            return setback(uri, host, Kind.NETWORK, false, "could not be found: there is no address for that name", e);
        }
        if (code == null) {
            boolean again = !(e instanceof FtpSession.Useless);
            return setback(uri, host, Kind.NETWORK, again, again ? "failed: " + said : said, e);
        }
        if (code == 530 || code == 331 || code == 332) {
            return setback(uri, host, Kind.PERSON, false, said + ": it wants a login", e);
        }
        if (code == 550) {
            return setback(uri, host, Kind.NETWORK, false, said + ": there is no such file, or it is not public", e);
        }
        // 4xx: not now (RFC 959, section 4.2.1); 421 is also what too many connections get.
        return setback(uri, host, Kind.NETWORK, code < 500, said, e);
    }

    private static AttemptResult.Setback setback(
            URI uri, String host, Kind kind, boolean again, String what, @Nullable Throwable cause) {
        String url = SecretPatterns.clean(uri);
        return new AttemptResult.Setback(
                kind,
                again,
                false,
                null,
                "could not get " + url + ": " + host + " " + what,
                again ? LATER : ELSEWHERE,
                new Problem.Attempt(host, url, null, null, what),
                cause);
    }
}
