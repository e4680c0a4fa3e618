package org.histods.source.tcia;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.transport.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** PathDB, from which images can also be downloaded; {@link TciaFaspexTest} has the packages. */
final class TciaSourceTest extends SourceContract {

    private static final String PATHDB = "/pathdb.cancerimagingarchive.net/";
    private static final String IMAGE = "https://pathdb.cancerimagingarchive.net/system/files/wsi/ross/x.tiff";

    @BeforeEach
    void lastPage() {
        stub(PATHDB + "listofimages/18?_format=json&page=1", 200, "[]");
    }

    @Override
    public String kind() {
        return "tcia";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("tcia", "osteosarcoma-tumor-assessment")
                .option("collection", "Osteosarcoma-UT")
                .option("tid", "18")
                .option("via", "pathdb");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("x.tiff", IMAGE, null);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("tcia", "https://www.cancerimagingarchive.net/collection/x/")
                .file("x.tiff", IMAGE, null);
    }

    @Override
    public String requested() {
        return PATHDB + "listofimages/18?_format=json&page=0";
    }

    @Override
    public String recorded() {
        return resource("tcia/pathdb-0.json");
    }

    @Override
    public List<String> listed() {
        return List.of("Osteosarcoma-UT/set1/a b.tiff", "Osteosarcoma-UT/set1/c.tiff");
    }

    @Override
    public String recordedEmpty() {
        return "[]";
    }

    @Override
    public String withHostileName() {
        return recorded().replaceFirst("Osteosarcoma-UT/set1/a%20b.tiff", "%2e%2e/evil");
    }

    private Response open(String uri) throws Problem {
        RemoteFile file = resolve(unpinned().file("x.tiff", uri, null)).get(0);
        return source().open(file, file.uri(), 0, -1, null, transport);
    }

    @Test
    void image_hasItsUrlAndNoChecksum() throws Problem {
        stub(requested(), 200, recorded());

        RemoteFile file = resolve(unpinned()).get(0);

        assertEquals(
                "https://pathdb.cancerimagingarchive.net/system/files/wsi/ross/Osteosarcoma-UT/set1/a%20b.tiff",
                file.uri().toString());
        assertEquals(null, file.bytes());
        assertTrue(file.checksums().isEmpty());
    }

    @Test
    void collectionWithoutNumber_isFoundByItsNameHoweverItIsWritten() throws Problem {
        stub(
                PATHDB + "collections?_format=json",
                200,
                "[{\"name\": [{\"value\": \"Other\"}], \"tid\": [{\"value\": 17}]},"
                        + " {\"name\": [{\"value\": \"OSTEOSARCOMA_UT\"}], \"tid\": [{\"value\": 18}]}]");
        stub(requested(), 200, recorded());

        SpecBuilder spec = SpecBuilder.spec("tcia", "x")
                .option("collection", "Osteosarcoma-UT")
                .option("via", "pathdb");

        assertEquals(2, resolve(spec).size());
        Problem problem = refused(
                SpecBuilder.spec("tcia", "x").option("collection", "Osteo").option("via", "pathdb"));
        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("OSTEOSARCOMA_UT"), problem.message());
    }

    @Test
    void samePageAgain_isNotFollowedForEver() {
        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withBody(recorded())));

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void emptyImage_isWrongBytes() {
        stub("/pathdb.cancerimagingarchive.net/system/files/wsi/ross/x.tiff", 200, "");

        assertEquals(
                Kind.WRONG_BYTES, assertThrows(Problem.class, () -> open(IMAGE)).kind());
    }

    @Test
    void image_isPassedOnUnchanged() throws Problem, IOException {
        stub("/pathdb.cancerimagingarchive.net/system/files/wsi/ross/x.tiff", 200, "ab");

        try (Response response = open(IMAGE)) {
            assertArrayEquals(new byte[] {'a', 'b'}, response.body().readAllBytes());
        }
    }

    @Test
    void otherWay_isUsage() {
        Problem problem = refused(SpecBuilder.spec("tcia", "x").option("via", "aspera"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("options.via"), problem.message());
    }
}
