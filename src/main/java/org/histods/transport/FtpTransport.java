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
import org.histods.transport.AttemptResult.Retry;
import org.jspecify.annotations.Nullable;

/**
 * FTP client: anonymous, passive, without encryption. Keeps the connections to a server for reuse, since a dataset there
 * can be tens of thousands of small files.
 *
 * <p>A URL that ends with a slash is a folder; its response is a listing as {@link FtpSession#list} writes it.
 */
final class FtpTransport {

    /** The first line of a listing. */
    static final String LISTING = "# listing of an FTP folder: kind, size, name";

    private static final int PORT = 21;
    private static final String LATER = "run the same command later; received data is kept";
    private static final String OTHER_SOURCE =
            "try another source with --source, or download the file in another way and pull again with --from FILE";

    private final TransportSettings settings;
    private final HostThrottles throttles;
    private final Map<String, Deque<FtpSession>> idle = new ConcurrentHashMap<>();
    private final Set<FtpSession> busy = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    FtpTransport(TransportSettings settings, HostThrottles throttles) {
        this.settings = settings;
        this.throttles = throttles;
    }

    static boolean supports(URI uri) {
        return "ftp".equalsIgnoreCase(uri.getScheme());
    }

    /** Returns {@link AttemptResult.Data} or {@link AttemptResult.Failure}. */
    AttemptResult run(Request request, RetryState retries) throws Problem {
        URI uri = request.uri();
        String host = uri.getHost() == null ? "" : uri.getHost();
        if (host.isEmpty()
                || uri.getPath() == null
                || uri.getUserInfo() != null
                || request.method().equals("POST")) {
            throw new Problem(
                    Kind.USAGE,
                    "not an ftp URL that histods can get: " + SecretPatterns.cleanUrl(uri),
                    "write it as ftp://HOST/PATH");
        }
        if (!request.handling().unencrypted()) {
            settings.hosts().routes().requireUnencryptedAllowed(host, SecretPatterns.cleanUrl(uri));
        }
        HostThrottle.Permit permit = throttles.of(host).acquire(retries, true);
        FtpSession session = null;
        boolean handedOver = false;
        try {
            session = session(uri, host);
            busy.add(session);
            Response response = response(request, host, session, permit);
            handedOver = true;
            return new AttemptResult.Data(response);
        } catch (IOException e) {
            retries.throwIfInterrupted(host);
            return failure(uri, host, e);
        } finally {
            if (!handedOver) {
                if (session != null) {
                    release(uri, session, false);
                }
                permit.close();
            }
        }
    }

    private FtpSession session(URI uri, String host) throws IOException {
        Deque<FtpSession> ofHost = idle.get(key(uri));
        FtpSession kept;
        while (ofHost != null && (kept = ofHost.pollFirst()) != null) {
            if (kept.isAlive()) {
                return kept;
            }
            kept.disconnect();
        }
        return new FtpSession(host, uri.getPort() < 0 ? PORT : uri.getPort(), settings.retryPolicy());
    }

    private Response response(Request request, String host, FtpSession session, HostThrottle.Permit permit)
            throws IOException {
        String path = request.uri().getPath().isEmpty() ? "/" : request.uri().getPath();
        if (path.indexOf('\r') >= 0 || path.indexOf('\n') >= 0) {
            throw new FtpSession.UnusableException("cannot get a path with a line break");
        }
        Consumer<Boolean> done = reusable -> {
            release(request.uri(), session, reusable);
            permit.close();
        };
        if (path.endsWith("/")) {
            byte[] listing = session.list(path).getBytes(StandardCharsets.UTF_8);
            done.accept(true);
            return small(request.uri(), 200, Map.of(), 0, listing, listing.length);
        }
        return file(request, path, host, session, done);
    }

