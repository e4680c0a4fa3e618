package org.histods.source.huggingface;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HuggingFaceSourceTest extends SourceContract {

    private static final String COMMIT = "1f498f7bd6a85ef5f204c592b41ac881eab61005";
    private static final String HUB = "/huggingface.co/api/datasets/RationAI/PanNuke";
    private static final String TREE = HUB + "/tree/" + COMMIT + "?recursive=true&expand=false";
    private static final String FILE = "https://huggingface.co/datasets/RationAI/PanNuke/resolve/" + COMMIT + "/";

    @Override
    public String kind() {
        return "huggingface";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("huggingface", "datasets/RationAI/PanNuke@" + COMMIT);
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("fold 1#.zip", "images/fold 1#.zip", 2000000000L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("huggingface", "RationAI/PanNuke").file("a.zip");
    }

    @Override
    public String requested() {
        return TREE;
    }

    @Override
    public String recorded() {
        return resource("huggingface/tree.json");
    }

    @Override
    public List<String> listed() {
        return List.of(".gitattributes", "images/fold 1#.zip", "README.md");
    }

    @Override
    public String recordedEmpty() {
        return "[]";
    }

    private static void linked(String url, String next, String body) {
        HOST.stubFor(get(urlEqualTo(url))
                .willReturn(aResponse()
                        .withHeader("Link", "<" + next + ">; rel=\"next\"")
                        .withBody(body)));
    }

    private static void refuse(int status, String code) {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withHeader("X-Error-Code", code)));
    }

    @Test
    void listedFiles_carrySha256WhereLargeAndGitsIdWhereSmall() throws Problem {
        stub(TREE, 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(
                "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                files.get(1).checksums().get(0).checksum().toString());
        assertEquals("Hugging Face", files.get(1).checksums().get(0).by());
        assertEquals(2000000000L, files.get(1).bytes());
        assertEquals(
                "git-blob:" + "5".repeat(40),
                files.get(2).checksums().get(0).checksum().toString());
    }

    @Test
    void nameWithReservedCharacters_isEncodedOnce() throws Problem {
        assertEquals(
                FILE + "images/fold%201%23.zip", resolve(pinned()).get(0).uri().toString());
    }

    @Test
    void modelUrl_hasNoPrefix() throws Problem {
        RemoteFile file = resolve(SpecBuilder.spec("huggingface", "models/owner/name@" + COMMIT)
                        .file("w.bin"))
                .get(0);

        assertEquals(
                "https://huggingface.co/owner/name/resolve/" + COMMIT + "/w.bin",
                file.uri().toString());
    }

    @ParameterizedTest
    @CsvSource({"'',main", "@main,main", "@7730e526,7730e526", "@refs/pr/1,refs%2Fpr%2F1"})
    void floatingRevision_isFixedAtTodaysCommit(String revision, String asked) throws Problem {
        stub(HUB + "/revision/" + asked, 200, resource("huggingface/repo.json"));
        stub(TREE, 200, recorded());
        SpecBuilder spec = SpecBuilder.spec("huggingface", "datasets/RationAI/PanNuke" + revision);

        assertEquals(FILE + "README.md", resolve(spec).get(2).uri().toString());
        assertEquals(
                FILE + "README.md", resolve(spec.file("README.md")).get(0).uri().toString());
    }

    @Test
    void longListing_isFollowedToItsEnd() throws Problem {
        String second = HUB + "/tree/" + COMMIT + "?recursive=true&cursor=abc";
        linked(TREE, "https:/" + second, recorded());
        stub(second, 200, "[{\"type\": \"file\", \"path\": \"z.zip\", \"size\": 1}]");

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(4, files.size());
        assertTrue(files.get(3).checksums().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/api?cursor=abc",
                "https://huggingface.co/api/datasets/RationAI/PanNuke/tree/" + COMMIT + "?recursive=true&expand=false"
            })
    void listingThatContinuesElsewhereOrRepeats_isRefused(String next) {
        linked(TREE, next, recorded());

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void gatedRepository_namesThePageWhereToAccept(int status) throws Problem {
        RemoteFile file = resolve(pinned()).get(0);
        refuse(status, "GatedRepo");

        Problem listing = refused(unpinned());
        Problem opening = assertThrows(Problem.class, () -> source().open(file, file.uri(), 0, -1, null, transport));

        for (Problem problem : List.of(listing, opening)) {
            assertEquals(Kind.PERSON, problem.kind());
            assertTrue(problem.message().contains("gated"), problem.message());
            assertTrue(String.valueOf(problem.hint()).contains("https://huggingface.co/datasets/RationAI/PanNuke "));
        }
    }

    @Test
    void unknownRepository_isReportedAsMissingOrPrivate() {
        refuse(401, "RepoNotFound");

        assertTrue(refused(unpinned()).message().contains("does not exist or is private"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://huggingface.co/datasets/RationAI/PanNuke,main,images/fold 1#.zip|README.md",
        "https://huggingface.co/datasets/RationAI/PanNuke/viewer/default/train,main,images/fold 1#.zip|README.md",
        "https://huggingface.co/datasets/RationAI/PanNuke/tree/main/images,main,images/fold 1#.zip",
        "https://huggingface.co/datasets/RationAI/PanNuke/blob/v1/README.md,v1,README.md",
        "https://hf.co/datasets/RationAI/PanNuke/resolve/" + COMMIT + "/README.md," + COMMIT + ",README.md"
    })
    void anyUrlOfARepository_isDescribedAtItsCommit(String url, String revision, String files) throws Problem {
        stub(HUB + "/revision/" + revision, 200, resource("huggingface/repo.json"));
        stub(TREE, 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals("datasets/RationAI/PanNuke@" + COMMIT, described.spec().record());
        assertEquals(
                List.of(files.split("\\|")),
                described.spec().files().stream().map(f -> f.path()).toList());
        assertEquals("PanNuke", described.title());
        assertEquals("CC-BY-NC-SA-4.0", described.terms().license().spdx());
        assertEquals("10.57967/hf/1234", described.publication().doi());
        assertEquals(COMMIT, described.version().text());
    }

    @ParameterizedTest
    @CsvSource({
        "401,RepoNotFound,PERSON,is private",
        "404,EntryNotFound,UPSTREAM_CHANGED,not in the repository",
        "404,RevisionNotFound,UPSTREAM_CHANGED,not in the repository"
    })
    void refusedDownload_isExplained(int status, String code, Kind kind, String words) throws Problem {
        Problem problem = refusedToOpen(status, "X-Error-Code: " + code, "");

        assertEquals(kind, problem.kind());
        assertTrue(problem.message().contains(words), problem.message());
    }
}
