package org.histods.source.grandchallenge;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.stubbing.Scenario;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.testing.TestTransports;
import org.histods.transport.Credentials;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class GrandChallengeSourceTest extends SourceContract {

    private static final String API = "/grand-challenge.org/api/v1/";
    private static final String ARCHIVE = API + "archives/?slug=lymph";
    private static final String IMAGES = API + "cases/images/?archive=aaaa-1&offset=0&limit=100";
    private static final String ITEMS = API + "archives/items/?archive=aaaa-1&offset=0&limit=100";
    private static final String MEDIA = "https://grand-challenge.org/media/";

    @BeforeEach
    void imagesAndItems() {
        stub(IMAGES, 200, resource("grand-challenge/images.json"));
        stub(ITEMS, 200, resource("grand-challenge/items.json"));
    }

    @Override
    public String kind() {
        return "grand-challenge";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("grand-challenge", "archives/lymph");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("case 1.tif", MEDIA + "images/i1/out.tif", null);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("grand-challenge", "lymph").file("case 1.tif", MEDIA + "images/i1/out.tif", null);
    }

    @Override
    public String requested() {
        return ARCHIVE;
    }

    @Override
    public String recorded() {
        return resource("grand-challenge/archive.json");
    }

    @Override
    public List<String> listed() {
        return List.of("case 1.tif", "ct/a.mhd", "ct/a.zraw", "items/t1/lesions.json");
    }

    @Override
    public String withHostileName() {
        return "{\"results\": [{\"pk\": \"p\", \"name\": \"../evil\", \"files\": [{\"file\": \"" + MEDIA
                + "x.tif\"}]}]}";
    }

    @Override
    public String recordedEmpty() {
        return "{\"count\": 0, \"next\": null, \"results\": []}";
    }

    @Test
    void urls_areKeptWithoutSignature() throws Problem {
        stub(ARCHIVE, 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(MEDIA + "images/i1/out.tif", files.get(0).uri().toString());
        assertTrue(files.stream().allMatch(f -> f.checksums().isEmpty() && f.bytes() == null));
    }

    @Test
    void archiveThatIsNotShown_saysWhereToAsk() {
        stub(ARCHIVE, 200, recordedEmpty());

        Problem problem = refused(unpinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("https://grand-challenge.org/archives/lymph/"));
        assertTrue(String.valueOf(problem.hint()).contains("histods login grand-challenge.org"));
    }

    @Test
    void imagesOfOneName_areEachInAFolder() throws Problem {
        stub(ARCHIVE, 200, recorded());
        stub(ITEMS, 200, recordedEmpty());
        stub(IMAGES, 200, "{\"results\": [" + image("i1") + "," + image("i2") + "]}");

        assertEquals(List.of("i1/a.mha", "i2/a.mha"), paths(resolve(unpinned())));
    }

    @Test
    void imageWithoutAFile_needsManualActionUnlessExcluded() throws Problem {
        stub(ARCHIVE, 200, recorded());
        stub(
                IMAGES,
                200,
                "{\"results\": [{\"pk\": \"i1\", \"name\": \"study\", \"dicom_image_set\": \"d\", \"files\": []}]}");

        assertEquals(Kind.PERSON, refused(unpinned()).kind());
        assertEquals(List.of("items/t1/lesions.json"), paths(resolve(unpinned().exclude("study"))));
    }

    @Test
    void longListing_isFollowedToItsEnd() throws Problem {
        stub(ARCHIVE, 200, recorded());
        stub(ITEMS, 200, recordedEmpty());
        String second = API + "cases/images/?archive=aaaa-1&limit=100&offset=100";
        stub(IMAGES, 200, "{\"next\": \"https:/" + second + "\", \"results\": [" + image("i1") + "]}");
        stub(second, 200, "{\"next\": null, \"results\": [" + image("i2").replace("a.mha", "b.mha") + "]}");

        assertEquals(List.of("a.mha", "b.mha"), paths(resolve(unpinned())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/api/v1/",
                "http://grand-challenge.org/api/v1/",
                "https://grand-challenge.org/api/v1/cases/images/?archive=aaaa-1&offset=0&limit=100"
            })
    void listingThatContinuesElsewhereOrRepeats_isRefused(String next) {
        stub(ARCHIVE, 200, recorded());
        stub(IMAGES, 200, "{\"next\": \"" + next + "\", \"results\": [" + image("i1") + "]}");

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void pinnedFileWithoutUrl_isLookedUp() throws Problem {
        stub(ARCHIVE, 200, recorded());

        assertEquals(
                MEDIA + "images/i2/a.mhd",
                resolve(unpinned().file("ct/a.mhd")).get(0).uri().toString());
        assertEquals(
                MEDIA + "images/i1/out.tif",
                resolve(unpinned().file("x.tif", "i1", null)).get(0).uri().toString());
        assertEquals(Kind.UPSTREAM_CHANGED, refused(unpinned().file("gone.tif")).kind());
    }

    @Test
    void urlOfAnArchive_isDescribed() throws Problem {
        stub(ARCHIVE, 200, recorded());

        RecordDescription described = Sources.describe("https://grand-challenge.org/archives/lymph/", transport)
                .orElseThrow();

        assertEquals("archives/lymph", described.spec().record());
        assertEquals(
                listed(), described.spec().files().stream().map(f -> f.path()).toList());
        assertEquals("Lymph nodes", described.title());
    }

    private static String image(String pk) {
        return "{\"pk\": \"" + pk + "\", \"name\": \"a.mha\", \"files\": [{\"file\": \"" + MEDIA + pk
                + "/out.mha\", \"image_type\": \"MHD\"}]}";
    }

    @Test
    void token_goesToTheHostItselfAndNotToTheStoreBehindIt() throws Exception {
        HOST.stubFor(get(urlEqualTo("/grand-challenge.org/media/images/i1/out.tif"))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", "https://store.example/out.tif?X-Amz-Signature=ab")));
        stub("/store.example/out.tif?X-Amz-Signature=ab", 200, "image");
        RemoteFile file = resolve(pinned()).get(0);

        try (Transport mine = withToken();
                Response response = source().open(file, file.uri(), 0, -1, null, mine)) {
            assertEquals("image", new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }

        HOST.verify(getRequestedFor(urlEqualTo("/grand-challenge.org/media/images/i1/out.tif"))
                .withHeader("Authorization", equalTo("Bearer t")));
        HOST.verify(getRequestedFor(urlEqualTo("/store.example/out.tif?X-Amz-Signature=ab"))
                .withoutHeader("Authorization"));
    }

    private static Transport withToken() throws Problem {
        return new TestTransports()
                .withServer(HOST.getPort())
                .withCredentials(host -> host.equals("grand-challenge.org")
                        ? Optional.of(new Credentials.Header("Authorization", "Bearer t", "a test"))
                        : Optional.empty())
                .open();
    }

    @Test
    void rateLimitedRequest_isRepeatedAfterTheStatedTime() throws Problem {
        HOST.stubFor(get(urlEqualTo(ARCHIVE))
                .inScenario("busy")
                .whenScenarioStateIs(Scenario.STARTED)
                .willSetStateTo("over")
                .willReturn(aResponse().withStatus(429).withHeader("Retry-After", "30")));
        HOST.stubFor(get(urlEqualTo(ARCHIVE))
                .inScenario("busy")
                .whenScenarioStateIs("over")
                .willReturn(aResponse().withBody(recorded())));
        transport = TestTransports.to(HOST.getPort(), 2);

        assertEquals(listed(), paths(resolve(unpinned())));
    }
}
