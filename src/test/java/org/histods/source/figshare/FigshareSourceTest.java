package org.histods.source.figshare;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
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

final class FigshareSourceTest extends SourceContract {

    private static final String API = "/api.figshare.com/v2/";
    private static final String ARTICLE = API + "articles/7379186/versions/3";
    private static final String SUM = "0123456789abcdef0123456789abcdef";

    @Override
    public String kind() {
        return "figshare";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("figshare", "articles/7379186/versions/3");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("BreCaHAD.zip", "14062469", 1500000000L, "md5:" + SUM);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("figshare", "7379186").file("BreCaHAD.zip", "14062469", null);
    }

    @Override
    public String requested() {
        return ARTICLE;
    }

    @Override
    public String recorded() {
        return resource("figshare/article.json");
    }

    @Override
    public List<String> listed() {
        return List.of("BreCaHAD.zip", "read me #1.txt");
    }

    @Override
    public String withHostileName() {
        return recorded().replace("\"name\": \"BreCaHAD.zip\"", "\"name\": \"../evil\"");
    }

    @Override
    public String recordedEmpty() {
        return resource("figshare/article-empty.json");
    }

    private static void article(int id, String files) {
        stub(API + "articles/" + id, 200, "{\"id\": " + id + ", \"version\": 1, \"files\": [" + files + "]}");
    }

    private static String file(int id, String name) {
        return "{\"id\": " + id + ", \"name\": \"" + name + "\", \"size\": 1, \"computed_md5\": \"" + SUM + "\"}";
    }

    @Test
    void listedFile_hasBothUrlsAndTheMd5ThatFigshareComputed() throws Problem {
        stub(ARTICLE, 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(
                List.of(
                        URI.create("https://api.figshare.com/v2/file/download/14062469"),
                        URI.create("https://ndownloader.figshare.com/files/14062469")),
                files.get(0).uris());
        assertEquals("md5:" + SUM, files.get(0).checksums().get(0).checksum().toString());
        assertEquals("figshare", files.get(0).checksums().get(0).by());
        assertEquals(
                "the uploader, at figshare", files.get(1).checksums().get(0).by());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "14062469",
                "https://figshare.com/ndownloader/files/14062469",
                "https://ndownloader.figshare.com/files/14062469",
                "https://springernature.figshare.com/ndownloader/files/14062469"
            })
    void fileIdWithoutRecord_isEnoughInAnyForm(String at) throws Problem {
        RemoteFile file = resolve(SpecBuilder.spec("figshare", "").file("x.zip", at, null))
                .get(0);

        assertEquals(
                "https://api.figshare.com/v2/file/download/14062469", file.uri().toString());
    }

    @Test
    void pinnedFileWithoutId_isLookedUpByName() throws Problem {
        stub(ARTICLE, 200, recorded());

        RemoteFile file =
                resolve(unpinned().file("readme.txt", "read me #1.txt", null)).get(0);

        assertEquals("readme.txt", file.path().text());
        assertTrue(file.uri().toString().endsWith("/14062470"));
        assertEquals(Kind.UPSTREAM_CHANGED, refused(unpinned().file("gone.txt")).kind());
    }

    @Test
    void manyFiles_areReadPageByPage() throws Problem {
        StringBuilder first = new StringBuilder(file(1, "f1"));
        for (int i = 2; i <= 100; i++) {
            first.append(',').append(file(i, "f" + i));
        }
        String cut = first.substring(0, first.indexOf(file(11, "f11")) - 1);
        stub(ARTICLE, 200, "{\"id\": 7379186, \"version\": 3, \"size\": 102, \"files\": [" + cut + "]}");
        stub(ARTICLE + "/files?page=1&page_size=100", 200, "[" + first + "]");
        stub(ARTICLE + "/files?page=2&page_size=100", 200, "[" + file(100, "f100") + "," + file(101, "f101") + "]");

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(101, files.size());
        assertEquals("f101", files.get(100).path().text());
    }

    @Test
    void otherVersionThanPinned_isUpstreamChanged() {
        stub(ARTICLE, 200, recorded().replace("\"version\": 3", "\"version\": 4"));

        assertEquals(Kind.UPSTREAM_CHANGED, refused(unpinned()).kind());
    }

    @Test
    void linkInsteadOfAFile_needsManualActionUnlessExcluded() throws Problem {
        stub(ARTICLE, 200, recorded().replaceFirst("\"is_link_only\": false", "\"is_link_only\": true"));

        Problem problem = refused(unpinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("BreCaHAD.zip"), problem.message());
        assertEquals(List.of("read me #1.txt"), paths(resolve(unpinned().exclude("*.zip"))));
    }

