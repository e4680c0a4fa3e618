package org.histods.source.tcia;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.UrlEncoding;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.testing.TestTransports;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** TCIA's packages: found through its collection manager and listed like their web page does. */
final class TciaFaspexTest {

    @RegisterExtension
    static final WireMockExtension HOST =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    private static final String API = "/cancerimagingarchive.net/api/";
    private static final String FASPEX = "/faspex.cancerimagingarchive.net/aspera/faspex/";
    private static final String CONTEXT = Base64.getEncoder()
            .encodeToString(
                    "{\"resource\":\"packages\",\"type\":\"external_download_package\",\"id\":\"739\",\"passcode\":\"p\"}"
                            .getBytes(StandardCharsets.UTF_8));

    private final Source source = new TciaSource();
    private Transport transport = TestTransports.to(1);

    @BeforeEach
    void connect() {
        transport = TestTransports.to(HOST.getPort());
        String downloads =
                SourceContract.resource("tcia/downloads.json").replace("CONTEXT", UrlEncoding.segment(CONTEXT));
        stub(
                API + "v1/collections/?per_page=100&page=1&slug=her2-tumor-rois",
                SourceContract.resource("tcia/collections.json"));
        stub(API + "v1/downloads/?per_page=100&include=41001,41002", downloads);
        stub(API + "v1/downloads/?per_page=100&include=41001", downloads);
        stub(API + "v1/downloads/?per_page=100&page=1&slug=her2-tumor-rois-da-path", downloads);
        stub(
                API + "wp/v2/media/555",
                "{\"source_url\": \"https://www.cancerimagingarchive.net/wp-content/uploads/clinical%20v2.csv\"}");
        faspex();
    }

