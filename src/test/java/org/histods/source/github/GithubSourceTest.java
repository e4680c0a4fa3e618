package org.histods.source.github;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.histods.digest.Algorithm;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.FakeSleeper;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.testing.TestTransports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The trees and ids in the recorded responses were made with git. */
final class GithubSourceTest extends SourceContract {

    private static final String COMMIT = "980ed7d5da8efbdaae4919ca9073dac7fdbaa3b3";
    private static final String TREE = "git-tree:59ae4fdc5f4cf330536cf70f5e426c6d40d032f4";
    private static final String API = "/api.github.com/repos/lab/slides";
    private static final String FOLDER = API + "/git/trees/59ae4fdc5f4cf330536cf70f5e426c6d40d032f4?recursive=1";
    private static final String RELEASE = API + "/releases/tags/v1.0";

    @Override
    public String kind() {
        return "github";
    }

    private static SpecBuilder repo() {
        return SpecBuilder.spec("github", "lab/slides@" + COMMIT);
    }

    private static SpecBuilder byFile() {
        return repo().option("via", "files");
    }

    private static SpecBuilder release() {
        return SpecBuilder.spec("github", "lab/slides@v1.0").option("via", "release");
    }

    @Override
    public SpecBuilder pinned() {
        return repo().file("data/", null, null, TREE);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("github", "https://github.com/lab/slides").file("data/");
    }

    @Override
    public SpecBuilder unpinned() {
        return byFile();
    }

    @Override
    public String requested() {
        return API + "/git/trees/" + COMMIT + "?recursive=1";
    }

    @Override
    public String recorded() {
        return resource("github/tree-commit.json");
    }

    @Override
    public List<String> listed() {
        return List.of("README.md", "data/a.png", "data/run.sh", "data/sub/b #1.png");
    }

    @Override
    public String recordedEmpty() {
        return "{\"sha\": \"273607b0f9b320e56a06f8295b5d0f7d2a01efdc\", \"tree\": [], \"truncated\": false}";
    }

    @Test
    void folder_isTheArchiveOfItsCommitWithTheFolderAsSlice() throws Problem {
        List<RemoteFile> files = resolve(pinned());

        assertEquals(List.of("slides-980ed7d5.tar.gz"), paths(files));
        RemoteFile archive = files.get(0);
        assertEquals(
                List.of(
                        URI.create("https://github.com/lab/slides/archive/" + COMMIT + ".tar.gz"),
                        URI.create("https://codeload.github.com/lab/slides/tar.gz/" + COMMIT)),
                archive.uris());
        assertTrue(archive.checksums().isEmpty());
        assertNull(archive.bytes());
        RemoteFile.Slice slice = archive.slice();
        assertNotNull(slice);
        assertEquals("*/data", slice.folder());
        assertEquals("data", slice.into());
        RemoteFile.Stated tree = slice.gitTree();
        assertNotNull(tree);
        assertEquals(TREE, tree.checksum().toString());
        assertEquals("P", tree.by());
    }

    @Test
    void folderUnderAnotherName_isSlicedByItsNameInTheRepository() throws Problem {
        RemoteFile.Slice slice =
                resolve(repo().file("images/", "data/png", null)).get(0).slice();

        assertNotNull(slice);
        assertEquals("*/data/png", slice.folder());
        assertEquals("images", slice.into());
        assertNull(slice.gitTree());
    }

    @Test
    void twoFolders_areTwoFilesOfDifferentNames() throws Problem {
        assertEquals(
                List.of("slides-980ed7d5-data-a.tar.gz", "slides-980ed7d5-data-b.tar.gz"),
                paths(resolve(repo().file("data/a/").file("data/b/"))));
    }

    @Test
    void nothingPinned_isTheWholeRepository() throws Problem {
        RemoteFile archive = resolve(repo()).get(0);

        RemoteFile.Slice slice = archive.slice();
        assertNotNull(slice);
        assertEquals("*", slice.folder());
        assertEquals("", slice.into());
        assertTrue(HOST.getAllServeEvents().isEmpty());
    }

    @Test
    void singleFile_hasRawUrlFirst() throws Problem {
        RemoteFile file = resolve(repo().file("data/MIDOG++ 1.json", null, 7L, "md5:2fd1651b4f94ebd818ebf90ad2b6ce06"))
                .get(0);

        assertEquals(
                List.of(
                        URI.create("https://raw.githubusercontent.com/lab/slides/" + COMMIT
                                + "/data/MIDOG%2B%2B%201.json"),
                        URI.create("https://github.com/lab/slides/raw/" + COMMIT + "/data/MIDOG%2B%2B%201.json")),
                file.uris());
    }

    @Test
    void folderByFile_isListedByItsTreeAndTheTreeRecomputed() throws Problem {
        stub(FOLDER, 200, resource("github/tree-data.json"));

        List<RemoteFile> files = resolve(byFile().file("data/", null, null, TREE));

        assertEquals(List.of("data/a.png", "data/run.sh", "data/sub/b #1.png"), paths(files));
        assertTrue(files.get(1).executable());
        assertEquals(7L, files.get(2).bytes());
        assertEquals(
                "git-blob:e019be006cf33489e2d0177a3837a2384eddebc5",
                files.get(2).checksums().get(0).checksum().toString());
        assertEquals("GitHub", files.get(2).checksums().get(0).by());
        assertEquals(
                "https://raw.githubusercontent.com/lab/slides/" + COMMIT + "/data/sub/b%20%231.png",
                files.get(2).uri().toString());
    }

