package org.histods.serve;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The HTTP server of a mirror. It writes nothing, and responds to {@code GET} and {@code HEAD}; to {@code POST} only if clients may
 * ask for pulls.
 */
public final class MirrorServer implements AutoCloseable {

    private static final int THREADS = 32;
    private static final int HEADER_BYTES = 8 * 1024;

    /** How long a connection may stay without a byte in either direction. */
    private static final long IDLE_MILLIS = 60_000;

    private final Server server;
    private final ServerConnector connector;
    private final ServedMirror mirror;
    private final @Nullable PullQueue pulls;

    private MirrorServer(Server server, ServerConnector connector, ServedMirror mirror, @Nullable PullQueue pulls) {
        this.server = server;
        this.connector = connector;
        this.mirror = mirror;
        this.pulls = pulls;
    }

    /**
     * Starts a server.
     *
     * @param mirror closed with the server
     * @param audits a folder of reports; null for none
     * @param pulls what pulls what clients ask for, closed with the server; null if they may not
     * @param version of this program
     * @throws Problem {@code USAGE} if it cannot listen there
     */
    public static MirrorServer start(
            ServeSettings settings,
            ServedMirror mirror,
            SitePageSource site,
            @Nullable Path audits,
            @Nullable PullQueue pulls,
            String version)
            throws Problem {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("serve");
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerCertificate certificate = settings.certificate();
        HttpConnectionFactory http = new HttpConnectionFactory(configuration());
        ServerConnector connector = certificate == null
                ? new ServerConnector(server, 1, 1, http)
                : new ServerConnector(
                        server, 1, 1, new SslConnectionFactory(certificate.context(), http.getProtocol()), http);
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.addBean(new NetworkConnectionLimit(settings.connections(), connector));
        server.setErrorHandler(new PlainErrors());
        StatisticsHandler statistics = new StatisticsHandler();
        RequestHandler requests = new RequestHandler(
                mirror,
                new BagPages(version),
                site,
                new Audits(audits),
                () -> Metrics.of(statistics, mirror.bags(), pulls),
                settings.token() == null,
                pulls);
        Handler protectedRequests = settings.token() == null ? requests : new TokenHandler(settings.token(), requests);
        statistics.setHandler(protectedRequests);
        server.setHandler(statistics);
        MirrorServer started = new MirrorServer(server, connector, mirror, pulls);
        try {
            server.start();
            return started;
        } catch (Exception e) {
            started.close();
            String cause = e instanceof IOException io
                    ? Problem.because("cannot listen on " + settings.host() + ":" + settings.port(), io)
                    : "cannot listen on " + settings.host() + ":" + settings.port() + ": " + e.getMessage();
            throw new Problem(
                    Problem.Kind.USAGE,
                    cause,
                    "choose an address of this machine and a free port with --listen HOST:PORT",
                    e);
        }
    }

    private static HttpConfiguration configuration() {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendXPoweredBy(false);
        http.setRequestHeaderSize(HEADER_BYTES);
        // The handler decodes each segment by itself, so that a percent sign in a file's name is no danger.
        http.setUriCompliance(UriCompliance.DEFAULT.with("histods", UriCompliance.Violation.AMBIGUOUS_PATH_ENCODING));
        return http;
    }

    /** The port that the server listens on. */
    public int port() {
        return connector.getLocalPort();
    }

    /** Stops the server and its pulls at once. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        } finally {
            if (pulls != null) {
                pulls.close();
            }
            mirror.close();
        }
    }

    /** Errors as one line of text, with nothing of the request in it. */
    private static final class PlainErrors extends ErrorHandler {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Object message = request.getAttribute(ERROR_MESSAGE);
            String text = response.getStatus() + " " + (message == null ? "error" : message) + "\n";
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
            response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
            response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
            return true;
        }
    }
}
