package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import okhttp3.OkHttpClient;
import org.histods.problem.Problem;
import org.histods.testing.FakeHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host on the internet that redirects into the network of the machine that histods runs on. */
class InternalRedirectTest {

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    /** Only the public host is simulated; other requests go where their URLs say. */
    private static HttpTransport transport(Set<String> allowPrivate) throws Problem {
        HostRewrites routes = HostRewrites.of(Map.of("data.example", HOSTS.base() + "/{host}"), Set.of());
        return HOSTS.transport(settings -> settings.withRoutes(routes).withAllowPrivate(allowPrivate));
    }

    private static void redirect(String to) {
        HOSTS.server.stubFor(any(urlEqualTo("/data.example/a"))
                .willReturn(aResponse().withStatus(302).withHeader("Location", to)));
        HOSTS.server.stubFor(any(urlEqualTo("/secret")).willReturn(ok("secret")));
    }

    private static Request get() {
        return FakeHosts.get("http://data.example/a").allowUnencrypted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "localhost",
                "localhost.",
                "metadata",
                "metadata.google.internal",
                "printer.local",
                "169.254.169.254",
                "10.1.2.3",
                "172.16.0.1",
                "192.168.1.1",
                "100.100.100.200",
                "0.0.0.0",
                "2130706433",
                "0x7f000001",
                "0x7f.1",
                "0177.0.0.1",
                "017700000001",
                "127.1",
                "[::1]",
                "[::]",
                "[::ffff:127.0.0.1]",
                "[::ffff:a9fe:a9fe]",
                "[::127.0.0.1]",
                "[fd00:ec2::254]",
                "[fe80::1]",
                "[64:ff9b::10.0.0.1]",
                "[2002:7f00:1::]"
            })
    void publicHostThatRedirectsInside_isRefused_andNoInternalHostIsRequested(String host) throws Exception {
        redirect("http://" + host + ":" + HOSTS.server.port() + "/secret");
        Problem problem = FakeHosts.fails(transport(Set.of()), get());
        assertEquals(Problem.Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("inside your network, which is refused"), problem::message);
        assertTrue(String.valueOf(problem.hint()).contains("allow-private"), problem::hint);
        assertEquals(List.of("GET /data.example/a"), HOSTS.requested());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zenodo.org",
                "8.8.8.8",
                "134744072",
                "172.32.0.1",
                "192.169.0.1",
                "100.128.0.1",
                "169.253.0.1",
                "2606:4700::1111",
                "64:ff9b::8.8.8.8",
                "1.2.3",
                "12.local.example",
                "0x8.8.8.8",
                "999.1.1.1"
            })
    void publicAddress_isNotTakenForAnInternalOne(String host) {
        assertFalse(InternalAddresses.isInternalHost(host));
    }

    @Test
    void internalHostThatTheSettingsAllow_isFollowed() throws Exception {
        redirect(HOSTS.base() + "/secret");
        transport(Set.of("127.0.0.1")).open(get()).close();
        assertEquals(List.of("GET /data.example/a", "GET /secret"), HOSTS.requested());
    }

    @Test
    void internalHostThatRedirectsWithinTheNetwork_isFollowed() throws Exception {
        HOSTS.server.stubFor(any(urlEqualTo("/a"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", "http://localhost:" + HOSTS.server.port() + "/secret")));
        HOSTS.server.stubFor(any(urlEqualTo("/secret")).willReturn(ok("data")));
        transport(Set.of()).open(FakeHosts.get(HOSTS.base() + "/a")).close();
        assertEquals(List.of("GET /a", "GET /secret"), HOSTS.requested());
    }

    @Test
    void publicNameWithAnInternalAddress_getsNoRequest() throws Exception {
        HOSTS.server.stubFor(any(anyUrl()).willReturn(ok("secret")));
        OkHttpClient client = new OkHttpClient.Builder()
                .dns(name -> List.of(InetAddress.getByAddress(name, new byte[] {127, 0, 0, 1})))
                .addNetworkInterceptor(new ConnectionGuard())
                .build();
        okhttp3.Request request = new okhttp3.Request.Builder()
                .url("http://rebound.example:" + HOSTS.server.port() + "/")
                .tag(ConnectionGuard.Peer.class, new ConnectionGuard.Peer(true))
                .build();
        IOException refused = assertThrows(
                IOException.class, () -> client.newCall(request).execute().close());
        assertTrue(String.valueOf(refused.getMessage()).contains("127.0.0.1"), refused::toString);
        assertEquals(List.of(), HOSTS.requested());
    }
}
