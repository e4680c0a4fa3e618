package org.histods.source.kaggle;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.transport.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class KaggleSourceTest extends SourceContract {

    private static final String API = "/www.kaggle.com/api/v1/";
    private static final String LIST = API + "datasets/list/andrewmvd/lung?pageSize=200";
    private static final String CSV = API + "datasets/download/andrewmvd/lung/labels.csv";
    private static final String HASH = "crc32c=AAAAAA==,md5=AAAAAAAAAAAAAAAAAAAAAA==";
    private static final String STORE = "/storage.googleapis.com/kaggle-data-sets/1/labels.csv.zip";

    @Override
    public String kind() {
        return "kaggle";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("kaggle", "datasets/andrewmvd/lung");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("labels.csv", null, 12L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("kaggle", "andrewmvd/lung").file("labels.csv");
    }

    @Override
    public String requested() {
        return LIST;
    }

    @Override
    public String recorded() {
        return resource("kaggle/list.json");
    }

    @Override
    public List<String> listed() {
        return List.of("lung colon/lungaca1.jpeg", "labels.csv");
    }

    @Override
    public String recordedEmpty() {
        return "{\"nextPageToken\": \"\", \"datasetFiles\": []}";
    }

    private static SpecBuilder competition() {
        return SpecBuilder.spec("kaggle", "competitions/panda");
    }

    private static byte[] zip(String... names) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (String name : names) {
            members.put(name, "id,label\n1,2".getBytes(StandardCharsets.UTF_8));
        }
        return ArchiveFixtures.streamedZip(members);
    }

    private static void wrapped(byte[] body) {
        HOST.stubFor(get(urlEqualTo(CSV))
                .willReturn(aResponse()
                        .withStatus(302)
                        .withHeader("Location", "https:/" + STORE + "?X-Goog-Signature=ab")));
        HOST.stubFor(get(urlEqualTo(STORE + "?X-Goog-Signature=ab"))
                .willReturn(aResponse().withHeader("x-goog-hash", HASH).withBody(body)));
    }

    private String opened(long from, long to) throws Problem, IOException {
        RemoteFile file = resolve(pinned()).get(0);
        try (Response response = source().open(file, file.uri(), from, to, null, transport)) {
            assertEquals(0, response.from());
            return new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void listedFile_hasItsSizeAndNoChecksumAndBothFormsOfItsUrl() throws Problem {
        stub(LIST, 200, recorded());

        RemoteFile file = resolve(unpinned()).get(0);

        assertEquals(41234L, file.bytes());
        assertTrue(file.checksums().isEmpty());
        String path = "https:/" + API + "datasets/download/andrewmvd/lung/lung%20colon";
        assertEquals(
                List.of(path + "%2Flungaca1.jpeg", path + "/lungaca1.jpeg"),
                file.uris().stream().map(Object::toString).toList());
    }

    @Test
    void version_isPartOfEachUrl() throws Problem {
        SpecBuilder spec = SpecBuilder.spec("kaggle", "datasets/andrewmvd/lung/versions/2");
        stub(LIST + "&datasetVersionNumber=2", 200, recorded());

        assertTrue(resolve(spec).get(1).uri().toString().endsWith("/labels.csv?datasetVersionNumber=2"));
    }

    @Test
    void longListing_isFollowedToItsEndAndNeverInACircle() throws Problem {
        stub(LIST, 200, recorded().replace("\"nextPageToken\": \"\"", "\"nextPageToken\": \"a=\""));
        stub(LIST + "&pageToken=a%3D", 200, "{\"datasetFiles\": [{\"name\": \"z.csv\"}]}");

        assertEquals(3, resolve(unpinned()).size());

        stub(LIST + "&pageToken=a%3D", 200, "{\"datasetFiles\": [], \"nextPageToken\": \"a=\"}");
        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "datasets/andrewmvd/lung,lung.zip,-,datasets/download/andrewmvd/lung",
                "datasets/andrewmvd/lung,all.zip,.,datasets/download/andrewmvd/lung",
                "datasets/andrewmvd/lung,lung.zip,a/lung.zip,datasets/download/andrewmvd/lung/a%2Flung.zip",
                "competitions/panda,panda.zip,-,competitions/data/download-all/panda",
                "competitions/panda,train.csv,-,competitions/data/download/panda/train.csv"
            })
    void pinnedArchiveOfAll_isTheBundle(String record, String path, String at, String url) throws Problem {
        RemoteFile file =
                resolve(SpecBuilder.spec("kaggle", record).file(path, at, null)).get(0);

        assertEquals("https:/" + API + url, file.uri().toString());
    }

    @Test
    void competition_isListed() throws Problem {
        stub(API + "competitions/data/list/panda?pageSize=200", 200, resource("kaggle/competition.json"));

        assertEquals(List.of("train.csv"), paths(resolve(competition())));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void competitionWithoutAcceptedRules_namesThePageAndTheToken(int status) throws Problem {
        RemoteFile file = resolve(competition().file("train.csv")).get(0);
        HOST.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "application/json")
                        .withBody("{\"code\":403,\"message\":\"You must accept this competition's rules\"}")));

        Problem listing = refused(competition());
        Problem opening = assertThrows(Problem.class, () -> source().open(file, file.uri(), 0, -1, null, transport));

        for (Problem problem : List.of(listing, opening)) {
            assertEquals(Kind.PERSON, problem.kind());
            assertTrue(problem.message().contains("competitions/panda"), problem.message());
            assertTrue(problem.message().contains("You must accept"), problem.message());
            assertTrue(String.valueOf(problem.hint()).contains("https://www.kaggle.com/competitions/panda/rules"));
            assertTrue(String.valueOf(problem.hint()).contains("histods login www.kaggle.com"));
        }
    }

    @Test
    void singleFileInAnArchiveOfItsOwn_isUnwrapped() throws Exception {
        wrapped(zip("labels.csv"));

        assertEquals("id,label\n1,2", opened(0, -1));
    }

    @Test
    void checksumOfTheArchive_isNotThatOfTheFileInIt() throws Exception {
        wrapped(zip("labels.csv"));
        RemoteFile file = resolve(pinned()).get(0);

        try (Response response = source().open(file, file.uri(), 0, -1, null, transport)) {
            assertTrue(response.header("x-goog-hash").isEmpty());
            assertEquals(-1, response.total());
        }
    }

    @Test
    void checksumOfTheStore_isReadFromTheResponse() throws Exception {
        HOST.stubFor(get(urlEqualTo(CSV))
                .willReturn(aResponse().withHeader("x-goog-hash", HASH).withBody("id,label")));
        RemoteFile file = resolve(pinned()).get(0);

        try (Response response = source().open(file, file.uri(), 0, -1, null, transport)) {
            assertEquals(HASH, response.header("x-goog-hash").orElse(""));
        }
    }

    @Test
    void laterRangeOfAWrappedFile_isReadFromItsStart() throws Exception {
        wrapped(zip("labels.csv"));

        assertEquals("id,label\n1,2", opened(3, -1));
    }

    @Test
    void archiveOfSeveralFilesInPlaceOfOne_isNotTakenForIt() throws Exception {
        wrapped(zip("labels.csv", "other.csv"));

        assertThrows(IOException.class, () -> opened(0, -1));
    }

    @Test
    void brokenArchiveInPlaceOfAFile_isWrongBytes() {
        wrapped("id,label".getBytes(StandardCharsets.UTF_8));

        assertEquals(
                Kind.WRONG_BYTES,
                assertThrows(Problem.class, () -> opened(0, -1)).kind());
    }

    @Test
    void fileWithItsOwnName_isNotUnwrapped() throws Exception {
        stub(CSV, 200, "id,label");

        assertEquals("id,label", opened(0, -1));
    }

    @ParameterizedTest
    @CsvSource({
        "https://www.kaggle.com/datasets/andrewmvd/lung,''",
        "https://www.kaggle.com/andrewmvd/lung,''",
        "https://www.kaggle.com/datasets/andrewmvd/lung/data?select=labels.csv,''",
        "https://kaggle.com/datasets/andrewmvd/lung/versions/3,3",
        "https://www.kaggle.com/datasets/andrewmvd/lung/download?datasetVersionNumber=3,3"
    })
    void anyUrlOfADataset_isDescribed(String url, String version) throws Problem {
        stub(LIST + (version.isEmpty() ? "" : "&datasetVersionNumber=" + version), 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals(
                "datasets/andrewmvd/lung" + (version.isEmpty() ? "" : "/versions/" + version),
                described.spec().record());
        assertEquals(2, described.spec().files().size());
        assertEquals(
                version.isEmpty() ? "unversioned" : version, described.version().text());
    }

    @Test
    void urlOfACompetition_isDescribed() throws Problem {
        stub(API + "competitions/data/list/panda?pageSize=200", 200, resource("kaggle/competition.json"));

        assertEquals(
                "competitions/panda",
                Sources.describe("https://www.kaggle.com/c/panda/data", transport)
                        .orElseThrow()
                        .spec()
                        .record());
    }
}
