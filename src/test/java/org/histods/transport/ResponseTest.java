package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.testing.FakeHosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests as they are sent, and facts in responses about their bytes. */
class ResponseTest {

    private static final String FILE = "https://zenodo.org/a";

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    private static void always(ResponseDefinitionBuilder response) {
        HOSTS.server.stubFor(any(anyUrl()).willReturn(response));
    }

    private static ResponseDefinitionBuilder part(String range, String body) {
        return aResponse().withStatus(206).withHeader("Content-Range", range).withBody(body);
    }

    @Test
    void request_namesHistodsAndAsksForIdentity() throws Exception {
        always(ok("data"));
        HOSTS.transport()
                .open(FakeHosts.get(FILE).with("Accept", "application/json"))
                .close();
        Request request = HOSTS.requests().get(0);
        assertEquals("histods/0-test (+https://github.com/histods/histods)", request.getHeader("User-Agent"));
        assertEquals("identity", request.getHeader("Accept-Encoding"));
        assertEquals("application/json", request.getHeader("Accept"));
        assertFalse(request.containsHeader("Range"));
        assertFalse(request.containsHeader("Authorization"));
    }

    @Test
    void requestThatNeedsAnotherCoding_asksForThat() throws Exception {
        always(ok("data"));
        HOSTS.transport()
                .open(FakeHosts.get(FILE).with("accept-encoding", "gzip"))
                .close();
        assertEquals(
                List.of("gzip"),
                HOSTS.requests().get(0).header("Accept-Encoding").values());
    }

    @Test
    void policyWithItsOwnUserAgent_isSentThat() throws Exception {
        always(ok("data"));
        HostPolicies policies = HostPolicies.none().with(Map.of("zenodo.org", new HostPolicy(1, 0, 1, "Mozilla/5.0")));
        HOSTS.transport(settings -> settings.withPolicies(policies))
                .open(FakeHosts.get(FILE))
                .close();
        assertEquals("Mozilla/5.0", HOSTS.requests().get(0).getHeader("User-Agent"));
    }

    @Test
    void wholeFile_hasItsLengthHeadersAndBytes() throws Exception {
        byte[] bytes = {13, 10, 26, 0, -1};
        always(aResponse().withBody(bytes).withHeader("ETag", "\"abc\"").withHeader("X-Goog-Hash", "a=1", "b=2"));
        try (Response response = HOSTS.transport().open(FakeHosts.get(FILE))) {
            assertEquals(200, response.status());
            assertEquals(0, response.from());
            assertEquals(5, response.length());
            assertEquals(5, response.total());
            assertEquals("\"abc\"", response.validator());
            assertEquals("a=1, b=2", response.header("x-goog-HASH").orElseThrow());
            assertArrayEquals(bytes, response.body().readAllBytes());
            assertEquals(-1, response.body().read());
        }
    }

    @Test
    void part_saysWhereItStartsAndHowLargeTheWholeIs() throws Exception {
        always(part("bytes 5-9/10", "fghij"));
        try (Response response =
                HOSTS.transport().open(FakeHosts.get(FILE).range(5, -1).ifRange("\"abc\""))) {
            assertEquals(206, response.status());
            assertEquals(5, response.from());
            assertEquals(5, response.length());
            assertEquals(10, response.total());
        }
        Request request = HOSTS.requests().get(0);
        assertEquals("bytes=5-", request.getHeader("Range"));
        assertEquals("\"abc\"", request.getHeader("If-Range"));
    }

    @Test
    void partThatStartsEarlierThanRequested_statesItsStart() throws Exception {
        always(part("bytes 4-9/*", "efghij"));
        try (Response response = HOSTS.transport().open(FakeHosts.get(FILE).range(5, 9))) {
            assertEquals(4, response.from());
            assertEquals(-1, response.total());
        }
        assertEquals("bytes=5-9", HOSTS.requests().get(0).getHeader("Range"));
    }

