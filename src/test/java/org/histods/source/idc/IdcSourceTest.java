package org.histods.source.idc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IdcSourceTest extends SourceContract {

    private static final String ONE = "0000aaaa-0000-4000-8000-000000000001";
    private static final String TWO = "0000aaaa-0000-4000-8000-000000000002";
    private static final String FIRST = "1111bbbb-0000-4000-8000-000000000001";
    private static final String LAST = "1111bbbb-0000-4000-8000-000000000002";
    private static final String API = "/api.imaging.datacommons.cancer.gov/v3/";
    private static final String MANIFEST = "/zenodo.org/api/records/18526943/files/catch-idc_v24-aws.s5cmd/content";

    @BeforeEach
    void manifestAndSeries() {
        stub(MANIFEST, 200, resource("idc/manifest.s5cmd"));
        response("cohort/manifest", filters("\"collection_id\": [\"catch\"]"), rows(2, row(ONE, "P1"), row(TWO, "P2")));
        series("idc-open-data", ONE);
        series("idc-open-data-cr", TWO);
    }

    @Override
    public String kind() {
        return "idc";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("idc", "catch").option("idc-version", "v24").option("zenodo", "18526943");
    }

    @Override
    public SpecBuilder pinned() {
        return SpecBuilder.spec("idc", "catch").file(ONE + "/" + FIRST + ".dcm");
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("idc", "s3://idc-open-data/catch").file("a.dcm");
    }

    @Override
    public String requested() {
        return "/zenodo.org/api/records/18526943";
    }

    @Override
    public String recorded() {
        return resource("idc/zenodo.json");
    }

    @Override
    public List<String> listed() {
        return List.of(
                folder("P1", ONE) + FIRST + ".dcm",
                folder("P1", ONE) + LAST + ".dcm",
                folder("P2", TWO) + FIRST + ".dcm",
                folder("P2", TWO) + LAST + ".dcm");
    }

    private static String folder(String patient, String uuid) {
        return "catch/" + patient + "/1.2/1.2." + uuid.substring(35) + "/";
    }

    private static String filters(String terms) {
        return "{\"filters\": {\"terms\": {" + terms + "}}, \"page\": 0, \"page_size\": 5000}";
    }

    private static String row(String uuid, String patient) {
        String bucket = uuid.equals(ONE) ? "idc-open-data" : "idc-open-data-cr";
        return "{\"series_aws_url\": \"s3://" + bucket + "/" + uuid + "/*\", \"crdc_series_uuid\": \"" + uuid
                + "\", \"collection_id\": \"catch\", \"PatientID\": \"" + patient
                + "\", \"StudyInstanceUID\": \"1.2\", \"SeriesInstanceUID\": \"1.2." + uuid.substring(35)
                + "\", \"Modality\": \"SM\"}";
    }

    private static String rows(int total, String... rows) {
        return "{\"total_series\": " + total + ", \"series\": [" + String.join(", ", rows) + "]}";
    }

    @Override
    public String recordedEmpty() {
        return "{\"id\": 18526943, \"files\": []}";
    }

    /** The name is from the bucket, which is requested last. */
    @Override
    @Test
    public void hostileName_isRefusedAndNotRepaired() {
        stub(requested(), 200, recorded());
        stub(
                list("idc-open-data", ONE),
                200,
                resource("idc/series.xml")
                        .replace("SERIES/" + FIRST + ".dcm", ONE + "/../../../../../evil")
                        .replace("SERIES", ONE));

        Problem problem = refused(unpinned());

        assertEquals(Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("../evil"), problem.message());
    }

    private static String list(String bucket, String uuid) {
        return "/" + bucket + ".s3.amazonaws.com/?list-type=2&encoding-type=url&max-keys=1000&prefix=" + uuid + "%2F";
    }

    private static void series(String bucket, String uuid) {
        stub(list(bucket, uuid), 200, resource("idc/series.xml").replace("SERIES", uuid));
    }

    private static void response(String path, String question, String body) {
        HOST.stubFor(post(urlEqualTo(API + path))
                .withRequestBody(equalToJson(question))
                .willReturn(aResponse().withBody(body)));
    }

    private static void drs(String instance, int status, String body) {
        stub("/nci-crdc.datacommons.io/ga4gh/drs/v1/objects/dg.4DFC/" + instance, status, body);
    }

    @Test
    void instance_hasUrlSizeAndEntityTag() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(
                "https://idc-open-data.s3.amazonaws.com/" + ONE + "/" + FIRST + ".dcm",
                files.get(0).uri().toString());
        assertEquals(
                "https://idc-open-data-cr.s3.amazonaws.com/" + TWO + "/" + LAST + ".dcm",
                files.get(3).uri().toString());
        assertEquals(135450L, files.get(0).bytes());
        assertEquals("S3 (ETag)", files.get(0).checksums().get(0).by());
        assertEquals(
                "s3-etag:" + "b".repeat(32) + "-14",
                files.get(1).checksums().get(0).checksum().toString());
    }

    @Test
    void otherVersionAtZenodo_isUpstreamChangedAndShowsWhatIsThere() {
        stub(requested(), 200, recorded());

        Problem problem = refused(unpinned().option("idc-version", "v25"));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("catch-idc_v24-aws.s5cmd"), problem.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"cp s3://idc-open-data/catch/* .", "<html>", "rm s3://idc-open-data/" + ONE + "/*"})
    void lineThatNamesNoSeries_isNotPassedOver(String line) {
        stub(requested(), 200, recorded().replaceFirst("\"size\": [0-9]+", "\"size\": null"));
        stub(MANIFEST, 200, resource("idc/manifest.s5cmd") + line + "\n");

        Problem problem = refused(unpinned());

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("line 5"), problem.message());
    }

    @Test
    void truncatedManifest_isRefused() {
        stub(requested(), 200, recorded());
        stub(MANIFEST, 200, "cp s3://idc-open-data/" + ONE + "/* .\n");

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void seriesWithoutFiles_isUpstreamChanged() {
        stub(requested(), 200, recorded());
        stub(list("idc-open-data", ONE), 200, resource("s3/empty.xml"));

        Problem problem = refused(unpinned());

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains(ONE), problem.message());
    }

    @Test
    void collectionWithoutZenodo_isListedByTheApi() throws Problem {
        response(
                "cohort/manifest",
                filters("\"collection_id\": [\"upenn_gbm\"], \"Modality\": [\"SM\"]"),
                rows(1, row(ONE, "P1")));

        List<RemoteFile> files = resolve(SpecBuilder.spec("idc", "upenn_gbm").option("modality", "SM"));

        assertEquals(listed().subList(0, 2), paths(files));
        assertEquals("P1", files.get(0).attributes().get("patient"));
        assertEquals(ONE, files.get(0).attributes().get("id"));
    }

    @Test
    void seriesOfManyPages_areAllListed() throws Problem {
        String all = "\"collection_id\": [\"long\"]";
        response("cohort/manifest", filters(all), rows(2, row(ONE, "P1")));
        response("cohort/manifest", filters(all).replace("\"page\": 0", "\"page\": 1"), rows(2, row(TWO, "P2")));

        assertEquals(listed(), paths(resolve(SpecBuilder.spec("idc", "long"))));
    }

    /** What was not asked for in the bucket has no stub, so that a request for it would fail. */
    @Test
    void unwantedSeries_areNotListedInTheBucket() throws Problem {
        response("cohort/manifest", filters("\"collection_id\": [\"two\"]"), rows(2, row(ONE, "P1"), row(TWO, "P2")));
        stub(list("idc-open-data-cr", TWO), 500, "");

        List<RemoteFile> files = source().resolve(
                        SpecBuilder.spec("idc", "two").build(),
                        folders -> folders.stream()
                                .filter(folder ->
                                        "P1".equals(folder.attributes().get("patient")))
                                .toList(),
                        transport);

        assertEquals(listed().subList(0, 2), paths(files));
    }

    @Test
    void seriesThatIdcReplaced_keepsItsFolder() throws Problem {
        stub(requested(), 200, recorded());
        response("cohort/manifest", filters("\"collection_id\": [\"catch\"]"), rows(1, row(ONE, "P1")));
        HOST.stubFor(
                post(urlEqualTo(API + "sql")).willReturn(aResponse().withBody("{\"rows\": [" + row(TWO, "P2") + "]}")));

        assertEquals(listed(), paths(resolve(unpinned())));
    }

    @Test
    void unknownSeries_isNamedByItsUuid() throws Problem {
        stub(requested(), 200, recorded());
        response("cohort/manifest", filters("\"collection_id\": [\"catch\"]"), rows(1, row(ONE, "P1")));
        HOST.stubFor(post(urlEqualTo(API + "sql")).willReturn(aResponse().withBody("{\"rows\": []}")));

        assertEquals(TWO + "/" + FIRST + ".dcm", paths(resolve(unpinned())).get(2));
    }

    @Test
    void asterisk_meansAllCollectionsWithThatPrefix() throws Problem {
        stub(
                API + "collections",
                200,
                "{\"collections\": [{\"collection_id\": \"tcga_uvm\"}, {\"collection_id\": \"tcga_acc\"},"
                        + " {\"collection_id\": \"nlst\"}]}");
        response(
                "cohort/manifest",
                filters("\"collection_id\": [\"tcga_acc\", \"tcga_uvm\"]"),
                rows(1, row(ONE, "P1")).replace("\"total_series\": 1", "\"counts\": {}"));

        assertEquals(2, resolve(SpecBuilder.spec("idc", "tcga_*")).size());
    }

    @Test
    void fewerSeriesThanTheInterfaceCounts_areNotTakenForAll() {
        String filters = filters("\"analysis_result_id\": [\"Maps\"]");
        response("cohort/manifest", filters, rows(2, row(ONE, "P1")));
        response("cohort/manifest", filters.replace("\"page\": 0", "\"page\": 1"), rows(2));

        Problem problem = refused(SpecBuilder.spec("idc", "Maps").option("analysis-result", "Maps"));

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("2 series"), problem.message());
    }

    @Test
    void drs_addsItsMd5AndIgnoresUnknownFiles() throws Problem {
        stub(requested(), 200, recorded());
        drs(
                FIRST,
                200,
                "{\"size\": 135450, \"checksums\": [{\"type\": \"md5\", \"checksum\": \"" + "c".repeat(32) + "\"}]}");
        drs(LAST, 404, "{}");

        List<RemoteFile> files = resolve(unpinned().option("drs", "true"));

        assertEquals(
                List.of("IDC (DRS)", "S3 (ETag)"),
                files.get(0).checksums().stream().map(RemoteFile.Stated::by).toList());
        assertEquals(
                "md5:" + "c".repeat(32),
                files.get(0).checksums().get(0).checksum().toString());
        assertEquals(1, files.get(1).checksums().size());
    }

    @Test
    void drsWithAnotherSize_isUpstreamChanged() {
        stub(requested(), 200, recorded());
        drs(FIRST, 200, "{\"size\": 1}");

        assertEquals(
                Kind.UPSTREAM_CHANGED, refused(unpinned().option("drs", "true")).kind());
    }

    @Test
    void manifestAtAnUrl_namesTheSeries() throws Problem {
        stub("/example.org/catch.s5cmd", 200, resource("idc/manifest.s5cmd"));

        assertEquals(
                listed(),
                paths(resolve(SpecBuilder.spec("idc", "catch").option("manifest", "https://example.org/catch.s5cmd"))));
    }

    @Test
    void manifestOnThisMachineOrBesideZenodo_isUsage() {
        assertEquals(
                Kind.USAGE,
                refused(SpecBuilder.spec("idc", "catch").option("manifest", "catch.s5cmd"))
                        .kind());
        assertEquals(
                Kind.USAGE,
                refused(unpinned().option("manifest", "https://example.org/catch.s5cmd"))
                        .kind());
    }
}
