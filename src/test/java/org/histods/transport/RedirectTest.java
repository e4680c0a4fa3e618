package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.http.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.testing.FakeHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects and routes: where they lead, and which headers are sent along. */
class RedirectTest {

    private static final String SECRET = "s3cr3t-value-of-a-token";
    private static final Credentials LOGIN = host -> host.equals("zenodo.org")
            ? Optional.of(new Credentials.Header("Authorization", "Bearer " + SECRET, "~/.test"))
            : Optional.empty();

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    private static void redirect(String from, int status, String to) {
        HOSTS.server.stubFor(
                any(urlEqualTo(from)).willReturn(aResponse().withStatus(status).withHeader("Location", to)));
    }

    private static void data(String path) {
        HOSTS.server.stubFor(any(urlPathEqualTo(path)).willReturn(ok("data")));
    }

    @Test
    void redirectToASignedUrl_isFollowedAndRecordedWithoutTheSignature() throws Exception {
        redirect("/zenodo.org/a", 302, "https://bucket.s3.amazonaws.com/a?X-Amz-Signature=abc&X-Amz-Expires=60&v=2");
        data("/bucket.s3.amazonaws.com/a");
        try (Response response = HOSTS.transport().open(FakeHosts.get("https://zenodo.org/a"))) {
            assertEquals(URI.create("https://bucket.s3.amazonaws.com/a?v=2"), response.uri());
            assertEquals(List.of(URI.create("https://zenodo.org/a")), response.via());
            assertEquals("data", new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                "GET /bucket.s3.amazonaws.com/a?X-Amz-Signature=abc&X-Amz-Expires=60&v=2",
                HOSTS.requested().get(1));
    }

    @Test
    void redirectThatIsNotToBeFollowed_comesBackWithWhereItLeads() throws Exception {
        redirect("/zenodo.org/a", 302, "/login?code=1");
        try (Response response =
                HOSTS.transport().open(FakeHosts.get("https://zenodo.org/a").withoutRedirects())) {
            assertEquals(302, response.status());
            assertEquals("/login?code=1", response.header("location").orElse(""));
        }
        assertEquals(1, HOSTS.requested().size());
    }

    @Test
    void createdAfterAPost_isData() throws Exception {
        HOSTS.server.stubFor(any(urlEqualTo("/zenodo.org/token"))
                .willReturn(aResponse().withStatus(201).withBody("{}")));
        org.histods.transport.Request post =
                org.histods.transport.Request.postJson(URI.create("https://zenodo.org/token"), "{}");
        try (Response response = HOSTS.transport().open(post)) {
            assertEquals("{}", new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals(
                Problem.Kind.NETWORK,
                FakeHosts.fails(HOSTS.transport(), "https://zenodo.org/token").kind());
    }

    @Test
    void noRedirect_hasNoVia() throws Exception {
        data("/zenodo.org/a");
        try (Response response = HOSTS.transport().open(FakeHosts.get("https://zenodo.org/a"))) {
            assertEquals(List.of(), response.via());
            assertEquals(URI.create("https://zenodo.org/a"), response.uri());
        }
    }

    @Test
    void relativeRedirect_isResolvedAgainstTheHostAndRoutedAgain() throws Exception {
        redirect("/zenodo.org/record/1", 301, "/records/1");
        data("/zenodo.org/records/1");
        try (Response response = HOSTS.transport().open(FakeHosts.get("https://zenodo.org/record/1"))) {
            assertEquals(URI.create("https://zenodo.org/records/1"), response.uri());
        }
    }

    @Test
    void redirectInWhichTheRouteNamesItself_meansTheHostItStandsFor() throws Exception {
        redirect("/zenodo.org/a", 302, HOSTS.base() + "/zenodo.org/b");
        data("/zenodo.org/b");
        try (Response response = HOSTS.transport().open(FakeHosts.get("https://zenodo.org/a"))) {
            assertEquals(URI.create("https://zenodo.org/b"), response.uri());
        }
    }

    @Test
    void redirectToAnotherHost_carriesNoSecret() throws Exception {
        redirect("/zenodo.org/a", 307, "https://evil.example/a");
        data("/evil.example/a");
        HttpTransport transport = HOSTS.transport(settings -> settings.withCredentials(LOGIN));
        transport
                .open(FakeHosts.get("https://zenodo.org/a")
                        .with("Cookie", "session=" + SECRET)
                        .with("X-Dataverse-key", SECRET)
                        .with("Accept", "text/plain"))
                .close();
        List<Request> requests = HOSTS.requests();
        assertEquals("Bearer " + SECRET, requests.get(0).getHeader("Authorization"));
        assertEquals(SECRET, requests.get(0).getHeader("X-Dataverse-key"));
        assertEquals("text/plain", requests.get(1).getHeader("Accept"));
        assertFalse(requests.get(1).getHeaders().toString().contains(SECRET));
    }

    @Test
    void redirectWithinTheHost_keepsTheCredentials() throws Exception {
        redirect("/zenodo.org/a", 302, "/b");
        data("/zenodo.org/b");
        HOSTS.transport(settings -> settings.withCredentials(LOGIN))
                .open(FakeHosts.get("https://zenodo.org/a"))
                .close();
        assertEquals("Bearer " + SECRET, HOSTS.requests().get(1).getHeader("Authorization"));
    }

    @Test
    void urlThatIsSigned_getsNoSecondAuthorization() throws Exception {
        data("/zenodo.org/a");
        HOSTS.transport(settings -> settings.withCredentials(LOGIN))
                .open(FakeHosts.get("https://zenodo.org/a?X-Amz-Signature=abc"))
                .close();
        assertFalse(HOSTS.requests().get(0).containsHeader("Authorization"));
    }

    @Test
    void redirectFromHttpsToHttp_isRefusedAndNotRequested() throws Exception {
        redirect("/zenodo.org/a", 302, "http://zenodo.org/a?token=" + SECRET);
        Problem problem = FakeHosts.fails(HOSTS.transport(), "https://zenodo.org/a");
        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("from https to plain http"), problem::message);
        assertFalse(FakeHosts.everything(problem).contains(SECRET));
        assertEquals(1, HOSTS.requested().size());
    }

    @Test
    void loginHopThatSetsACookieAndRedirectsToItself_getsTheCookieBack() throws Exception {
        HOSTS.server.stubFor(any(urlEqualTo("/x.sharepoint.com/a"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Set-Cookie", "FedAuth=abc; path=/; secure; HttpOnly")
                        .withHeader("Location", "/a")));
        HOSTS.server.stubFor(any(urlEqualTo("/x.sharepoint.com/a"))
                .withHeader("Cookie", WireMock.equalTo("FedAuth=abc"))
                .willReturn(ok("data")));
        HOSTS.transport().open(FakeHosts.get("https://x.sharepoint.com/a")).close();
        assertEquals(2, HOSTS.requested().size());
    }

    @Test
    void cookieOfOneHost_goesToNoOtherHostAndNoLaterRequest() throws Exception {
        HOSTS.server.stubFor(any(urlEqualTo("/a.example/a"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Set-Cookie", "k=v; domain=example; path=/", "k2=v2; path=/")
                        .withHeader("Location", "https://b.example/b")));
        redirect("/b.example/b", 302, "https://a.example/c");
        data("/a.example/c");
        HttpTransport transport = HOSTS.transport();
        transport.open(FakeHosts.get("https://a.example/a")).close();
        transport.open(FakeHosts.get("https://a.example/c")).close();
        List<Request> requests = HOSTS.requests();
        assertFalse(requests.get(1).containsHeader("Cookie"));
        assertEquals("k2=v2", requests.get(2).getHeader("Cookie"));
        assertFalse(requests.get(3).containsHeader("Cookie"));
    }

    @Test
    void cookieThatIsNewEachTime_stopsAfterTenRedirects() throws Exception {
        for (int i = 0; i < 20; i++) {
            HOSTS.server.stubFor(any(urlEqualTo("/a.example/a"))
                    .inScenario("endless")
                    .whenScenarioStateIs(i == 0 ? "Started" : "" + i)
                    .willSetStateTo("" + (i + 1))
                    .willReturn(aResponse()
                            .withStatus(302)
                            .withHeader("Set-Cookie", "n=" + i)
                            .withHeader("Location", "/a")));
        }
        Problem problem = FakeHosts.fails(HOSTS.transport(), "https://a.example/a");
        assertTrue(problem.message().contains("more than 10 times"), problem::message);
    }

    @Test
    void redirectInACircle_isNamed() throws Exception {
        redirect("/zenodo.org/a", 302, "/b");
        redirect("/zenodo.org/b", 302, "/a");
        Problem problem = FakeHosts.fails(HOSTS.transport(), "https://zenodo.org/a");
        assertTrue(problem.message().contains("circle, back to https://zenodo.org/a"), problem::message);
        assertEquals(2, HOSTS.requested().size());
    }

    @Test
    void redirectsWithoutEnd_stopAfterTen() throws Exception {
        for (int i = 0; i < 15; i++) {
            redirect("/zenodo.org/" + i, 302, "/" + (i + 1));
        }
        Problem problem = FakeHosts.fails(HOSTS.transport(), "https://zenodo.org/0");
        assertTrue(problem.message().contains("more than 10 times"), problem::message);
        assertEquals(11, HOSTS.requested().size());
    }

    @Test
    void postThatGetsSeeOther_becomesAGet() throws Exception {
        redirect("/api.gdc.cancer.gov/data", 303, "/result");
        data("/api.gdc.cancer.gov/result");
        HOSTS.transport()
                .open(org.histods.transport.Request.postJson(URI.create("https://api.gdc.cancer.gov/data"), "{}"))
                .close();
        assertEquals(List.of("POST /api.gdc.cancer.gov/data", "GET /api.gdc.cancer.gov/result"), HOSTS.requested());
        assertFalse(HOSTS.requests().get(1).containsHeader("Content-Type"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 500, 400, 202, 416})
    void failure_namesNoSecret(int status) throws Exception {
        redirect(
                "/zenodo.org/a",
                302,
                "https://b.s3.amazonaws.com/a?X-Amz-Signature=" + SECRET + "&AWSAccessKeyId=AKIA9");
        HOSTS.server.stubFor(any(urlPathEqualTo("/b.s3.amazonaws.com/a"))
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "text/plain")
                        .withBody("you sent https://b/a?sig=" + SECRET + " and Bearer " + SECRET)));
        Problem problem = FakeHosts.fails(
                HOSTS.transport(settings -> settings.withCredentials(LOGIN)), "https://zenodo.org/a?token=" + SECRET);
        assertFalse(FakeHosts.everything(problem).contains(SECRET), () -> FakeHosts.everything(problem));
        assertFalse(FakeHosts.everything(problem).contains("AKIA9"));
    }

    @Test
    void hostThatQuotesTheCredentials_isNotQuoted() throws Exception {
        HOSTS.server.stubFor(any(urlPathEqualTo("/zenodo.org/a"))
                .willReturn(aResponse()
                        .withStatus(403)
                        .withHeader("Content-Type", "text/plain")
                        .withBody("wrong key: " + SECRET)));
        Problem problem =
                FakeHosts.fails(HOSTS.transport(settings -> settings.withCredentials(LOGIN)), "https://zenodo.org/a");
        assertFalse(FakeHosts.everything(problem).contains(SECRET), problem::message);
        assertTrue(problem.message().contains("wrong key"), problem::message);
    }

    @Test
    void refusal_saysWhetherCredentialsWereSent() throws Exception {
        HOSTS.server.stubFor(
                any(urlPathEqualTo("/zenodo.org/a")).willReturn(aResponse().withStatus(401)));
        Problem without = FakeHosts.fails(HOSTS.transport(), "https://zenodo.org/a");
        Problem with =
                FakeHosts.fails(HOSTS.transport(settings -> settings.withCredentials(LOGIN)), "https://zenodo.org/a");
        assertTrue(String.valueOf(without.hint()).startsWith("no credentials for zenodo.org were sent"), without::hint);
        assertTrue(with.message().contains("the credentials from ~/.test were refused"), with::message);
    }

    @Test
    void headerOfACredential_printsNoValue() {
        assertFalse(new Credentials.Header("Authorization", SECRET, "~/.test")
                .toString()
                .contains(SECRET));
    }

    @Test
    void routeToAProxyOverHttps_mayCarryTheHostsNameInItself() throws Exception {
        HostRewrites routes =
                HostRewrites.of(Map.of("*", HOSTS.base() + "/via/{host}/", "zenodo.org", HOSTS.base()), Set.of());
        HOSTS.server.stubFor(any(urlPathEqualTo("/x")).willReturn(ok()));
        HOSTS.server.stubFor(any(urlPathEqualTo("/via/osf.io/x")).willReturn(ok()));
        HttpTransport transport = HOSTS.transport(settings -> settings.withRoutes(routes));
        transport.open(FakeHosts.get("https://zenodo.org/x?a=b%2Fc")).close();
        transport.open(FakeHosts.get("https://osf.io/x")).close();
        assertEquals(List.of("GET /x?a=b%2Fc", "GET /via/osf.io/x"), HOSTS.requested());
    }

    @Test
    void routeToAnotherMachineOverHttp_isRefusedUnlessAllowed() throws Exception {
        Map<String, String> targets = Map.of("zenodo.org", "http://proxy.lab/{host}");
        Problem problem = assertThrows(Problem.class, () -> HostRewrites.of(targets, Set.of()));
        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("allow-http"), problem::hint);
        HostRewrites.of(targets, Set.of("proxy.lab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "proxy.lab", "ftp://proxy.lab", "https://proxy.lab/?x=1", "https://"})
    void routeThatIsNotAUrl_isRefused(String target) {
        Problem problem = assertThrows(Problem.class, () -> HostRewrites.of(Map.of("zenodo.org", target), Set.of()));
        assertEquals(Kind.USAGE, problem.kind());
    }

    @Test
    void plainHttpWithoutRoute_isRefusedUnlessAllowed() throws Exception {
        Problem problem = FakeHosts.fails(
                HOSTS.transport(settings -> settings.withRoutes(HostRewrites.none())), "http://web.inf.ufpr.br/a");
        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("web.inf.ufpr.br"), problem::hint);
        assertTrue(String.valueOf(problem.hint()).contains("allow-http"), problem::hint);
    }

    @Test
    void plainHttpToAnotherMachine_carriesNoCredentials() throws Exception {
        // A host name that is not loopback by its name, but is by a proxy: the proxy sees what would go out.
        Proxies proxies = Proxies.from(Map.of("http_proxy", HOSTS.base()));
        HOSTS.server.stubFor(any(urlPathEqualTo("/zenodo.org/a")).willReturn(ok()));
        HostRewrites routes = HostRewrites.of(Map.of("zenodo.org", "http://proxy.lab/{host}"), Set.of("proxy.lab"));
        HOSTS.transport(settings ->
                        settings.withRoutes(routes).withCredentials(LOGIN).withProxies(proxies))
                .open(FakeHosts.get("https://zenodo.org/a").with("Cookie", SECRET))
                .close();
        assertEquals("proxy.lab", HOSTS.requests().get(0).getHost());
        assertFalse(HOSTS.requests().get(0).getHeaders().toString().contains(SECRET));
    }
}