    private static void faspex() {
        stub(FASPEX + "config.js", SourceContract.resource("tcia/config.js"));
        HOST.stubFor(get(urlEqualTo(FASPEX
                        + "auth/authorize_public_link?response_type=code&client_id=ff9aa63a-72e1-436f-82ef-5677eb1f7aee"
                        + "&redirect_uri=%2Faspera%2Ffaspex%2Ftoken&state="
                        + UrlEncoding.segment(CONTEXT)))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader(
                                "Location",
                                "https://faspex.cancerimagingarchive.net/aspera/faspex/token?state=s&code=c%2B1")));
        HOST.stubFor(post(urlEqualTo(FASPEX + "auth/token"))
                .withRequestBody(matchingJsonPath("$.code", equalTo("c+1")))
                .withRequestBody(matchingJsonPath("$.state", equalTo(CONTEXT)))
                .willReturn(aResponse()
                        .withStatus(201)
                        .withBody("{\"access_token\": \"secret\", \"token_type\": \"bearer\"}")));
        stub(FASPEX + "api/v5/packages/739", "{\"id\": 739, \"pagination_browsing\": false}");
        folder(
                "/",
                "/files/received?limit=100&offset=0",
                null,
                page(
                        4,
                        "\"path\": \"/HER2_tumor_ROIs_v3.sums\", \"type\": \"file\", \"size\": 62974",
                        "\"path\": \"/Yale\", \"type\": \"directory\", \"size\": 0",
                        "\"path\": \"/link.svs\", \"type\": \"symbolic_link\", \"size\": 0, \"target\": {\"type\": \"file\", \"size\": 5}",
                        "\"path\": \"/plain-link.svs\", \"type\": \"symbolic_link\", \"size\": 0, \"target\": \"/store/1\""));
        folder(
                "/Yale",
                "/files/received?limit=100&offset=0",
                null,
                page(2, "\"path\": \"/Yale/a & b.svs\", \"type\": \"file\", \"size\": 7"));
        folder(
                "/Yale",
                "/files/received?limit=100&offset=1",
                null,
                page(2, "\"path\": \"/Yale/c.svs\", \"type\": \"file\", \"size\": 8"));
    }

    private static String page(int total, String... items) {
        return "{\"items\": [{" + String.join("}, {", items) + "}], \"total_count\": " + total + "}";
    }

    private static void folder(String path, String url, @Nullable String next, String body) {
        var response = aResponse().withBody(body);
        HOST.stubFor(post(urlEqualTo(FASPEX + "api/v5/packages/739" + url))
                .withHeader("Authorization", equalTo("Bearer secret"))
                .withRequestBody(matchingJsonPath("$.path", equalTo(path)))
                .willReturn(next == null ? response : response.withHeader("X-Aspera-Next-Iteration-Token", next)));
    }

    private static void stub(String url, String body) {
        HOST.stubFor(get(urlEqualTo(url)).willReturn(aResponse().withBody(body)));
    }

    private List<RemoteFile> resolve(SpecBuilder spec) throws Problem {
        return source.resolve(spec.build(), transport);
    }

    private static SpecBuilder spec(String record) {
        return SpecBuilder.spec("tcia", record).option("via", "faspex");
    }

    private static final List<String> FILES =
            List.of("HER2_tumor_ROIs_v3.sums", "link.svs", "plain-link.svs", "Yale/a & b.svs", "Yale/c.svs");

    @Test
    void collection_leadsToItsPackageAndTheFilesInIt() throws Problem {
        List<RemoteFile> files = resolve(spec("her2-tumor-rois"));

        assertEquals(FILES, SourceContract.paths(files));
        assertEquals(62974L, files.get(0).bytes());
        assertEquals(5L, files.get(1).bytes());
        assertEquals(null, files.get(2).bytes());
    }

    @Test
    void downloadByNumberOrSlug_isTheSamePackage() throws Problem {
        assertEquals(FILES, SourceContract.paths(resolve(spec("41001"))));
        assertEquals(FILES, SourceContract.paths(resolve(spec("her2-tumor-rois-da-path"))));
        assertEquals(FILES, SourceContract.paths(resolve(spec("x").option("download", "41001"))));
    }

    @Test
    void listingByToken_isFollowedToItsEnd() throws Problem {
        stub(FASPEX + "api/v5/packages/739", "{\"pagination_browsing\": true}");
        folder(
                "/",
                "/files/received/page?per_page=100",
                "t/1",
                page(9, "\"path\": \"/a.svs\", \"type\": \"file\", \"size\": 1"));
        folder(
                "/",
                "/files/received/page?per_page=100&iteration_token=t%2F1",
                null,
                page(9, "\"path\": \"/b.svs\", \"type\": \"file\", \"size\": 2"));

        assertEquals(List.of("a.svs", "b.svs"), SourceContract.paths(resolve(spec("41001"))));
    }

    @Test
    void withoutAWay_plainFilesComeToo() throws Problem {
        List<RemoteFile> files = resolve(SpecBuilder.spec("tcia", "her2-tumor-rois"));

        assertEquals(6, files.size());
        assertEquals("clinical v2.csv", files.get(5).path().text());
        assertEquals(
                1,
                resolve(SpecBuilder.spec("tcia", "her2-tumor-rois").option("via", "file"))
                        .size());
    }

    @Test
    void openedFileWithoutAscp_needsManualActionAndExplainsIt() throws Problem {
        RemoteFile file = resolve(spec("41001")).get(3);

        Problem problem = assertThrows(Problem.class, () -> source.open(file, file.uri(), 0, -1, null, transport));

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("ascp"), problem.message());
        String hint = String.valueOf(problem.hint());
        assertTrue(
                hint.contains("ascli faspex5 packages receive --url='https://faspex.cancerimagingarchive.net"
                        + "/aspera/faspex/public/package?context=" + UrlEncoding.segment(CONTEXT) + "'"),
                hint);
        assertTrue(hint.contains("'/Yale/a & b.svs'"), hint);
        assertTrue(hint.contains("gem install aspera-cli"), hint);
        assertTrue(hint.contains("--from"), hint);
        assertFalse(hint.contains("secret"), hint);
    }

    @Test
    void packageOfAnotherNumber_isUpstreamChangedAndNamesThoseThere() {
        Problem problem = assertThrows(
                Problem.class, () -> resolve(spec("her2-tumor-rois").option("package", "560")));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("package 739"), problem.message());
    }

    @Test
    void refusedLink_needsManualAction() {
        HOST.stubFor(
                post(urlEqualTo(FASPEX + "auth/token")).willReturn(aResponse().withBody("{}")));

        assertEquals(
                Kind.PERSON,
                assertThrows(Problem.class, () -> resolve(spec("41001"))).kind());
    }

    @Test
    void olderFormOfALink_needsManualAction() {
        stub(
                API + "v1/downloads/?per_page=100&include=41001",
                "[{\"id\": 41001, \"download_url\": \"https://faspex.cancerimagingarchive.net/aspera/faspex/external_deliveries/77?passcode=1\"}]");

        Problem problem = assertThrows(Problem.class, () -> resolve(spec("41001")));

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("external_deliveries/77"), problem.message());
    }

    @Test
    void unknownCollection_isUpstreamChanged() {
        stub(API + "v1/collections/?per_page=100&page=1&slug=gone", "[]");

        Problem problem = assertThrows(Problem.class, () -> resolve(spec("gone")));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("'gone'"), problem.message());
    }

    @Test
    void fewerEntriesThanTheTotal_areNotTakenForAll() {
        folder("/Yale", "/files/received?limit=100&offset=1", null, "{\"items\": [], \"total_count\": 2}");

        assertEquals(
                Kind.NETWORK,
                assertThrows(Problem.class, () -> resolve(spec("41001"))).kind());
    }

    @Test
    void listingThatTimesOut_isRequestedInSmallerPages() throws Problem {
        HOST.stubFor(post(urlEqualTo(FASPEX + "api/v5/packages/739/files/received?limit=100&offset=0"))
                .withRequestBody(matchingJsonPath("$.path", equalTo("/Yale")))
                .willReturn(aResponse().withStatus(504)));
        folder(
                "/Yale",
                "/files/received?limit=10&offset=0",
                null,
                page(1, "\"path\": \"/Yale/a & b.svs\", \"type\": \"file\", \"size\": 7"));

        assertEquals(FILES.subList(0, 4), SourceContract.paths(resolve(spec("41001"))));
    }

    @Test
    void pathListedWithoutALeadingSlash_isRequestedWithOne() throws Problem {
        folder(
                "/",
                "/files/received?limit=100&offset=0",
                null,
                page(1, "\"path\": \"Yale\", \"type\": \"directory\", \"size\": 0"));

        assertEquals(List.of("Yale/a & b.svs", "Yale/c.svs"), SourceContract.paths(resolve(spec("41001"))));
    }

    @Test
    void linkRefusedWithAReason_reportsTheReason() {
        HOST.stubFor(get(urlPathEqualTo(FASPEX + "auth/authorize_public_link"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", "/aspera/faspex/error?action_message=Link+has+expired")));

        Problem problem = assertThrows(Problem.class, () -> resolve(spec("41001")));

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("'Link has expired'"), problem.message());
    }
}
