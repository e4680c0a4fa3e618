package org.histods.testing;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.Options.ChunkedEncodingPolicy;
import com.github.tomakehurst.wiremock.http.Request;
import com.github.tomakehurst.wiremock.stubbing.ServeEvent;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.histods.problem.Problem;
import org.histods.source.all.Sources;
import org.histods.transport.HostRewrites;
import org.histods.transport.HttpTransport;
import org.histods.transport.RetryPolicy;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Simulates all hosts on one loopback server: {@code https://HOST/PATH} is requested at {@code /HOST/PATH}. */
public final class FakeHosts implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    public final WireMockServer server = new WireMockServer(wireMockConfig()
            .dynamicPort()
            .dynamicHttpsPort()
            .bindAddress("127.0.0.1")
            .useChunkedTransferEncoding(ChunkedEncodingPolicy.NEVER));
    public final List<String> waits = Collections.synchronizedList(new ArrayList<>());
    private final List<HttpTransport> opened = new ArrayList<>();
    public FakeSleeper time = new FakeSleeper();

    @Override
    public void beforeAll(ExtensionContext context) {
        server.start();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        server.stop();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        server.resetAll();
        waits.clear();
        time = new FakeSleeper();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        opened.forEach(HttpTransport::close);
        opened.clear();
    }

    public String base() {
        return "http://127.0.0.1:" + server.port();
    }

    public HttpTransport transport() throws Problem {
        return transport(settings -> settings);
    }

    public HttpTransport transport(UnaryOperator<TestTransports> change) throws Problem {
        TestTransports transports = new TestTransports()
                .withPolicies(Sources.policies())
                .withRoutes(HostRewrites.of(Map.of("*", base() + "/{host}"), Set.of()))
                .withRetryPolicy(
                        new RetryPolicy(Duration.ofMinutes(10), 5, Duration.ofSeconds(60), Duration.ofSeconds(60)));
        HttpTransport transport = change.apply(transports)
                .open(time, (host, length, reason) -> waits.add(host + " " + length.toSeconds() + " s: " + reason));
        opened.add(transport);
        return transport;
    }

    /** The requests that came, oldest first, as {@code GET /zenodo.org/x}. */
    public List<String> requested() {
        List<String> lines = new ArrayList<>();
        for (Request request : requests()) {
            lines.add(request.getMethod() + " " + request.getUrl());
        }
        return lines;
    }

    public List<Request> requests() {
        List<Request> all = new ArrayList<>();
        for (ServeEvent event : server.getAllServeEvents()) {
            all.add(0, event.getRequest());
        }
        return all;
    }

    public static org.histods.transport.Request get(String uri) {
        return org.histods.transport.Request.get(URI.create(uri));
    }

    public static Problem fails(HttpTransport transport, String uri) {
        return fails(transport, get(uri));
    }

    public static Problem fails(HttpTransport transport, org.histods.transport.Request request) {
        return Assertions.assertThrows(
                Problem.class, () -> transport.open(request).close());
    }

    /** Everything of the problem that a user or a record could see. */
    public static String everything(Problem problem) {
        StringBuilder all = new StringBuilder();
        all.append(problem).append(problem.hint()).append(problem.attempts());
        for (Throwable cause = problem.getCause(); cause != null; cause = cause.getCause()) {
            all.append(cause);
        }
        return all.toString();
    }
}
