package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Set;
import okhttp3.HttpUrl;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.testing.FakeHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Proxies from the environment, and the characters that credentials may contain. */
class EnvironmentTest {

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    @Test
    void credentialWithALineBreak_isRefusedWithoutBeingShown() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> new Credentials.Header("Authorization", "secret\r\nX: y", "a test"));
        assertFalse(String.valueOf(e.getMessage()).contains("secret"));
    }

    @Test
    void proxyOfTheEnvironment_isUsedWithItsCredentials() throws Exception {
        HOSTS.server.stubFor(any(anyUrl()).willReturn(ok("data")));
        HOSTS.server.stubFor(any(anyUrl())
                .withHeader("Proxy-Authorization", absent())
                .willReturn(aResponse().withStatus(407).withHeader("Proxy-Authenticate", "Basic realm=\"p\"")));
        Proxies proxies = Proxies.from(Map.of("http_proxy", HOSTS.base().replace("://", "://me:pw@")));
        HostRewrites routes = HostRewrites.of(Map.of(), Set.of("web.inf.ufpr.br"));
        HttpTransport transport =
                HOSTS.transport(settings -> settings.withRoutes(routes).withProxies(proxies));
        transport.open(FakeHosts.get("http://web.inf.ufpr.br/a")).close();
        assertEquals("web.inf.ufpr.br", HOSTS.requests().get(1).getHost());
    }

    @Test
    void proxyThatWantsCredentialsThatAreMissing_isNamed() throws Exception {
        HOSTS.server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(407)));
        Proxies proxies = Proxies.from(Map.of("http_proxy", HOSTS.base()));
        HostRewrites routes = HostRewrites.of(Map.of(), Set.of("web.inf.ufpr.br"));
        Problem problem = FakeHosts.fails(
                HOSTS.transport(settings -> settings.withRoutes(routes).withProxies(proxies)),
                "http://web.inf.ufpr.br/a");
        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("the proxy returned HTTP 407"), problem::message);
    }

    @Test
    void hostsWithoutProxy_areFoundByNameAndBySuffix() throws Exception {
        Proxies proxies = Proxies.from(Map.of(
                "HTTPS_PROXY",
                "http://p:3128",
                "no_proxy",
                "lab.example:443, .uni.example,*.gov",
                "HTTP_PROXY",
                "http://q"));
        assertTrue(proxies.forUrl(HttpUrl.get("https://zenodo.org")) != null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://lab.example")) == null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://a.lab.example")) == null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://x.uni.example")) == null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://api.gdc.cancer.gov")) == null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://notlab.example")) != null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://127.0.0.1")) == null);
        assertTrue(proxies.forUrl(HttpUrl.get("http://zenodo.org")) == null, "HTTP_PROXY in upper case is not read");
    }

    @Test
    void proxyThatIsNotAUrl_isInvalidUsage_andNotShown() {
        Proxies proxies = Proxies.from(Map.of("https_proxy", "socks4://me:hush@proxy"));
        Problem problem = assertThrows(Problem.class, () -> proxies.forUrl(HttpUrl.get("https://zenodo.org")));
        assertEquals(Kind.USAGE, problem.kind());
        assertFalse(FakeHosts.everything(problem).contains("hush"));
    }

    @Test
    void hostWithAPortInNoProxy_meansThisPortOnly() throws Exception {
        Proxies proxies = Proxies.from(
                Map.of("https_proxy", "http://p:3128", "no_proxy", "lab.example:8443,[2001:db8::1]:443,*:9000"));
        assertTrue(proxies.forUrl(HttpUrl.get("https://lab.example/")) != null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://lab.example:8443/")) == null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://[2001:db8::1]/")) == null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://[2001:db8::1]:8443/")) != null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://zenodo.org:9000/")) == null);
        assertTrue(proxies.forUrl(HttpUrl.get("https://zenodo.org/")) != null);
    }

    @Test
    void passwordForAProxyOverTls_isNotSentWithoutEncryption() throws Exception {
        Proxies proxies = Proxies.from(Map.of("https_proxy", "https://me:hush@p:3128"));
        Problem problem = assertThrows(Problem.class, () -> proxies.forUrl(HttpUrl.get("https://zenodo.org/")));
        assertTrue(problem.message().contains("TLS to a proxy is not supported"), problem.message());
        assertFalse(FakeHosts.everything(problem).contains("hush"));
        Proxies without = Proxies.from(Map.of("https_proxy", "https://[2001:db8::2]:3128"));
        assertEquals(
                "the proxy [2001:db8::2]:3128 (https_proxy)",
                String.valueOf(without.forUrl(HttpUrl.get("https://zenodo.org/"))));
    }
}