    /** @param done receives once whether the session can be used again */
    private Response file(Request request, String path, String host, FtpSession session, Consumer<Boolean> done)
            throws IOException {
        FtpSession.Stat stat = session.stat(path);
        long size = stat.size();
        Map<String, String> headers = entityTag(stat);
        boolean same = request.ifRange() == null || request.ifRange().equals(headers.get("etag"));
        int status = same && request.ranged() ? 206 : 200;
        long from = same ? request.from() : 0;
        if (size >= 0 && from > 0 && from >= size) {
            throw new FtpSession.UnusableException(
                    "has a file of " + size + " bytes, which ends before the requested bytes");
        }
        if (request.method().equals("HEAD")) {
            done.accept(true);
            return small(request.uri(), status, headers, from, new byte[0], size);
        }
        long end = same && request.to() >= 0 && (size < 0 || request.to() < size - 1) ? request.to() + 1 : size;
        long length = end < 0 ? -1 : end - from;
        InputStream bytes = session.retrieve(stat, from);
        FtpBodyStream body = new FtpBodyStream(session, bytes, host, length, end == size, () -> closed, done);
        return new Response(status, request.uri(), List.of(), headers, from, length, size, body);
    }

    /** Used as entity tag: the file is unchanged as long as size and date are. */
    private static Map<String, String> entityTag(FtpSession.Stat stat) {
        return stat.changed() == null || stat.size() < 0
                ? Map.of()
                : Map.of("etag", "\"" + stat.size() + "-" + stat.changed() + "\"");
    }

    private static Response small(
            URI uri, int status, Map<String, String> headers, long from, byte[] body, long total) {
        return new Response(status, uri, List.of(), headers, from, body.length, total, new ByteArrayInputStream(body));
    }

    private void release(URI uri, FtpSession session, boolean reusable) {
        busy.remove(session);
        if (reusable && !closed) {
            idle.computeIfAbsent(key(uri), host -> new ConcurrentLinkedDeque<>())
                    .addFirst(session);
        } else {
            session.disconnect();
        }
    }

    private static String key(URI uri) {
        return uri.getHost() + ":" + uri.getPort();
    }

    void close() {
        closed = true;
        busy.forEach(FtpSession::disconnect);
        idle.values().forEach(sessions -> sessions.forEach(FtpSession::disconnect));
        idle.clear();
    }

    private static AttemptResult.Failure failure(URI uri, String host, IOException e) {
        Integer code = e instanceof FtpSession.RefusedException refused ? refused.code() : null;
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : SecretPatterns.redact(e.getMessage());
        if (e instanceof UnknownHostException) {
            return failure(uri, host, Kind.NETWORK, Retry.NEVER, "was not found: no address for that name", e);
        }
        if (code == null) {
            boolean retry = !(e instanceof FtpSession.UnusableException);
            return failure(
                    uri, host, Kind.NETWORK, retry ? Retry.ALLOWED : Retry.NEVER, retry ? "failed: " + text : text, e);
        }
        if (code == 530 || code == 331 || code == 332) {
            return failure(uri, host, Kind.PERSON, Retry.NEVER, text + ": it requires an account", e);
        }
        if (code == 550) {
            return failure(uri, host, Kind.NETWORK, Retry.NEVER, text + ": no such file, or it is not public", e);
        }
        // 4xx is transient (RFC 959, section 4.2.1); servers send 421 for too many connections.
        return failure(uri, host, Kind.NETWORK, code < 500 ? Retry.ALLOWED : Retry.NEVER, text, e);
    }

    private static AttemptResult.Failure failure(
            URI uri, String host, Kind kind, Retry retry, String what, @Nullable Throwable cause) {
        String url = SecretPatterns.cleanUrl(uri);
        return new AttemptResult.Failure(
                kind,
                retry,
                false,
                null,
                "could not get " + url + ": " + host + " " + what,
                retry == Retry.NEVER ? OTHER_SOURCE : LATER,
                new Problem.Attempt(host, url, null, null, what),
                cause);
    }
}