    @Test
    void embargo_needsManualAction() {
        stub(ARTICLE, 200, recordedEmpty().replace("\"is_embargoed\": false", "\"is_embargoed\": true"));

        assertEquals(Kind.PERSON, refused(unpinned()).kind());
    }

    @Test
    void collection_listsEachArticleOnceWithoutFoldersWhereNamesDiffer() throws Problem {
        collection();
        article(1001, file(1, "a.svs"));
        article(1002, file(2, "b.svs"));

        assertEquals(List.of("a.svs", "b.svs"), paths(resolve(ofCollection("1"))));
    }

    @Test
    void collectionWithOneNameTwice_hasAFolderPerArticle() throws Problem {
        collection();
        article(1001, file(1, "a.svs"));
        article(1002, file(2, "a.svs") + "," + file(3, "b.svs"));

        assertEquals(List.of("1001/a.svs", "1002/a.svs", "1002/b.svs"), paths(resolve(ofCollection("1"))));
    }

    @Test
    void collectionThatIsNewerThanPinned_isUpstreamChanged() {
        collection();

        Problem problem = refused(ofCollection("2"));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("now 1"), problem.message());
    }

    @Test
    void emptyResponseOfTheFirewall_isNotDataAndIsNamed() throws Problem {
        RemoteFile file = resolve(pinned()).get(0);
        HOST.stubFor(get(urlEqualTo(API + "file/download/14062469"))
                .willReturn(aResponse().withStatus(202).withHeader("x-amzn-waf-action", "challenge")));

        Problem problem = assertThrows(Problem.class, () -> source().open(file, file.uri(), 0, -1, null, transport));

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("browser"), problem.message());
    }

    @ParameterizedTest
    @CsvSource({
        "https://figshare.com/articles/dataset/BreCaHAD_A_Dataset/7379186/3,/versions/3",
        "https://figshare.com/articles/BreCaHAD/7379186,''",
        "https://springernature.figshare.com/articles/dataset/x/7379186,''",
        "https://api.figshare.com/v2/articles/7379186/versions/3,/versions/3",
        "10.6084/m9.figshare.7379186.v3,/versions/3",
        "https://doi.org/10.6084/m9.figshare.7379186,''"
    })
    void anyUrlOfAnArticle_isDescribed(String url, String version) throws Problem {
        stub(API + "articles/7379186" + version, 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals("articles/7379186/versions/3", described.spec().record());
        assertEquals("14062469", described.spec().files().get(0).at());
        assertEquals("CC-BY-4.0", described.terms().license().spdx());
        assertEquals(
                List.of("Alper Aksac", "Reda Alhajj"), described.publication().creators());
        assertEquals(2019, described.publication().year());
        assertEquals("10.6084/m9.figshare.7379186.v3", described.publication().doi());
        assertEquals("3", described.version().text());
    }

    @Test
    void collectionUrl_isDescribedWithTheFilesOfItsArticles() throws Problem {
        collection();
        article(1001, file(1, "a.svs"));
        article(1002, file(2, "b.svs"));

        RecordDescription described =
                Sources.describe("10.6084/m9.figshare.c.4552445", transport).orElseThrow();

        assertEquals("collections/4552445/versions/1", described.spec().record());
        assertEquals(2, described.spec().files().size());
        assertNull(described.terms().license().spdx());
    }

    private static SpecBuilder ofCollection(String version) {
        return SpecBuilder.spec("figshare", "collections/4552445/versions/" + version);
    }

    private static void collection() {
        stub(API + "collections/4552445", 200, resource("figshare/collection.json"));
        stub(
                API + "collections/4552445/articles?page=1&page_size=1000",
                200,
                resource("figshare/collection-articles.json"));
    }

    /** figshare does not document how it handles a page size above its limit. */
    @ParameterizedTest
    @ValueSource(ints = {1000, 100})
    void collectionOfFiveHundredArticles_isCompleteForAnyPageLength(int longest) throws Problem {
        stub(API + "collections/4552445", 200, resource("figshare/collection.json"));
        for (int from = 1, page = 1; from <= 500 + longest; from += longest, page++) {
            StringBuilder items = new StringBuilder();
            for (int id = from; id < Math.min(501, from + longest); id++) {
                items.append(items.isEmpty() ? "" : ",")
                        .append("{\"id\": ")
                        .append(id)
                        .append("}");
                article(id, file(id, "f" + id + ".svs"));
            }
            stub(API + "collections/4552445/articles?page=" + page + "&page_size=1000", 200, "[" + items + "]");
        }
        assertEquals(500, resolve(ofCollection("1")).size());
    }
}
