package org.histods.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.histods.problem.Problem;
import org.histods.testing.FakeHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hospital networks whose HTTP proxy refuses a tunnel for https. */
class HttpProxyTest {

    private static final String URL = "https://data.example/a";

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    /** Refuses every tunnel with one status. */
    private static final class RefusingProxy implements AutoCloseable {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final String status;
        private final Thread thread = new Thread(this::serve);

        RefusingProxy(String status) throws IOException {
            this.status = status;
            thread.start();
        }

        private void serve() {
            while (true) {
                try (Socket client = server.accept()) {
                    int newlines = 0;
                    for (int b = client.getInputStream().read();
                            b >= 0;
                            b = client.getInputStream().read()) {
                        newlines = b == '\n' ? newlines + 1 : b == '\r' ? newlines : 0;
                        if (newlines == 2) {
                            break;
                        }
                    }
                    client.getOutputStream()
                            .write(("HTTP/1.1 " + status + "\r\nProxy-Authenticate: Basic realm=\"lab\"\r\n"
                                            + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                                    .getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    if (server.isClosed()) {
                        return;
                    }
                }
            }
        }

        Problem refuses(String user) throws Problem {
            Proxies proxies =
                    Proxies.from(Map.of("https_proxy", "http://" + user + "127.0.0.1:" + server.getLocalPort()));
            HostRewrites routes = HostRewrites.of(Map.of(), Set.of());
            return FakeHosts.fails(
                    HOSTS.transport(settings -> settings.withRoutes(routes).withProxies(proxies)), URL);
        }

        @Override
        public void close() throws Exception {
            server.close();
            thread.join();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ada:wrong@"})
    void proxyThatWantsCredentials_isAskedOnce_andTheHintSaysWhereTheyGo(String user) throws Exception {
        try (RefusingProxy proxy = new RefusingProxy("407 Proxy Authentication Required")) {
            Problem p = proxy.refuses(user);
            assertTrue(
                    p.message().contains("requires authentication")
                            && p.message().contains("https_proxy"),
                    p.message());
            assertTrue(String.valueOf(p.hint()).contains("https_proxy=http://USER:PASSWORD@"), p.hint());
            assertEquals(1, p.attempts().size());
            assertFalse(FakeHosts.everything(p).contains("wrong@"));
        }
    }

    @Test
    void proxyThatForbidsTheHost_isAskedOnce() throws Exception {
        try (RefusingProxy proxy = new RefusingProxy("403 Forbidden")) {
            Problem p = proxy.refuses("");
            assertTrue(p.message().contains("the proxy returned HTTP 403"), p.message());
            assertTrue(String.valueOf(p.hint()).contains("no_proxy"), p.hint());
            assertEquals(1, p.attempts().size());
        }
    }

    @Test
    void proxyThatIsOverloaded_isAskedAgain() throws Exception {
        try (RefusingProxy proxy = new RefusingProxy("503 Service Unavailable")) {
            Problem p = proxy.refuses("");
            assertTrue(p.message().contains("the proxy returned HTTP 503"), p.message());
            assertTrue(p.attempts().size() > 1);
        }
    }
}
