package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import org.histods.problem.Problem;
import org.histods.testing.FakeHosts;
import org.histods.testing.SocksServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks whose only connection to the internet is a SOCKS proxy, such as an ssh tunnel. */
class SocksProxyTest {

    private static final String BY_NAME = "http://data.example/a";
    private static final String BY_ADDRESS = "http://192.0.2.7/a";

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    @BeforeEach
    void serve() {
        HOSTS.server.stubFor(any(anyUrl()).willReturn(ok("data")));
    }

    private static HttpTransport through(Map<String, String> environment) throws Problem {
        HostRewrites routes = HostRewrites.of(Map.of(), Set.of("data.example", "192.0.2.7"));
        Proxies proxies = Proxies.from(environment);
        return HOSTS.transport(settings -> settings.withRoutes(routes)
                .withProxies(proxies)
                .withRetryPolicy(
                        new RetryPolicy(Duration.ofMinutes(10), 2, Duration.ofSeconds(60), Duration.ofSeconds(60))));
    }

    private static String body(HttpTransport transport, String url) throws Exception {
        try (Response response = transport.open(FakeHosts.get(url))) {
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void socks5h_letsTheProxyResolveTheName() throws Exception {
        try (SocksServer proxy = new SocksServer(HOSTS.server.port(), 0, null)) {
            assertEquals("data", body(through(Map.of("ALL_PROXY", "socks5h://" + proxy.at())), BY_NAME));
            assertEquals(List.of("name data.example:80"), proxy.targets);
        }
    }

    @Test
    void socks5_resolvesTheNameHere() throws Exception {
        try (SocksServer proxy = new SocksServer(HOSTS.server.port(), 0, null)) {
            assertEquals("data", body(through(Map.of("all_proxy", "socks5://" + proxy.at())), BY_ADDRESS));
            assertEquals(List.of("address 192.0.2.7:80"), proxy.targets);
            Problem problem =
                    FakeHosts.fails(through(Map.of("all_proxy", "socks5://" + proxy.at())), "http://data.example/a");
            assertTrue(problem.message().contains("no address for that name"), problem::message);
        }
    }

    @Test
    void userAndPasswordInTheProxysUrl_areSentToItAndNeverShown() throws Exception {
        try (SocksServer proxy = new SocksServer(HOSTS.server.port(), 0, "me:p w")) {
            assertEquals("data", body(through(Map.of("http_proxy", "socks5h://me:p%20w@" + proxy.at())), BY_NAME));
            Problem wrong = FakeHosts.fails(through(Map.of("http_proxy", "socks5h://me:wrong@" + proxy.at())), BY_NAME);
            assertTrue(wrong.message().contains("refused the user and password in http_proxy"), wrong::message);
            assertFalse(FakeHosts.everything(wrong).contains("wrong@"));
            assertEquals(1, wrong.attempts().size());
            Problem none = FakeHosts.fails(through(Map.of("http_proxy", "socks5h://" + proxy.at())), BY_NAME);
            assertTrue(none.message().contains("requires a user and a password"), none::message);
        }
    }

    @Test
    void proxyThatCannotReachTheHost_isNamedWithItsReason() throws Exception {
        try (SocksServer proxy = new SocksServer(HOSTS.server.port(), 4, null)) {
            Problem problem = FakeHosts.fails(through(Map.of("ALL_PROXY", "socks5h://" + proxy.at())), BY_NAME);
            assertTrue(
                    problem.message()
                            .contains("SOCKS proxy " + proxy.at() + " (ALL_PROXY) could not connect: host unreachable"),
                    problem::message);
            assertEquals(2, problem.attempts().size());
        }
    }

    @Test
    void proxyThatIsNotRunning_isNamed() throws Exception {
        String at;
        try (SocksServer proxy = new SocksServer(HOSTS.server.port(), 0, null)) {
            at = proxy.at();
        }
        Problem problem = FakeHosts.fails(through(Map.of("ALL_PROXY", "socks5h://" + at)), BY_NAME);
        assertTrue(problem.message().contains("the SOCKS proxy " + at), problem::message);
        assertTrue(String.valueOf(problem.hint()).contains("ALL_PROXY"), problem::hint);
    }

    @Test
    void portThatIsNotASocksProxy_isReportedOnce() throws Exception {
        Problem problem =
                FakeHosts.fails(through(Map.of("ALL_PROXY", HOSTS.base().replace("http:", "socks5h:"))), BY_NAME);
        assertTrue(problem.message().contains("is not a SOCKS5 proxy"), problem::message);
        assertEquals(1, problem.attempts().size());
    }

    @Test
    void allProxyBesideMoreSpecificOnes_isNotUsedEvenIfItCannotBe() throws Exception {
        Proxies proxies = Proxies.from(Map.of(
                "ALL_PROXY", "socks4://old:1080",
                "http_proxy", "http://a:3128",
                "https_proxy", "http://b:3128"));
        assertEquals("a", String.valueOf(host(proxies.forUrl(HttpUrl.get("http://zenodo.org")))));
        assertEquals("b", String.valueOf(host(proxies.forUrl(HttpUrl.get("https://zenodo.org")))));
    }

    @Test
    void allProxyBesideHttpsProxy_countsForHttpOnly() throws Exception {
        Proxies proxies = Proxies.from(Map.of("ALL_PROXY", "socks5://s", "HTTPS_PROXY", "http://b:3128"));
        assertEquals("s", String.valueOf(host(proxies.forUrl(HttpUrl.get("http://zenodo.org")))));
        assertEquals("b", String.valueOf(host(proxies.forUrl(HttpUrl.get("https://zenodo.org")))));
        assertTrue(
                String.valueOf(proxies.forUrl(HttpUrl.get("http://zenodo.org"))).contains("s:1080"));
    }

    private static String host(@org.jspecify.annotations.Nullable ProxyServer proxy) {
        return proxy == null ? "none" : proxy.host();
    }

    @Test
    void proxyThatIsNotSupported_isNamedWithoutItsPassword() {
        Problem problem = assertThrows(
                Problem.class,
                () -> Proxies.from(Map.of("ALL_PROXY", "socks4a://me:hush@proxy"))
                        .forUrl(HttpUrl.get("https://zenodo.org")));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("ALL_PROXY") && problem.message().contains("socks4a"), problem::message);
        assertFalse(FakeHosts.everything(problem).contains("hush"));
    }

    @Test
    void allProxyThatCannotBeUsed_doesNotStopRequestsThatHaveAProxyOfTheirOwn_orNone() throws Exception {
        Proxies proxies = Proxies.from(
                Map.of("ALL_PROXY", "socks4://old:1080", "https_proxy", "http://b:3128", "no_proxy", "lab.example"));
        assertEquals("b", host(proxies.forUrl(HttpUrl.get("https://zenodo.org"))));
        assertEquals("none", host(proxies.forUrl(HttpUrl.get("http://lab.example"))));
        assertThrows(Problem.class, () -> proxies.forUrl(HttpUrl.get("http://zenodo.org")));
    }

    @Test
    void emptyVariable_isTheSameAsNone() throws Exception {
        Proxies proxies = Proxies.from(
                Map.of("https_proxy", "", "HTTPS_PROXY", "http://b:3128", "no_proxy", " ", "NO_PROXY", "lab.example."));
        assertEquals("b", host(proxies.forUrl(HttpUrl.get("https://zenodo.org"))));
        assertEquals("none", host(proxies.forUrl(HttpUrl.get("https://lab.example"))));
    }

    @Test
    void proxyInQuotes_orWithABarePassword_isNamedWithWhatToWrite() {
        for (String value : List.of("\"http://a:3128\"", "http://ada:p@ss:w/rd@a:3128")) {
            Problem problem = assertThrows(
                    Problem.class,
                    () -> Proxies.from(Map.of("https_proxy", value)).forUrl(HttpUrl.get("https://zenodo.org")));
            assertTrue(problem.message().contains("https_proxy"), problem::message);
            assertTrue(String.valueOf(problem.hint()).contains("%40"), problem::hint);
            assertFalse(FakeHosts.everything(problem).contains("w/rd"));
        }
    }

    @Test
    void httpProxyThatIsCalledSocks_isReportedOnce() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            HostRewrites routes = HostRewrites.of(Map.of(), Set.of("data.example"));
            HttpTransport transport = HOSTS.transport(settings -> settings.withRoutes(routes)
                    .withProxies(Proxies.from(Map.of("ALL_PROXY", "socks5h://127.0.0.1:" + silent.getLocalPort())))
                    .withRetryPolicy(new RetryPolicy(
                            Duration.ofMinutes(10), 3, Duration.ofMillis(300), Duration.ofSeconds(60))));
            Problem problem = FakeHosts.fails(transport, BY_NAME);
            assertTrue(problem.message().contains("it may be an HTTP proxy"), problem::message);
            assertEquals(1, problem.attempts().size());
        }
    }

    @Test
    void nameThatOnlyTheProxyKnows_hintsAtSocks5h() throws Exception {
        try (SocksServer proxy = new SocksServer(HOSTS.server.port(), 0, null)) {
            Problem problem = FakeHosts.fails(through(Map.of("all_proxy", "socks5://" + proxy.at())), BY_NAME);
            assertTrue(String.valueOf(problem.hint()).contains("socks5h://"), problem::hint);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "lab.example, lab.example, true",
        "LAB.Example, lab.example, true",
        ".lab.example, a.lab.example, true",
        "*.lab.example, a.lab.example, true",
        "lab.example:443, lab.example, true",
        "b.example lab.example, lab.example, true",
        "ab.example, lab.example, false",
        "10.0.0.0/8, 10.1.2.3, true",
        "10.0.0.0/8, 11.1.2.3, false",
        "192.168.4.0/22, 192.168.7.9, true",
        "fd00::/8, fd12::1, true",
        "fd00::1, fd00::1, true",
        "'[fd00::1]:443', fd00::1, true",
        "10.0.0.0/99, 10.1.2.3, false",
        "10.0.0.0/8, lab.example, false",
    })
    void noProxy_isReadInEveryFormThatOtherToolsRead(String list, String host, boolean direct) throws Exception {
        Proxies proxies = Proxies.from(Map.of("https_proxy", "http://b:3128", "no_proxy", list));
        assertEquals(
                direct ? "none" : "b",
                host(proxies.forUrl(
                        new HttpUrl.Builder().scheme("https").host(host).build())));
    }
}