    @Test
    void wholeFileAlthoughAPartWasRequested_startsAtZero() throws Exception {
        always(ok("abcdefghij"));
        try (Response response = HOSTS.transport().open(FakeHosts.get(FILE).range(5, -1))) {
            assertEquals(200, response.status());
            assertEquals(0, response.from());
            assertEquals(10, response.length());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "bytes 6-9/10", "bytes 9-5/10", "bytes 5-20/10", "bytes */10", "pages 5-9/10", "bytes 5-8/10"
            })
    void partThatCannotBePlaced_isRefused(String range) throws Exception {
        always(part(range, "fghij"));
        Problem problem = FakeHosts.fails(HOSTS.transport(), FakeHosts.get(FILE).range(5, -1));
        assertEquals(Kind.NETWORK, problem.kind());
    }

    @Test
    void encodedAlthoughIdentityWasRequested_isPassedOnWithoutALength() throws Exception {
        byte[] zipped = gzip("data");
        always(aResponse().withBody(zipped).withHeader("Content-Encoding", "gzip"));
        try (Response response = HOSTS.transport().open(FakeHosts.get(FILE))) {
            assertEquals(-1, response.length());
            assertEquals(-1, response.total());
            assertEquals("gzip", response.header("Content-Encoding").orElseThrow());
            assertArrayEquals(zipped, response.body().readAllBytes());
        }
    }

    @Test
    void smallResponseThatIsGzipped_isDecoded() throws Exception {
        always(aResponse().withBody(gzip("data")).withHeader("Content-Encoding", "gzip"));
        assertArrayEquals("data".getBytes(UTF_8), HOSTS.transport().read(FakeHosts.get(FILE), 4));
    }

    @Test
    void head_statesTheSizeAndHasNoBody() throws Exception {
        always(ok("data"));
        try (Response response = HOSTS.transport().open(org.histods.transport.Request.head(URI.create(FILE)))) {
            assertEquals(4, response.total());
            assertEquals(0, response.length());
            assertEquals(-1, response.body().read());
        }
    }

    @Test
    void emptyFile_isData() throws Exception {
        always(ok());
        try (Response response = HOSTS.transport().open(FakeHosts.get(FILE))) {
            assertEquals(0, response.body().readAllBytes().length);
        }
    }

    @Test
    void post_sendsItsBody() throws Exception {
        always(ok("{}"));
        HOSTS.transport()
                .open(org.histods.transport.Request.postJson(URI.create(FILE), "{\"a\":1}"))
                .close();
        assertEquals("{\"a\":1}", HOSTS.requests().get(0).getBodyAsString());
        assertEquals("application/json", HOSTS.requests().get(0).getHeader("Content-Type"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https:///x", "mailto:a@b", "zenodo.org/a", "https://zenodo.org:99999/"})
    void textThatIsNotAUrl_isInvalidUsage(String uri) throws Exception {
        Problem problem = FakeHosts.fails(HOSTS.transport(), uri);
        assertEquals(Kind.USAGE, problem.kind());
    }

    @Test
    void hostNameWithUnderscore_isRequested() throws Exception {
        always(ok("data"));
        HttpTransport transport = HOSTS.transport();
        transport.open(FakeHosts.get("https://my_bucket.s3.amazonaws.com/a")).close();
        assertEquals("GET /my_bucket.s3.amazonaws.com/a", HOSTS.requested().get(0));
        assertEquals(
                16,
                transport
                        .policyFor(URI.create("https://my_bucket.s3.amazonaws.com/a"))
                        .segments());
    }

    @Test
    void policies_areFoundByHostThenBySuffix() {
        HostPolicies policies = HostPolicies.none()
                .with(Map.of(
                        "zenodo.org", new HostPolicy(2, 100, 1),
                        "*.amazonaws.com", new HostPolicy(8, 0, 4),
                        "*.UTORONTO.ca", new HostPolicy(1, 6, 1)));

        assertEquals(2, policies.of("Zenodo.org").connections());
        assertEquals(8, policies.of("idc-open-data.s3.amazonaws.com").connections());
        assertEquals(6, policies.of("www.dsp.utoronto.ca").requestsPerMinute());
        assertEquals(new HostPolicy(4, 0, 1), policies.of("notzenodo.org"));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(UTF_8));
        }
        return bytes.toByteArray();
    }
}