    @Test
    void folderByFileWithoutTree_isCutOutOfTheCommit() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(byFile().file("png/", "data/sub/", null));

        assertEquals(List.of("png/b #1.png"), paths(files));
        assertTrue(files.get(0).uri().toString().endsWith("/data/sub/b%20%231.png"));
    }

    @Test
    void listingOfAnotherTree_isUpstreamChangedWithBothIds() {
        stub(FOLDER, 200, resource("github/tree-data.json").replace("\"100755\"", "\"100644\""));

        Problem problem = refused(byFile().file("data/", null, null, TREE));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains(TREE), problem.message());
    }

    @ParameterizedTest
    @CsvSource({"\"truncated\": false,\"truncated\": true", "100755,120000", "\"mode\": \"100755\",\"mode\": \"160000\""
    })
    void incompleteListing_isRefused(String found, String replacement) {
        String response = recorded().replace(found, replacement);
        if (replacement.contains("160000")) {
            response = response.replaceFirst("160000\", \"type\": \"blob", "160000\", \"type\": \"commit");
        }
        stub(requested(), 200, response);

        Problem problem = refused(byFile());

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("archive"));
    }

    @Test
    void includedFiles_areTheOnlyOnes() throws Problem {
        stub(requested(), 200, recorded());

        assertEquals(List.of("data/a.png", "data/sub/b #1.png"), paths(resolve(byFile().include("data/**/*.png"))));
    }

    @ParameterizedTest
    @CsvSource({"403,PERSON", "429,NETWORK"})
    void callsUsedUp_areExplained(int status, Kind kind) {
        stub(requested(), status, "{\"message\": \"API rate limit exceeded for 192.0.2.1.\"}");

        Problem problem = refused(byFile());

        assertEquals(kind, problem.kind());
        assertTrue(problem.message().contains("60 requests an hour"), problem.message());
        assertTrue(String.valueOf(problem.hint()).contains("login"));
    }

    @Test
    void releaseFilePinned_hasItsUrlWithoutFolder() throws Problem {
        RemoteFile file = resolve(release().file("weights/images.zip")).get(0);

        assertEquals("weights/images.zip", file.path().text());
        assertEquals(
                "https://github.com/lab/slides/releases/download/v1.0/images.zip",
                file.uri().toString());
    }

    @Test
    void releaseNotPinned_statesDigestsWhereGithubHasThem() throws Problem {
        stub(RELEASE, 200, resource("github/release.json"));

        List<RemoteFile> files = resolve(release());

        assertEquals(List.of("images.zip", "old.csv"), paths(files));
        assertTrue(files.get(0).stated(Algorithm.SHA256).isPresent());
        assertEquals(1000L, files.get(0).bytes());
        assertTrue(files.get(1).checksums().isEmpty());
    }

    @Test
    void releaseWithoutFiles_isUpstreamChanged() {
        stub(RELEASE, 200, "{\"tag_name\": \"v1.0\", \"assets\": []}");

        assertEquals(Kind.UPSTREAM_CHANGED, refused(release()).kind());
    }

    @Test
    void recordWithoutCommit_isFixedAtTheNewest() throws Problem {
        stub(API + "/commits/HEAD", 200, resource("github/commit.json"));

        RemoteFile archive =
                resolve(SpecBuilder.spec("github", "lab/slides").file("data/")).get(0);

        assertEquals("slides-980ed7d5.tar.gz", archive.path().text());
        assertEquals(
                "https://github.com/lab/slides/archive/" + COMMIT + ".tar.gz",
                archive.uri().toString());
    }

    @Test
    void unknownWay_isUsage() {
        Problem problem = refused(repo().option("via", "carrier pigeon"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("options.via"));
    }

    @Test
    void allowanceUsedUp_saysWhenItIsRenewedAndThatATokenHelps() {
        HOST.stubFor(get(urlEqualTo(requested()))
                .willReturn(aResponse()
                        .withStatus(403)
                        .withHeader("X-RateLimit-Remaining", "0")
                        // Two hours after the start of the test's clock.
                        .withHeader(
                                "X-RateLimit-Reset",
                                "" + FakeSleeper.START.plus(Duration.ofHours(2)).getEpochSecond())
                        .withBody("{\"message\": \"API rate limit exceeded for 192.0.2.1.\"}")));
        transport = TestTransports.to(HOST.getPort(), 2);

        for (int i = 0; i < 2; i++) {
            Problem problem = refused(byFile());

            assertEquals(Kind.NETWORK, problem.kind());
            assertTrue(problem.message().contains("15:05"), problem.message());
            assertTrue(String.valueOf(problem.hint()).contains("histods login github`"), problem.hint());
        }
    }

    @Test
    void movedRepository_isReadWhereItMovedTo() throws Problem {
        HOST.stubFor(get(urlEqualTo(requested()))
                .willReturn(aResponse()
                        .withStatus(301)
                        .withHeader("Location", "https://api.github.com/repositories/1/git/trees/x")
                        .withBody("{\"message\": \"Moved Permanently\"}")));
        stub("/api.github.com/repositories/1/git/trees/x", 200, recorded());

        assertEquals(listed(), paths(resolve(byFile())));
    }
}
