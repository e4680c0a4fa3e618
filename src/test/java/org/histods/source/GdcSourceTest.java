package org.histods.source;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GdcSourceTest extends SourceContract {

    private static final String ID = "0a1b2c3d-0000-4000-8000-000000000001";
    private static final String NEWER = "0a1b2c3d-0000-4000-8000-000000000009";
    private static final String DATA = "/api.gdc.cancer.gov/data/" + ID;

    @Override
    String kind() {
        return "gdc";
    }

    @Override
    SpecBuilder unpinned() {
        return SpecBuilder.spec("gdc", "TCGA-BRCA").option("experimental_strategy", "Diagnostic Slide");
    }

    @Override
    SpecBuilder pinned() {
        return SpecBuilder.spec("gdc", "TCGA-BRCA").file("TCGA-BRCA/a.svs", ID, 7L);
    }

    @Override
    SpecBuilder misspelt() {
        return SpecBuilder.spec("gdc", "https://portal.gdc.cancer.gov/").file("a.svs", ID, null);
    }

    @Override
    String asked() {
        return page(
                filter("cases.project.project_id", "\"TCGA-BRCA\"")
                        + "," + filter("data_type", "\"Slide Image\"")
                        + "," + filter("experimental_strategy", "\"Diagnostic Slide\"")
                        + "," + filter("access", "\"open\""),
                0);
    }

    @Override
    String recorded() {
        return resource("gdc/files.json");
    }

    @Override
    List<String> listed() {
        return List.of(
                "TCGA-BRCA/TCGA-AN-A0FL-01Z-00-DX1.20A041C6-A306-4599-A7D1-65032A252AA9.svs",
                "TCGA-BRCA/0a1b2c3d-0000-4000-8000-000000000002/same.svs",
                "TCGA-BRCA/0a1b2c3d-0000-4000-8000-000000000003/same.svs");
    }

    @Override
    String recordedEmpty() {
        return "{\"data\": {\"hits\": [], \"pagination\": {\"count\": 0, \"total\": 0}}, \"warnings\": {}}";
    }

    @Override
    String withHostileName() {
        return recorded().replaceFirst("TCGA-AN-A0FL-01Z[^\"]*", "../evil");
    }

    private static String filter(String field, String values) {
        return "{\"op\":\"in\",\"content\":{\"field\":\"" + field + "\",\"value\":[" + values + "]}}";
    }

    private static String page(String filters, int from) {
        return "/api.gdc.cancer.gov/files?filters="
                + Percent.segment("{\"op\":\"and\",\"content\":[" + filters + "]}")
                + "&fields=file_id,file_name,file_size,md5sum,access,cases.submitter_id,cases.project.project_id"
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

    private Answer open(RemoteFile file) throws Problem {
        return source().open(file, file.uri(), 0, -1, null, transport);
    }

    @Test
    void listedFile_hasAddressSizeAndMd5OfTheGdc() throws Problem {
        stub(asked(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals("https://api.gdc.cancer.gov/data/" + ID, files.get(0).uri().toString());
        assertEquals(1055798681L, files.get(0).bytes());
        assertEquals("GDC", files.get(0).sums().get(0).by());
        assertEquals(
                "md5:0123456789abcdef0123456789abcdef",
                files.get(0).sums().get(0).sum().toString());
        assertTrue(files.get(1).sums().isEmpty());
        assertTrue(files.get(2).sums().isEmpty());
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
        String filters = asked().substring(0, asked().indexOf("&fields"));
        String rest = asked().substring(asked().indexOf("&fields"));
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
        stub(asked(), 200, hits(0, 2, 3));
        stub(asked().replace("from=0", "from=2"), 200, hits(2, 0, 3));

        Problem problem = refused(unpinned());

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("3"), problem.message());
    }

    @Test
    void controlledFile_isForAPerson() {
        stub(asked(), 200, recorded().replace("\"access\": \"open\"", "\"access\": \"controlled\""));

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
    void part_isAskedForAsAPart() throws Problem, IOException {
        HOST.stubFor(get(urlEqualTo(DATA))
                .willReturn(aResponse()
                        .withStatus(206)
                        .withHeader("Content-Range", "bytes 2-3/4")
                        .withBody("cd")));
        RemoteFile file = resolve(pinned()).get(0);

        try (Answer answer = source().open(file, file.uri(), 2, -1, null, transport)) {
            assertArrayEquals(new byte[] {'c', 'd'}, answer.body().readAllBytes());
        }
    }

    private static void versions(String answer) {
        HOST.stubFor(post(urlEqualTo("/api.gdc.cancer.gov/files/versions"))
                .withRequestBody(equalToJson("{\"ids\": [\"" + ID + "\"]}"))
                .willReturn(aResponse().withBody(answer)));
    }
}
