package org.histods.source;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpSourceTest extends SourceContract {

    private static final String SUM = "0123456789abcdef0123456789abcdef";

    @Override
    String kind() {
        return "http";
    }

    @Override
    boolean asksHost() {
        return false;
    }

    private static SpecBuilder base() {
        return SpecBuilder.spec("http", "https://data.example.org/tia/");
    }

    @Override
    SpecBuilder pinned() {
        return base().file("glas.zip", null, 5L, "md5:" + SUM);
    }

    @Override
    SpecBuilder misspelt() {
        return SpecBuilder.spec("http", "data.example.org/").file("a.zip");
    }

    @Test
    void fileWithoutAddress_isBelowTheRecord() throws Problem {
        assertEquals(
                "https://data.example.org/tia/a%20b/c.zip",
                resolve(base().file("a b/c.zip")).get(0).uri().toString());
    }

    @Test
    void fileWithAddress_isThere() throws Problem {
        RemoteFile file = resolve(SpecBuilder.spec("http", "https://data.example.org/page")
                        .file("x/c.zip", "https://other.example.org/get?f=c%20d", null))
                .get(0);

        assertEquals("https://other.example.org/get?f=c%20d", file.uri().toString());
        assertEquals("x/c.zip", file.path().text());
    }

    @Test
    void nothingPinned_isUsage() {
        assertEquals(Kind.USAGE, refused(base()).kind());
    }

    @Test
    void neitherBaseNorAddress_isUsageAndNamesTheField() {
        Problem problem = refused(
                SpecBuilder.spec("http", "https://data.example.org/page").file("a.zip"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("files[0].at"), problem.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://user:secret@example.org/a.zip", "ftp://example.org/a.zip", "https://exa mple/a"})
    void addressThatIsNone_isUsage(String at) {
        Problem problem = refused(base().file("a.zip", at, null));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("files[0].at"), problem.message());
    }

    @Test
    void folder_isUsage() {
        assertEquals(Kind.USAGE, refused(base().file("images/")).kind());
    }

    @Test
    void checksumList_isReadForFilesWithoutSums() throws Problem {
        stub("/data.example.org/tia/SHA256SUMS", 200, "a".repeat(64) + "  a.zip\n");

        RemoteFile file =
                resolve(base().checksumList("SHA256SUMS").file("a.zip")).get(0);

        assertEquals("SHA256SUMS", file.sums().get(0).by());
    }

    @Test
    void checksumListThatIsAWebPage_isNetwork() {
        stub("/data.example.org/tia/SHA256SUMS", 200, "<html>Log in</html>");

        assertEquals(
                Kind.NETWORK,
                refused(base().checksumList("SHA256SUMS").file("a.zip")).kind());
    }

    @Test
    void fileAddress_isDescribedWithItsSizeAndNoChecksum() throws Problem {
        HOST.stubFor(head(urlEqualTo("/data.example.org/tia/glas%201.zip"))
                .willReturn(
                        aResponse().withHeader("Content-Length", "777").withHeader("Content-Type", "application/zip")));

        Described described = Sources.describe("https://data.example.org/tia/glas%201.zip", transport)
                .orElseThrow();
        PinnedFile file = described.spec().files().get(0);

        assertEquals("https://data.example.org/tia/", described.spec().record());
        assertEquals("glas 1.zip", file.path());
        assertNull(file.at());
        assertEquals(777L, file.bytes());
        assertTrue(file.sums().isEmpty());
        assertTrue(described.license().unknown());
    }

    @Test
    void serverWithoutHead_isAskedForOneByte() throws Problem {
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
