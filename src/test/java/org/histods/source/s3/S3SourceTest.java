package org.histods.source.s3;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.transport.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class S3SourceTest extends SourceContract {

    private static final String HOSTNAME = "/camelyon-dataset.s3.us-west-2.amazonaws.com";
    private static final String QUERY = "/?list-type=2&encoding-type=url&max-keys=1000&prefix=";
    private static final String LIST = HOSTNAME + "/CAMELYON16/checksums.md5";
    private static final String SUM = "0123456789abcdef0123456789abcdef";

    @Override
    public String kind() {
        return "s3";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("s3", "s3://camelyon-dataset/CAMELYON16/").option("region", "us-west-2");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("images/a b+c#1.tif", null, 7L, "md5:" + SUM);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("s3", "s3://camelyon-dataset/CAMELYON16").file("a.tif");
    }

    @Override
    public String requested() {
        return HOSTNAME + QUERY + "CAMELYON16%2F";
    }

    @Override
    public String recorded() {
        return resource("s3/list.xml");
    }

    @Override
    public List<String> listed() {
        return List.of("images/normal_001.tif", "images/a b+c#=1.tif", "checksums.md5");
    }

    @Override
    public String recordedEmpty() {
        return resource("s3/empty.xml");
    }

    @Override
    public String withUnknownField() {
        return recorded()
                .replace("<KeyCount>", "<New><Key>x</Key><Contents><Key>y</Key></Contents></New><KeyCount>")
                .replace("<StorageClass>", "<Restore><Key>z</Key></Restore><StorageClass>");
    }

    @Override
    public String withHostileName() {
        return recorded().replace("images/normal_001.tif", "../evil");
    }

    private static String page(int from, int count, String next) {
        StringBuilder out = new StringBuilder("<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (int i = from; i < from + count; i++) {
            out.append("<Contents><Key>p/").append(i).append(".png</Key><Size>1</Size></Contents>");
        }
        out.append("<EncodingType>url</EncodingType><IsTruncated>")
                .append(!next.isEmpty())
                .append("</IsTruncated>");
        return out + (next.isEmpty() ? "" : "<NextContinuationToken>" + next + "</NextContinuationToken>")
                + "</ListBucketResult>";
    }

    @Test
    void pinnedKey_isEncodedBySegment() throws Problem {
        assertEquals(
                "https://camelyon-dataset.s3.us-west-2.amazonaws.com/CAMELYON16/images/a%20b%2Bc%231.tif",
                resolve(pinned()).get(0).uri().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "s3://b-1/p/,,https://b-1.s3.amazonaws.com/p/x.tif",
        "s3://with.dots/,eu-west-1,https://s3.eu-west-1.amazonaws.com/with.dots/x.tif",
        "s3://b-1,us-east-1,https://b-1.s3.us-east-1.amazonaws.com/x.tif"
    })
    void url_fitsBucketAndRegion(String record, String region, String url) throws Problem {
        SpecBuilder spec = SpecBuilder.spec("s3", record).file("x.tif");

        assertEquals(
                url,
                resolve(region == null ? spec : spec.option("region", region))
                        .get(0)
                        .uri()
                        .toString());
    }

    @Test
    void otherEndpoint_isAddressedByPath() throws Problem {
        SpecBuilder spec = SpecBuilder.spec("s3", "s3://b-1/p/").option("endpoint", "https://s3.example.org/");

        assertEquals(
                "https://s3.example.org/b-1/p/x.tif",
                resolve(spec.file("x.tif")).get(0).uri().toString());
    }

    @Test
    void entityTag_isMd5OrStatesItsParts() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(
                "s3-etag:" + SUM + "-14",
                files.get(0).checksums().get(0).checksum().toString());
        assertEquals(
                "md5:" + "a".repeat(32),
                files.get(1).checksums().get(0).checksum().toString());
        assertEquals("S3 (ETag)", files.get(1).checksums().get(0).by());
        assertEquals(115000000L, files.get(0).bytes());
    }

    @Test
    void listedKey_isDecodedAndItsUrlEncoded() throws Problem {
        stub(requested(), 200, recorded());

        assertEquals(
                "https://camelyon-dataset.s3.us-west-2.amazonaws.com/CAMELYON16/images/a%20b%2Bc%23%3D1.tif",
                resolve(unpinned()).get(1).uri().toString());
    }

    @Test
    void globs_keepAndLeaveOut() throws Problem {
        stub(requested(), 200, recorded());

        assertEquals(
                List.of("images/normal_001.tif"),
                paths(resolve(unpinned().include("images/", "*.md5").exclude("**/a *", "checksums.{md5,txt}"))));
    }

    @Test
    void thirtyThousandKeys_areReadPageByPage() throws Problem {
        String url = "/b-1.s3.amazonaws.com" + QUERY + "p%2F";
        for (int i = 0; i < 30; i++) {
            stub(
                    i == 0 ? url : url + "&continuation-token=t%2F" + i + "%3D",
                    200,
                    page(i * 1000, 1000, i == 29 ? "" : "t/" + (i + 1) + "="));
        }

        List<RemoteFile> files = resolve(SpecBuilder.spec("s3", "s3://b-1/p/"));

        assertEquals(30_000, files.size());
        assertEquals("29999.png", files.get(29_999).path().text());
        assertTrue(files.get(0).checksums().isEmpty());
    }

    @Test
    void samePageAgain_isNotFollowedForEver() {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withBody(page(0, 1, "again"))));

        assertEquals(
                Kind.NETWORK, refused(SpecBuilder.spec("s3", "s3://b-1/p/")).kind());
    }

    @ParameterizedTest
    @CsvSource({
        "403,AccessDenied,PERSON,without an account",
        "200,AccessDenied,PERSON,without an account",
        "404,NoSuchBucket,NETWORK,no bucket",
        "301,PermanentRedirect,NETWORK,another region"
    })
    void errorsOfS3_areExplained(int status, String code, Kind kind, String words) {
        stub(requested(), status, resource("s3/error-" + code + ".xml"));

        Problem problem = refused(unpinned());

        assertEquals(kind, problem.kind());
        assertTrue(problem.message().contains(words), problem.message());
    }

    @Test
    void externalEntity_isNotRead() {
        stub(
                requested(),
                200,
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/hostname\">]><ListBucketResult>"
                        + "<Contents><Key>CAMELYON16/&e;</Key></Contents></ListBucketResult>");

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void checksumList_isMergedAsItsOwnWord() throws Problem {
        stub(requested(), 200, recorded());
        stub(LIST, 200, SUM + " *images/normal_001.tif\n");

        RemoteFile file = resolve(unpinned().checksumList("checksums.md5")).get(0);

        assertEquals(
                List.of("checksums.md5", "S3 (ETag)"),
                file.checksums().stream().map(RemoteFile.Stated::by).toList());
        assertEquals("md5:" + SUM, file.checksums().get(0).checksum().toString());
    }

    @Test
    void checksumsOfMissingFiles_areUpstreamChangedAndNamed() {
        stub(requested(), 200, recorded());
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < 25; i++) {
            list.append(SUM).append("  images/gone_").append(i).append(".tif\n");
        }
        stub(LIST, 200, list.toString());

        Problem problem = refused(unpinned().checksumList("checksums.md5"));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("images/gone_19.tif and 5 more"), problem.message());
        assertFalse(problem.message().contains("gone_20"));
    }

    @Test
    void checksumListForPinnedFilesWithoutChecksums_isRead() throws Problem {
        stub(LIST, 200, SUM + "  images/x.tif\n" + SUM + "  images/not-pinned.tif\n");

        RemoteFile file = resolve(unpinned().checksumList("checksums.md5").file("images/x.tif"))
                .get(0);

        assertEquals("md5:" + SUM, file.checksums().get(0).checksum().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"s3://camelyon-dataset/CAMELYON16/", "https://camelyon-dataset.s3.amazonaws.com/CAMELYON16/"})
    void folderUrl_isDescribedWithItsFiles(String url) throws Problem {
        stub("/camelyon-dataset.s3.amazonaws.com" + QUERY + "CAMELYON16%2F", 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals("s3://camelyon-dataset/CAMELYON16/", described.spec().record());
        assertEquals(
                listed(), described.spec().files().stream().map(f -> f.path()).toList());
        assertEquals("CAMELYON16", described.title());
        assertEquals("unversioned", described.version().text());
    }

    @Test
    void objectUrl_isDescribedAsOneFile() throws Problem {
        stub(HOSTNAME + QUERY + "CAMELYON16%2Fimages%2Fnormal_001.tif", 200, resource("s3/list-one.xml"));

        RecordDescription described = Sources.describe(
                        "https://s3.us-west-2.amazonaws.com/camelyon-dataset/CAMELYON16/images/normal_001.tif",
                        transport)
                .orElseThrow();

        assertEquals(
                "s3://camelyon-dataset/CAMELYON16/images/", described.spec().record());
        assertEquals("us-west-2", described.spec().option("region"));
        assertEquals("normal_001.tif", described.spec().files().get(0).path());
    }

    @Test
    void largeFolder_isDescribedWithoutItsFiles() throws Problem {
        stub("/b-1.s3.amazonaws.com" + QUERY + "p%2F", 200, page(0, 1000, "more"));

        RecordDescription described = Sources.describe("s3://b-1/p/", transport).orElseThrow();

        assertTrue(described.spec().files().isEmpty());
        assertEquals(1, HOST.getAllServeEvents().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a//b.tif", "/a.tif", "a/", "./a", "a%5Cb", "it's %5B1%5D//x", "a%0Ab/"})
    void keyThatCannotBeAFile_isRefused_andLeftOutByTheExcludeThatTheHintNames(String key) throws Exception {
        stub(requested(), 200, recorded().replace("images/normal_001.tif", key));
        Problem problem = refused(unpinned());
        assertEquals(Kind.WRONG_BYTES, problem.kind());
        Matcher exclude = Pattern.compile("`exclude: \\['(.*)'\\]`").matcher(String.valueOf(problem.hint()));
        assertTrue(exclude.find(), problem.hint());
        assertEquals(
                2,
                resolve(unpinned().exclude(exclude.group(1).replace("''", "'"))).size());
    }

    @Test
    void archivedObject_needsManualActionUnlessExcluded() throws Problem {
        stub(requested(), 200, recorded().replaceFirst("(115000000.*?<StorageClass>)STANDARD", "$1DEEP_ARCHIVE"));

        Problem problem = refused(unpinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("images/normal_001.tif is archived"), problem.message());
        assertEquals(2, resolve(unpinned().exclude("images/normal_001.tif")).size());
    }

    @ParameterizedTest
    @CsvSource({
        "403,PERSON,InvalidObjectState,The operation is not valid for the object's storage class,is archived",
        "403,PERSON,AccessDenied,Access Denied,requester-pays",
        "301,NETWORK,PermanentRedirect,The bucket must be addressed using the specified endpoint.,options.region"
    })
    void refusalOfAnObject_isExplained(int status, Kind kind, String code, String message, String words)
            throws Problem {
        Problem problem = refusedToOpen(
                status,
                "Content-Type: application/xml",
                "<Error><Code>" + code + "</Code><Message>" + message + "</Message></Error>");

        assertEquals(kind, problem.kind());
        assertTrue((problem.message() + problem.hint()).contains(words), problem.message());
    }

    @Test
    void amazon_isRequestedTheChecksumOfTheUpload() throws Exception {
        RemoteFile file = resolve(pinned()).get(0);
        HOST.stubFor(any(anyUrl())
                .withHeader("x-amz-checksum-mode", equalTo("ENABLED"))
                .willReturn(
                        aResponse().withHeader("x-amz-checksum-sha256", "abc").withBody("x")));

        try (Response response = source().open(file, file.uri(), 0, -1, null, transport)) {
            assertEquals("abc", response.header("x-amz-checksum-sha256").orElse(""));
        }
    }
}
