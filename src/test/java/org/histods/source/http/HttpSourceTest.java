package org.histods.source.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.histods.manifest.PinnedFile;
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
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSourceTest extends SourceContract {

    private static final String SUM = "0123456789abcdef0123456789abcdef";

    @Override
    public String kind() {
        return "http";
    }

    @BeforeEach
    void folder() {
        stub("/data.example.org/tia/train/", 200, resource("http/nginx.html"));
    }

    @Override
    public SpecBuilder unpinned() {
        return base();
    }

    @Override
    public String requested() {
        return "/data.example.org/tia/";
    }

    @Override
    public String recorded() {
        return resource("http/apache.html");
    }

    @Override
    public List<String> listed() {
        return List.of("a b+c.svs", "labels.csv", "train/0001.svs", "train/café.svs");
    }

    @Override
    public String recordedEmpty() {
        return "<html><title>Index of /tia</title><a href=\"/\">Parent Directory</a></html>";
    }

    @Override
    public String withUnknownField() {
        return recorded().replace("</body>", "<p><a href=\"#top\">Top</a> <a name=x>new</a></p></body>");
    }

    @Override
    public String withHostileName() {
        return recorded().replace("labels.csv\"", "%2e%2e%2fevil\"");
    }

    private static SpecBuilder base() {
        return SpecBuilder.spec("http", "https://data.example.org/tia/");
    }

    @Override
    public SpecBuilder pinned() {
        return base().file("glas.zip", null, 5L, "md5:" + SUM);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("http", "data.example.org/").file("a.zip");
    }

    @Test
    void fileWithoutUrl_isBelowTheRecord() throws Problem {
        assertEquals(
                "https://data.example.org/tia/a%20b/c.zip",
                resolve(base().file("a b/c.zip")).get(0).uri().toString());
    }

    @Test
    void fileWithUrl_isAtThatUrl() throws Problem {
        RemoteFile file = resolve(SpecBuilder.spec("http", "https://data.example.org/page")
                        .file("x/c.zip", "https://other.example.org/get?f=c%20d", null))
                .get(0);

        assertEquals("https://other.example.org/get?f=c%20d", file.uri().toString());
        assertEquals("x/c.zip", file.path().text());
    }

    @Test
    void nothingPinnedBelowNoFolder_isUsageAndNamesTheField() {
        Problem problem = refused(SpecBuilder.spec("http", "https://data.example.org/page"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("record"), problem.message());
    }

    @Test
    void folder_isListedWithAllBelowItAndExactSizesOnly() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(base());

        assertEquals(
                Arrays.asList(null, 734L, 1073741824L, null),
                files.stream().map(RemoteFile::bytes).toList());
        assertEquals(
                "https://data.example.org/tia/a%20b%2bc.svs", files.get(0).uri().toString());
        assertTrue(files.stream().allMatch(f -> f.checksums().isEmpty()));
    }

    @ParameterizedTest
    @CsvSource({
        "caddy, one #1.tif, 13107200",
        "iis, One.tif, 13107200",
        "python, one&two.tif, ",
        "lighttpd, one.tif, ",
    })
    void pageOfAnotherServer_isReadToo(String server, String name, Long bytes) throws Problem {
        stub(requested(), 200, resource("http/" + server + ".html"));

        RemoteFile file = resolve(base().include("*")).get(0);

        assertEquals(name, file.path().text());
        assertEquals(bytes, file.bytes());
    }

    @Test
    void foldersThatNoGlobCanKeep_areNotRequested() throws Problem {
        stub(requested(), 200, recorded());

        assertEquals(List.of("labels.csv"), paths(resolve(base().include("*.csv", "test/**"))));
        HOST.verify(0, getRequestedFor(urlEqualTo("/data.example.org/tia/train/")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html><title>TIA Centre</title><a href='/'>Home</a> <a href='/people'>People</a>"
                        + " <a href='glas.zip'>GlaS</a></html>",
                "<html><title>Data</title><a href='glas.zip'>GlaS</a></html>",
                "<html><title>Sign in</title><form action='/login'></form></html>"
            })
    void pageThatIsNotAListing_isRefused(String page) {
        stub(requested(), 200, page);

        Problem problem = refused(base());

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("not a page that lists a folder"), problem.message());
        assertTrue(String.valueOf(problem.hint()).contains("pin"), problem.hint());
    }

    @Test
    void folderServedByAnotherHost_isRefused() {
        HOST.stubFor(get(urlEqualTo(requested()))
                .willReturn(aResponse().withStatus(302).withHeader("Location", "https://login.example.org/x/")));
        stub("/login.example.org/x/", 200, resource("http/python.html"));

        assertEquals(Kind.NETWORK, refused(base()).kind());
    }

    @Test
    void linksToOtherHostsAndUp_areNoFiles() throws Problem {
        stub(
                requested(),
                200,
                "<title>Index of /tia</title><a href='https://other.example.org/tia/x.zip'>x</a>"
                        + "<a href='/tia/..'>up</a><a href='/favicon.ico'>i</a><a href='//other.example.org/y'>y</a>"
                        + "<a href='https://data.example.org/tia/mine.zip'>mine</a><a href='javascript:0'>j</a>");

        assertEquals(List.of("mine.zip"), paths(resolve(base())));
    }

    @Test
    void scriptsCommentsAndLabels_areNotFiles() throws Problem {
        stub(
                requested(),
                200,
                "<title>Index of /tia</title><SCRIPT>if (a<b) '<a href=no.zip>'</script><!-- <a href=no2.zip> -->"
                        + "<style><a href=no3.zip></style><a name=x>x</a><pre><img src=i> <a href='a&amp;b.zip'>a</a>"
                        + " 2020-01-01 10:00 5\n<a href=c.zip>c</a> 2020-01-01 10:00 6\n</pre>");

        List<RemoteFile> files = resolve(base());

        assertEquals(List.of("a&b.zip", "c.zip"), paths(files));
        assertEquals(List.of(5L, 6L), files.stream().map(RemoteFile::bytes).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "'<a href=\"', 200000",
        "<script, 1000000",
        "<a href=x>, 1000000",
        "<h1><a href=x>, 1000000",
        "<nobr><table>, 1000000",
        "<tr><li>, 1000000",
    })
    void hostilePage_isReadInLinearTime(String part, int length) throws Problem {
        stub(requested(), 200, "<title>Index of /</title><a href=a.zip>a</a>\n" + part.repeat(length / part.length()));

        assertTrue(paths(resolve(base())).contains("a.zip"));
    }

    @Test
    void pageLargerThanTheLimit_isNetwork() {
        stub(requested(), 200, "<title>Index of /</title><a href=a.zip>a</a>" + " ".repeat(32 << 20));

        Problem problem = refused(base());

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("is larger than 32 MiB"), problem.message());
    }

    @Test
    void foldersWithoutEnd_areNotFollowedForEver() {
        HOST.stubFor(
                any(anyUrl()).willReturn(aResponse().withBody("<title>Index of /</title><a href='again/'>again/</a>")));

        assertEquals(Kind.NETWORK, refused(base()).kind());
    }

    @Test
    void checksumListOfAFolder_isReadForItsFiles() throws Problem {
        stub(requested(), 200, recorded());
        stub("/data.example.org/tia/md5.txt", 200, SUM + "  train/0001.svs\n");

        RemoteFile file = resolve(base().checksumList("md5.txt").include("train/0001.svs"))
                .get(0);

        assertEquals("md5:" + SUM, file.checksums().get(0).checksum().toString());
    }

    @Test
    void neitherBaseNorUrl_isUsageAndNamesTheField() {
        Problem problem = refused(
                SpecBuilder.spec("http", "https://data.example.org/page").file("a.zip"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("files[0].at"), problem.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://user:secret@example.org/a.zip", "ftp://example.org/a.zip", "https://exa mple/a"})
    void invalidUrl_isUsage(String at) {
        Problem problem = refused(base().file("a.zip", at, null));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("files[0].at"), problem.message());
    }

    @Test
    void folder_isUsage() {
        assertEquals(Kind.USAGE, refused(base().file("images/")).kind());
    }

    @Test
    void checksumList_isReadForFilesWithoutChecksums() throws Problem {
        stub("/data.example.org/tia/SHA256SUMS", 200, "a".repeat(64) + "  a.zip\n");

        RemoteFile file =
                resolve(base().checksumList("SHA256SUMS").file("a.zip")).get(0);

        assertEquals("SHA256SUMS", file.checksums().get(0).by());
    }

    @Test
    void checksumListThatIsAWebPage_isNetwork() {
        stub("/data.example.org/tia/SHA256SUMS", 200, "<html>Log in</html>");

        assertEquals(
                Kind.NETWORK,
                refused(base().checksumList("SHA256SUMS").file("a.zip")).kind());
    }

    @Test
    void fileUrl_isDescribedWithItsSizeAndNoChecksum() throws Problem {
        HOST.stubFor(head(urlEqualTo("/data.example.org/tia/glas%201.zip"))
                .willReturn(
                        aResponse().withHeader("Content-Length", "777").withHeader("Content-Type", "application/zip")));

        RecordDescription described = Sources.describe("https://data.example.org/tia/glas%201.zip", transport)
                .orElseThrow();
        PinnedFile file = described.spec().files().get(0);

        assertEquals("https://data.example.org/tia/", described.spec().record());
        assertEquals("glas 1.zip", file.path());
        assertNull(file.at());
        assertEquals(777L, file.bytes());
        assertTrue(file.checksums().isEmpty());
        assertTrue(described.terms().license().unknown());
    }

    @Test
    void serverWithoutHead_isRequestedOneByte() throws Problem {
        HOST.stubFor(head(urlEqualTo("/data.example.org/get.php/a.zip?v=2"))
                .willReturn(aResponse().withStatus(405)));
        HOST.stubFor(get(urlEqualTo("/data.example.org/get.php/a.zip?v=2"))
                .withHeader("Range", equalTo("bytes=0-0"))
                .willReturn(aResponse()
                        .withStatus(206)
                        .withHeader("Content-Range", "bytes 0-0/4242")
                        .withBody("P")));

        PinnedFile file = Sources.describe("https://data.example.org/get.php/a.zip?v=2", transport)
                .orElseThrow()
                .spec()
                .files()
                .get(0);

        assertEquals(4242L, file.bytes());
        assertEquals("https://data.example.org/get.php/a.zip?v=2", file.at());
    }

    @Test
    void webPage_isNotDescribedAsAFile() throws Problem {
        HOST.stubFor(head(urlEqualTo("/data.example.org/about"))
                .willReturn(aResponse().withHeader("Content-Type", "text/html; charset=utf-8")));

        assertTrue(Sources.describe("https://data.example.org/about", transport).isEmpty());
        assertTrue(Sources.describe("https://data.example.org/", transport).isEmpty());
    }
}
