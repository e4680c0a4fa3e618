package org.histods.source.all;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashSet;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.Source;
import org.histods.testing.SourceContract;
import org.histods.testing.TestTransports;
import org.histods.transport.Transport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SourcesTest {

    @RegisterExtension
    static final WireMockExtension HOST =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    private static final String API = "/api.github.com/repos/lab/slides";
    private static final String COMMIT = "980ed7d5da8efbdaae4919ca9073dac7fdbaa3b3";

    private Transport transport = TestTransports.to(1);

    @BeforeEach
    void connect() {
        transport = TestTransports.to(HOST.getPort());
    }

    private static void stub(String url, String body) {
        HOST.stubFor(get(urlEqualTo(url)).willReturn(aResponse().withBody(body)));
    }

    private static void stubRepository() {
        stub(API, SourceContract.resource("github/repo.json"));
        for (String ref : new String[] {"HEAD", "main", "v1.0", COMMIT}) {
            stub(API + "/commits/" + ref, SourceContract.resource("github/commit.json"));
        }
        stub(
                API + "/git/trees/273607b0f9b320e56a06f8295b5d0f7d2a01efdc",
                SourceContract.resource("github/tree-root.json"));
        stub(
                API + "/git/trees/59ae4fdc5f4cf330536cf70f5e426c6d40d032f4",
                SourceContract.resource("github/tree-data.json"));
    }

    private RecordDescription described(String url) throws Problem {
        return Sources.describe(url, transport).orElseThrow();
    }

    @Test
    void everyKind_isFoundByItsWordOnce() {
        assertEquals(
                Sources.all().size(),
                new HashSet<>(Sources.all().stream().map(Source::kind).toList()).size());
        for (Source source : Sources.all()) {
            assertEquals(source, Sources.of(source.kind()).orElseThrow());
            assertTrue(Sources.kinds().contains(source.kind()));
        }
        assertTrue(Sources.of("carrier-pigeon").isEmpty());
    }

    @Test
    void sources_cannotTouchTheDisk() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file..", "java.nio.channels..")
                .orShould()
                .dependOnClassesThat()
                .haveNameMatching("java\\.io\\.(File|File.*Stream|FileReader|FileWriter|RandomAccessFile)")
                .check(new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("org.histods.source"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://github.com/lab/slides",
                "https://github.com/lab/slides.git",
                "https://github.com/lab/slides/tree/main",
                "https://github.com/lab/slides/commit/" + COMMIT,
                "https://github.com/lab/slides/archive/refs/tags/v1.0.zip"
            })
    void repositoryUrl_isDescribedAtItsCommit(String url) throws Problem {
        stubRepository();

        RecordDescription described = described(url);

        assertEquals("lab/slides@" + COMMIT, described.spec().record());
        assertTrue(described.spec().files().isEmpty());
        assertEquals("MIT", described.terms().license().spdx());
        assertEquals(2017, described.publication().year());
        assertEquals("980ed7d5", described.version().text());
        assertEquals("Slides of a lab", described.publication().description());
    }

    @Test
    void folderUrl_isPinnedByItsTree() throws Problem {
        stubRepository();

        PinnedFile folder = described("https://github.com/lab/slides/tree/main/data/sub")
                .spec()
                .files()
                .get(0);

        assertEquals("data/sub/", folder.path());
        assertEquals(
                "git-tree:603a464c86d68a4f90c953a56199747648edc085",
                folder.checksums().get(0).checksum().toString());
        assertEquals("GitHub", folder.checksums().get(0).by());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://github.com/lab/slides/blob/main/data/a.png",
                "https://raw.githubusercontent.com/lab/slides/main/data/a.png"
            })
    void fileUrl_isPinnedByItsBlob(String url) throws Problem {
        stubRepository();

        PinnedFile file = described(url).spec().files().get(0);

        assertEquals("data/a.png", file.path());
        assertEquals(6L, file.bytes());
        assertEquals(
                "git-blob:9c59e24b8393179a5d712de4f990178df5734d99",
                file.checksums().get(0).checksum().toString());
    }

    @Test
    void folderThatIsNotThere_isNetwork() {
        stubRepository();

        assertEquals(
                Kind.NETWORK,
                assertThrows(Problem.class, () -> described("https://github.com/lab/slides/tree/main/nope"))
                        .kind());
    }

    @Test
    void releaseUrl_isDescribedWithItsFiles() throws Problem {
        stubRepository();
        stub(API + "/releases/tags/v1.0", SourceContract.resource("github/release.json"));
        stub(API + "/releases/latest", SourceContract.resource("github/release.json"));

        RecordDescription described = described("https://github.com/lab/slides/releases/tag/v1.0");

        assertEquals("lab/slides@v1.0", described.spec().record());
        assertEquals("release", described.spec().option("via"));
        assertEquals(2, described.spec().files().size());
        assertEquals("v1.0", described.version().text());
        assertEquals(
                "lab/slides@v1.0",
                described("https://github.com/lab/slides/releases").spec().record());
        assertEquals(
                1,
                described("https://github.com/lab/slides/releases/download/v1.0/old.csv")
                        .spec()
                        .files()
                        .size());
    }

    @Test
    void doiOfAnotherRegistrar_isFollowedByWhatItsRegistrySays() throws Problem {
        stub(
                "/doi.org/api/handles/10.9999/abc?type=URL",
                "{\"responseCode\": 1, \"handle\": \"10.9999/abc\", \"values\": [{\"index\": 1, \"type\": \"URL\","
                        + " \"data\": {\"format\": \"string\", \"value\": \"https://data.example.org/a.zip\"}}]}");
        HOST.stubFor(head(urlEqualTo("/data.example.org/a.zip"))
                .willReturn(aResponse().withHeader("Content-Length", "3")));

        RecordDescription described = described("doi:10.9999/abc");

        assertEquals("http", described.spec().kind());
        assertEquals("10.9999/abc", described.publication().doi());
    }

    @Test
    void doiWhoseRegistryIsSilent_isFollowedByItsRedirect() throws Problem {
        HOST.stubFor(get(urlEqualTo("/doi.org/10.9999/abc"))
                .willReturn(aResponse().withStatus(302).withHeader("Location", "https://data.example.org/a.zip")));
        stub("/data.example.org/a.zip", "PK");
        HOST.stubFor(head(urlEqualTo("/data.example.org/a.zip")).willReturn(aResponse()));

        assertEquals(
                "https://data.example.org/",
                described("https://doi.org/10.9999/abc").spec().record());
    }

    @Test
    void codePatterns_haveTheGroupThatTheirUrlNeeds() {
        Sources.codePatterns().forEach((regex, url) -> {
            assertTrue(Pattern.compile(regex).matcher("").groupCount() > 0, regex);
            assertTrue(url.contains("$"), url);
        });
    }

    @Test
    void unknownDoi_isNetworkAndNamesIt() {
        Problem problem = assertThrows(Problem.class, () -> described("10.9999/nope"));

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("10.9999/nope"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"kather", "https://me:secret@example.org/a.zip", "::"})
    void textThatIsNotAUrl_isUsage(String text) {
        Problem problem = assertThrows(Problem.class, () -> described(text));

        assertEquals(Kind.USAGE, problem.kind());
        assertFalse(problem.message().contains("secret"));
    }
}
