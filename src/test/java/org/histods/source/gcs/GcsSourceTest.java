package org.histods.source.gcs;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GcsSourceTest extends SourceContract {

    private static final String ROOT = "/storage.googleapis.com/";
    private static final String LIST = ROOT + "storage/v1/b/histo-data/o?maxResults=1000&prefix=tcga%2F";

    @Override
    public String kind() {
        return "gcs";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("gcs", "gs://histo-data/tcga/");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("a b+c#1.svs");
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("gcs", "gs://histo-data/tcga").file("a.svs");
    }

    @Override
    public String requested() {
        return LIST;
    }

    @Override
    public String recorded() {
        return resource("gcs/list.json");
    }

    @Override
    public List<String> listed() {
        return List.of("a b+c#1.svs", "sub/b.svs");
    }

    @Override
    public String recordedEmpty() {
        return "{\"kind\": \"storage#objects\"}";
    }

    @Test
    void listedObjects_carryMd5AndCrc32cAndTheSizeThatIsText() throws Problem {
        stub(LIST, 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(5_000_000_000L, files.get(0).bytes());
        assertEquals(
                List.of("md5:5d41402abc4b2a76b9719d911017c592", "crc32c:9a71bb4c"),
                files.get(0).checksums().stream()
                        .map(s -> s.checksum().toString())
                        .toList());
        assertEquals(
                List.of("crc32c:9a71bb4c"),
                files.get(1).checksums().stream()
                        .map(s -> s.checksum().toString())
                        .toList());
        assertEquals("Google Cloud Storage", files.get(1).checksums().get(0).by());
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "a b+c#1.svs,-,histo-data/tcga/a%20b%2Bc%231.svs",
                "x.svs,sub/b.svs,histo-data/tcga/sub/b.svs",
                "x.svs,gs://histo-data/other/b.svs,histo-data/other/b.svs"
            })
    void pinnedObject_hasItsNameEncodedOnce(String path, String at, String url) throws Problem {
        assertEquals(
                "https:/" + ROOT + url,
                resolve(unpinned().file(path, at, null)).get(0).uri().toString());
    }

    @Test
    void longListing_isFollowedToItsEndAndNeverInACircle() throws Problem {
        stub(LIST, 200, recorded().replaceFirst("\\{", "{\"nextPageToken\": \"a=\", "));
        stub(LIST + "&pageToken=a%3D", 200, "{\"items\": [{\"name\": \"tcga/z.svs\"}]}");

        assertEquals(3, resolve(unpinned()).size());

        stub(LIST + "&pageToken=a%3D", 200, "{\"nextPageToken\": \"a=\"}");
        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void objectThatWasNotRequested_isRefused() {
        stub(LIST, 200, "{\"items\": [{\"name\": \"other/z.svs\"}]}");

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void requesterPaysBucket_needsManualAction() {
        HOST.stubFor(get(urlEqualTo(LIST))
                .willReturn(aResponse()
                        .withStatus(400)
                        .withHeader("Content-Type", "application/json")
                        .withBody("{\"error\": {\"code\": 400, \"message\":"
                                + " \"Bucket is a requester pays bucket but no user project provided.\"}}")));

        Problem problem = refused(unpinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("requester-pays"), problem.message());
    }

    @Test
    void checksumList_isMergedAsItsOwnWord() throws Problem {
        stub(LIST, 200, recorded());
        stub(ROOT + "histo-data/tcga/md5.txt", 200, "5d41402abc4b2a76b9719d911017c592  sub/b.svs\n");

        RemoteFile file = resolve(unpinned().checksumList("md5.txt")).get(1);

        assertEquals("md5.txt", file.checksums().get(0).by());
    }

    @Test
    void checksumOfAMissingFile_isUpstreamChanged() {
        stub(LIST, 200, recorded());
        stub(ROOT + "histo-data/tcga/md5.txt", 200, "5d41402abc4b2a76b9719d911017c592  gone.svs\n");

        Problem problem = refused(unpinned().checksumList("md5.txt"));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("gone.svs"), problem.message());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs://histo-data/tcga/",
                "https://storage.googleapis.com/histo-data/tcga/",
                "https://console.cloud.google.com/storage/browser/histo-data/tcga/;tab=objects?project=x",
                "https://histo-data.storage.googleapis.com/tcga/"
            })
    void urlOfAFolder_isDescribedWithItsFiles(String url) throws Problem {
        stub(LIST, 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals("gs://histo-data/tcga/", described.spec().record());
        assertEquals(
                listed(), described.spec().files().stream().map(f -> f.path()).toList());
        assertEquals("tcga", described.title());
    }

    @Test
    void urlOfAnObject_isDescribedAsOneFile() throws Problem {
        stub(
                LIST + "a%20b%2Bc%231.svs",
                200,
                recorded()
                        .replace("tcga/sub/b.svs", "tcga/a b+c#1.svs.md5")
                        .replace("\"name\": \"tcga/\"", "\"name\": \"tcga/a b+c#1.svs/\""));

        RecordDescription described = Sources.describe(
                        "https://storage.googleapis.com/histo-data/tcga/a%20b+c%231.svs?x=1", transport)
                .orElseThrow();

        assertEquals(1, described.spec().files().size());
        assertEquals("a b+c#1.svs", described.title());
        assertEquals(5_000_000_000L, described.spec().files().get(0).bytes());
    }

    @Test
    void objectInARequesterPaysBucket_needsManualAction() throws Problem {
        Problem problem = refusedToOpen(
                400,
                "Content-Type: application/xml",
                "<Error><Code>UserProjectMissing</Code><Message>Bucket is a requester pays bucket but no user project"
                        + " provided.</Message></Error>");

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("requester-pays"), problem.message());
    }
}
