package org.histods.source.mendeley;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MendeleySourceTest extends SourceContract {

    private static final String API = "/data.mendeley.com/public-api/datasets/9xxm58dvs3";
    private static final String UUID = "6ab087a7-ca89-47ac-9698-f6546bb50f98";

    @BeforeEach
    void datasetWithoutFolders() {
        stub(API + "/folders/2", 200, "[]");
    }

    @Override
    public String kind() {
        return "mendeley";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("mendeley", "9xxm58dvs3/2");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("SICAPv2.zip", UUID, 2159052394L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("mendeley", "9xxm58dvs3").file("SICAPv2.zip", UUID, 2159052394L);
    }

    @Override
    public String requested() {
        return files("root");
    }

    private static String files(String folder) {
        return API + "/files?folder_id=" + folder + "&version=2";
    }

    @Override
    public String recorded() {
        return resource("mendeley/files-root.json");
    }

    @Override
    public List<String> listed() {
        return List.of("SICAPv2.zip", "read me.txt");
    }

    @Override
    public String recordedEmpty() {
        return "[]";
    }

    @Test
    void listedFile_hasSha256AndThePermanentUrl() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(
                "https://data.mendeley.com/public-files/datasets/9xxm58dvs3/files/" + UUID + "/file_downloaded",
                files.get(0).uri().toString());
        assertEquals(2159052394L, files.get(0).bytes());
        assertEquals("Mendeley Data", files.get(0).checksums().get(0).by());
        assertEquals(7L, files.get(1).bytes());
        assertTrue(files.get(1).checksums().isEmpty());
    }

    @Test
    void foldersInFolders_areWalked() throws Problem {
        stub(requested(), 200, "[]");
        stub(API + "/folders/2", 200, resource("mendeley/folders.json"));
        stub(files("f1"), 200, "[{\"id\": \"" + UUID + "\", \"filename\": \"a.png\"}]");
        stub(files("f2"), 200, "[{\"id\": \"" + UUID + "\", \"filename\": \"a.png\"}]");

        assertEquals(List.of("train/masks/a.png", "train/a.png"), paths(resolve(unpinned())));
    }

    @Test
    void folderThatContainsItself_isRefused() {
        stub(API + "/folders/2", 200, "[{\"id\": \"f1\", \"parent_id\": \"f1\", \"name\": \"x\"}]");

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void pinnedFileWithoutId_isLookedUpByItsPath() throws Problem {
        stub(requested(), 200, recorded());

        assertTrue(
                resolve(unpinned().file("SICAPv2.zip")).get(0).uri().toString().contains(UUID));
        assertEquals(Kind.UPSTREAM_CHANGED, refused(unpinned().file("gone.zip")).kind());
    }

    @Test
    void idOfNoForm_isUsageAndNamesTheField() {
        Problem problem = refused(unpinned().file("a.zip", "12", null));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("files[0].at"), problem.message());
    }

    @Test
    void botProtection_isNamed() {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(403).withHeader("cf-mitigated", "challenge")));

        Problem problem = refused(unpinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("browser"), problem.message());
    }

    @ParameterizedTest
    @CsvSource({
        "https://data.mendeley.com/datasets/9xxm58dvs3/2,?version=2",
        "https://data.mendeley.com/datasets/9xxm58dvs3,''",
        "10.17632/9xxm58dvs3.2,?version=2",
        "https://doi.org/10.17632/9xxm58dvs3,''"
    })
    void anyUrlOfADataset_isDescribed(String url, String query) throws Problem {
        stub(API + query, 200, resource("mendeley/dataset.json"));
        stub(requested(), 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals("9xxm58dvs3/2", described.spec().record());
        assertEquals(UUID, described.spec().files().get(0).at());
        assertEquals("SICAPv2 - Prostate Whole Slide Images", described.title());
        assertEquals("CC-BY-4.0", described.terms().license().spdx());
        assertEquals(List.of("Silva-Rodríguez, Julio"), described.publication().creators());
        assertEquals(2020, described.publication().year());
        assertEquals("2", described.version().text());
    }

    @Test
    void botProtectionRecognisedByItsPage_isNamed() throws Problem {
        HOST.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(403)
                        .withHeader("Server", "cloudflare")
                        .withHeader("Content-Type", "text/html")
                        .withBody("<html><title>Just a moment...</title></html>")));

        Problem problem = refused(unpinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("accepts only a browser"), problem.message());
    }
}
