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
        private final String sent;
        private final boolean afterHello;
        private final Thread thread = new Thread(this::serve);

        RefusingProxy(String status) throws IOException {
            this(status, "");
        }

        /** @param sent what the host behind the proxy sends at once */
        RefusingProxy(String status, String sent) throws IOException {
            this(status, sent, false);
        }

        /** @param afterHello whether the host sends it once the client has begun TLS */
        RefusingProxy(String status, String sent, boolean afterHello) throws IOException {
            this.status = status;
            this.sent = sent;
            this.afterHello = afterHello;
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
                    boolean tunnel = status.startsWith("200");
                    String fields = tunnel
                            ? ""
                            : String.join(
                                    "\r\n",
                                    "Proxy-Authenticate: Basic realm=\"lab\"",
                                    "Content-Length: 0",
                                    "Connection: close",
                                    "");
                    String head = "HTTP/1.1 " + status + "\r\n" + fields + "\r\n";
                    client.getOutputStream()
                            .write((head + (afterHello ? "" : sent)).getBytes(StandardCharsets.ISO_8859_1));
                    if (tunnel) {
                        client.getInputStream().read(new byte[1000]);
                    }
                    if (afterHello) {
                        client.getOutputStream().write(sent.getBytes(StandardCharsets.ISO_8859_1));
                        client.getInputStream().read(new byte[1000]);
                    }
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

    @Test
    void hostThatSpeaksFirst_isNoHostOfTls_andIsAskedOnce() throws Exception {
        try (RefusingProxy proxy = new RefusingProxy("200 OK", "SSH-2.0-OpenSSH_9.2\r\n")) {
            Problem p = proxy.refuses("");
            assertTrue(p.message().contains("does not support TLS on port 443"), p.message());
            assertEquals(1, p.attempts().size());
        }
    }

    @Test
    void hostWithATlsThatIsTooOld_isAskedOnce() throws Exception {
        // A fatal alert (21) of TLS 1.2 with two bytes: protocol_version (70).
        try (RefusingProxy proxy = new RefusingProxy("200 OK", "\25\3\3\0\2\2F", true)) {
            Problem p = proxy.refuses("");
            assertTrue(p.message().contains("no version or cipher of TLS"), p.message());
            assertEquals(1, p.attempts().size());
        }
    }
}
