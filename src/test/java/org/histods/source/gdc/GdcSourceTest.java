package org.histods.source.gdc;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.listing.UrlEncoding;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.transport.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GdcSourceTest extends SourceContract {

    private static final String ID = "0a1b2c3d-0000-4000-8000-000000000001";
    private static final String NEWER = "0a1b2c3d-0000-4000-8000-000000000009";
    private static final String DATA = "/api.gdc.cancer.gov/data/" + ID;

    @Override
    public String kind() {
        return "gdc";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("gdc", "TCGA-BRCA").option("experimental_strategy", "Diagnostic Slide");
    }

    @Override
    public SpecBuilder pinned() {
        return SpecBuilder.spec("gdc", "TCGA-BRCA").file("TCGA-BRCA/a.svs", ID, 7L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("gdc", "https://portal.gdc.cancer.gov/").file("a.svs", ID, null);
    }

    @Override
    public String requested() {
        return page(
                filter("cases.project.project_id", "\"TCGA-BRCA\"")
                        + "," + filter("data_type", "\"Slide Image\"")
                        + "," + filter("experimental_strategy", "\"Diagnostic Slide\"")
                        + "," + filter("access", "\"open\""),
                0);
    }

    @Override
    public String recorded() {
        return resource("gdc/files.json");
    }

    @Override
    public List<String> listed() {
        return List.of(
                "TCGA-BRCA/TCGA-AN-A0FL-01Z-00-DX1.20A041C6-A306-4599-A7D1-65032A252AA9.svs",
                "TCGA-BRCA/0a1b2c3d-0000-4000-8000-000000000002/same.svs",
                "TCGA-BRCA/0a1b2c3d-0000-4000-8000-000000000003/same.svs");
    }

    @Override
    public String recordedEmpty() {
        return "{\"data\": {\"hits\": [], \"pagination\": {\"count\": 0, \"total\": 0}}, \"warnings\": {}}";
    }

    @Override
    public String withHostileName() {
        return recorded().replaceFirst("TCGA-AN-A0FL-01Z[^\"]*", "../evil");
    }

    private static String filter(String field, String values) {
        return "{\"op\":\"in\",\"content\":{\"field\":\"" + field + "\",\"value\":[" + values + "]}}";
    }

    private static String page(String filters, int from) {
        return "/api.gdc.cancer.gov/files?filters="
                + UrlEncoding.segment("{\"op\":\"and\",\"content\":[" + filters + "]}")
                + "&fields=file_id,file_name,file_size,md5sum,access,experimental_strategy,data_format,"
                + "cases.submitter_id,cases.project.project_id,cases.primary_site,cases.disease_type,"
                + "cases.samples.sample_type"
                + "&format=JSON&size=2000&from=" + from + "&sort=file_id:asc";
    }

    /** A page of {@code count} files out of {@code total}. */
    private static String hits(int first, int count, int total) {
        StringBuilder out = new StringBuilder("{\"data\": {\"hits\": [");
        for (int i = first; i < first + count; i++) {
            out.append(i == first ? "" : ",")
                    .append(String.format("{\"file_id\": \"00000000-0000-0000-0000-%012d\", ", i))
                    .append("\"file_name\": \"")
                    .append(i)
                    .append(".svs\", \"file_size\": ")
                    .append(i)
                    .append("}");
        }
        return out + "], \"pagination\": {\"total\": " + total + "}}}";
    }

    private Response open(RemoteFile file) throws Problem {
        return source().open(file, file.uri(), 0, -1, null, transport);
    }

    @Test
    void listedFile_hasUrlSizeAndMd5OfTheGdc() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals("https://api.gdc.cancer.gov/data/" + ID, files.get(0).uri().toString());
        assertEquals(1055798681L, files.get(0).bytes());
        assertEquals("GDC", files.get(0).checksums().get(0).by());
        assertEquals(
                "md5:0123456789abcdef0123456789abcdef",
                files.get(0).checksums().get(0).checksum().toString());
        assertTrue(files.get(1).checksums().isEmpty());
        assertTrue(files.get(2).checksums().isEmpty());
        assertEquals(
                Map.of("id", ID, "project", "TCGA-BRCA", "patient", "TCGA-AN-A0FL", "slide", "TCGA-AN-A0FL-01Z-00-DX1"),
                files.get(0).attributes());
    }

    @Test
    void recordWithoutDash_isAProgram() throws Problem {
        String filters = filter("cases.project.program.name", "\"TCGA\"")
                + "," + filter("cases.project.project_id", "\"TCGA-LUAD\",\"TCGA-LUSC\"")
                + "," + filter("data_type", "\"Slide Image\"")
                + "," + filter("access", "\"open\"");
        stub(page(filters, 0), 200, recorded());

        assertEquals(
                3,
                resolve(SpecBuilder.spec("gdc", "TCGA")
                                .option("program", "TCGA")
                                .option("project", "TCGA-LUAD, TCGA-LUSC")
                                .option("access", "open"))
                        .size());
    }

    @Test
    void manyFiles_areReadPageByPage() throws Problem {
        String filters = requested().substring(0, requested().indexOf("&fields"));
        String rest = requested().substring(requested().indexOf("&fields"));
        for (int from = 0; from < 5000; from += 2000) {
            String url = filters + rest.replace("from=0", "from=" + from);
            stub(url, 200, hits(from, Math.min(2000, 4500 - from), 4500));
        }

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(4500, files.size());
        assertEquals("4499.svs", files.get(4499).path().text());
    }

    @Test
    void fewerFilesThanTheTotal_areNotTakenForAll() {
        stub(requested(), 200, hits(0, 2, 3));
        stub(requested().replace("from=0", "from=2"), 200, hits(2, 0, 3));

        Problem problem = refused(unpinned());

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("3"), problem.message());
    }

    @Test
    void controlledFile_needsManualAction() {
        stub(requested(), 200, recorded().replace("\"access\": \"open\"", "\"access\": \"controlled\""));

        assertEquals(Kind.PERSON, refused(unpinned()).kind());
    }

    @ParameterizedTest
    @CsvSource({"access,controlled", "data-type,Slide Image"})
    void optionThatWouldNotNarrow_isUsage(String option, String value) {
        Problem problem = refused(SpecBuilder.spec("gdc", "TCGA").option(option, value));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("options." + option), problem.message());
    }

    @Test
    void pinnedFileWithoutUuid_isUsageAndNamesTheField() {
        Problem problem = refused(SpecBuilder.spec("gdc", "TCGA-BRCA").file("a.svs"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("files[0].at"), problem.message());
    }

    @Test
    void replacedFile_isUpstreamChangedAndNamesTheNewOne() throws Problem {
        stub(DATA, 404, "{}");
        versions("[{\"id\": \"" + ID + "\", \"latest_id\": \"" + NEWER + "\"}]");
        RemoteFile file = resolve(pinned()).get(0);

        Problem problem = assertThrows(Problem.class, () -> open(file));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains(NEWER), problem.message());
        assertEquals(1, problem.attempts().size());
    }

    @Test
    void withdrawnFile_isNamedAsWithdrawn() throws Problem {
        stub(DATA, 404, "{}");
        versions("[{\"id\": \"" + ID + "\", \"latest_id\": null}]");
        RemoteFile file = resolve(pinned()).get(0);

        Problem problem = assertThrows(Problem.class, () -> open(file));

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.hint() != null && problem.hint().contains("withdrawn"), problem.hint());
    }

    @Test
    void range_isRequestedAsARange() throws Problem, IOException {
        HOST.stubFor(get(urlEqualTo(DATA))
                .willReturn(aResponse()
                        .withStatus(206)
                        .withHeader("Content-Range", "bytes 2-3/4")
                        .withBody("cd")));
        RemoteFile file = resolve(pinned()).get(0);

        try (Response response = source().open(file, file.uri(), 2, -1, null, transport)) {
            assertArrayEquals(new byte[] {'c', 'd'}, response.body().readAllBytes());
        }
    }

    private static void versions(String response) {
        HOST.stubFor(post(urlEqualTo("/api.gdc.cancer.gov/files/versions"))
                .withRequestBody(equalToJson("{\"ids\": [\"" + ID + "\"]}"))
                .willReturn(aResponse().withBody(response)));
    }

    private static final String RELEASE = "0a1b2c3d-0000-4000-8000-0000000000ff";

    private static SpecBuilder release() {
        return SpecBuilder.spec("gdc", "TCGA")
                .option("release-manifest", RELEASE)
                .include("TCGA-*.svs");
    }

    private static String line(int number, String name) {
        return id(number) + "\t" + name + "\t" + "c".repeat(32) + "\t" + number + "\treleased\n";
    }

    private static String id(int number) {
        return String.format("0a1b2c3d-0000-4000-8000-%012d", number);
    }

    private static void manifest(String text, boolean packed) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = packed ? new GZIPOutputStream(bytes) : bytes) {
            out.write(("id\tfilename\tmd5\tsize\tstate\n" + text).getBytes(StandardCharsets.UTF_8));
        }
        HOST.stubFor(get(urlEqualTo("/api.gdc.cancer.gov/data/" + RELEASE))
                .willReturn(aResponse().withBody(bytes.toByteArray())));
    }

    /** Responds to the numbers up to that one; those in the text, such as {@code 2=9}, have a newer version. */
    private static void current(int upTo, String newer) {
        StringBuilder response = new StringBuilder("[");
        for (int i = 1; i <= upTo; i++) {
            String now =
                    newer.startsWith(i + "=") ? id(Integer.parseInt(newer.substring(newer.indexOf('=') + 1))) : id(i);
            response.append(i > 1 ? "," : "").append("{\"id\": \"" + id(i) + "\", \"latest_id\": \"" + now + "\"}");
        }
        HOST.stubFor(post(urlEqualTo("/api.gdc.cancer.gov/files/versions"))
                .willReturn(aResponse().withBody(response.append("]").toString())));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void manifestOfARelease_isTheList(boolean packed) throws Exception {
        manifest(line(1, "TCGA-A.svs") + line(2, "x.bam") + line(3, "TCGA-B.svs") + line(4, "TCGA-B.svs"), packed);
        current(4, "");

        List<RemoteFile> files = resolve(release());

        assertEquals(List.of("TCGA-A.svs", id(3) + "/TCGA-B.svs", id(4) + "/TCGA-B.svs"), paths(files));
        assertEquals(1L, files.get(0).bytes());
        assertEquals(
                "md5:" + "c".repeat(32),
                files.get(0).checksums().get(0).checksum().toString());
        assertEquals(
                "https://api.gdc.cancer.gov/data/" + id(1), files.get(0).uri().toString());
    }

    @Test
    void filesOfAReleaseThatAreReplacedOrWithdrawn_areNamed() throws Exception {
        manifest(line(1, "TCGA-A.svs") + line(2, "TCGA-B.svs") + line(3, "TCGA-C.svs"), true);
        current(2, "2=9");

        Problem problem = refused(release());

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains(id(2) + " (TCGA-B.svs) was replaced by " + id(9)), problem.message());
        assertTrue(problem.message().contains(id(3) + " (TCGA-C.svs) was withdrawn"), problem.message());
        assertTrue(problem.message().contains("2 of the 3"), problem.message());
    }

    @Test
    void manyFilesOfARelease_areRequestedInChunks() throws Exception {
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i <= 1001; i++) {
            lines.append(line(i, "TCGA-" + i + ".svs"));
        }
        manifest(lines.toString(), true);
        current(1001, "");

        assertEquals(1001, resolve(release()).size());

        HOST.verify(3, postRequestedFor(urlEqualTo("/api.gdc.cancer.gov/files/versions")));
    }

    @Test
    void unreadableManifestOfARelease_isNotPassedOver() throws Exception {
        manifest(line(1, "TCGA-A.svs") + "<html>\n", true);
        assertEquals(Kind.NETWORK, refused(release()).kind());

        stub("/api.gdc.cancer.gov/data/" + RELEASE, 200, "<html>no</html>");
        assertEquals(Kind.NETWORK, refused(release()).kind());
    }

    @Test
    void releaseWithoutGlobsOrWithAQuestion_isUsage() {
        SpecBuilder all = SpecBuilder.spec("gdc", "TCGA").option("release-manifest", RELEASE);

        assertEquals(Kind.USAGE, refused(all).kind());
        assertEquals(
                Kind.USAGE, refused(release().option("project", "TCGA-BRCA")).kind());
        assertEquals(
                Kind.USAGE,
                refused(release().option("release-manifest", "45.0")).kind());
    }
}
