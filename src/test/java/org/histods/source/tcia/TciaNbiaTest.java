package org.histods.source.tcia;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.histods.digest.Algorithm;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.transport.Response;
import org.junit.jupiter.api.Test;

/** TCIA's radiology: series of a collection or of a manifest, and the list of checksums at the end of each zip. */
final class TciaNbiaTest extends SourceContract {

    private static final String API = "/services.cancerimagingarchive.net/nbia-api/services/v1/";
    private static final String ONE = "1.3.6.1.4.1.14519.5.2.1.100";
    private static final String TWO = "1.3.6.1.4.1.14519.5.2.1.101";
    private static final byte[] IMAGE = image();

    private static byte[] image() {
        byte[] bytes = new byte[200_000];
        new Random(3).nextBytes(bytes);
        return bytes;
    }

    @Override
    public String kind() {
        return "tcia";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("tcia", "Prostate Fused-MRI-Pathology").option("via", "nbia");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("mri/a.zip", ONE, null);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("tcia", "a/b").option("via", "nbia").file("a.zip", ONE, null);
    }

    @Override
    public String requested() {
        return API + "getSeries?Collection=Prostate%20Fused-MRI-Pathology&format=json";
    }

    @Override
    public String recorded() {
        return resource("tcia/series.json");
    }

    @Override
    public List<String> listed() {
        return List.of(ONE + "/" + ONE + ".zip", TWO + "/" + TWO + ".zip");
    }

    @Override
    public String recordedEmpty() {
        return "[]";
    }

    @Override
    public String withHostileName() {
        return recorded().replace(ONE, "../evil");
    }

    private static String md5(byte[] bytes) {
        Hasher hasher = Hasher.of(java.util.Set.of(Algorithm.MD5), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return java.util.Objects.requireNonNull(hasher.finish().get(Algorithm.MD5))
                .hex();
    }

    /** As the service makes it: numbered images, and then the list if there is one. */
    private static byte[] zip(String list, byte[]... images) throws IOException {
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int i = 0; i < images.length; i++) {
            members.put(String.format("%08d.dcm", i + 1), images[i]);
        }
        if (!list.isEmpty()) {
            members.put("md5hashes.csv", list.getBytes(StandardCharsets.UTF_8));
        }
        return ArchiveFixtures.streamedZip(members);
    }

    private byte[] fetched(byte[] zip) throws Exception {
        HOST.stubFor(get(urlEqualTo(API + "getImageWithMD5Hash?SeriesInstanceUID=" + ONE))
                .willReturn(aResponse().withBody(zip)));
        RemoteFile file = resolve(pinned()).get(0);
        try (Response response = source().open(file, file.uri(), 0, -1, null, transport)) {
            return response.body().readAllBytes();
        }
    }

    private Problem fault(byte[] zip) {
        IOException thrown = assertThrows(IOException.class, () -> fetched(zip));
        if (thrown.getCause() instanceof Problem problem) {
            return problem;
        }
        throw new AssertionError(thrown);
    }

    @Test
    void zip_isPassedOnByteForByteWhereItsListIsRight() throws Exception {
        byte[] small = "small".getBytes(StandardCharsets.UTF_8);
        byte[] zip = zip(
                "Filename,MD5Hash\n00000001.dcm," + md5(IMAGE) + "\n\"00000002.dcm\",\"" + md5(small) + "\"\n",
                IMAGE,
                small);

        assertArrayEquals(zip, fetched(zip));
    }

    @Test
    void imageWithAnotherChecksum_isWrongBytes() throws Exception {
        Problem problem = fault(zip("Filename,MD5Hash\n00000001.dcm,00000000000000000000000000000000\n", IMAGE));

        assertEquals(Kind.WRONG_BYTES, problem.kind());
        assertTrue(
                problem.message().contains("00000001.dcm") && problem.message().contains(md5(IMAGE)),
                problem.message());
    }

    @Test
    void imageThatTheListLacksOrThatLacks_isWrongBytes() throws Exception {
        String line = "00000001.dcm," + md5(IMAGE) + "\n";

        assertEquals(
                Kind.WRONG_BYTES,
                fault(zip("Filename,MD5Hash\n" + line, IMAGE, IMAGE)).kind());
        assertEquals(
                Kind.WRONG_BYTES,
                fault(zip("Filename,MD5Hash\n" + line + line.replace("1.dcm", "2.dcm"), IMAGE))
                        .kind());
    }

    @Test
    void zipWithoutItsList_isIncomplete() throws Exception {
        Problem problem = fault(zip("", IMAGE));

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("md5hashes.csv"), problem.message());
    }

    @Test
    void unreadableLineOfTheList_isWrongBytes() throws Exception {
        assertEquals(
                Kind.WRONG_BYTES,
                fault(zip("Filename,MD5Hash\n00000001.dcm," + md5(IMAGE) + "\n00000002.dcm,none\n", IMAGE))
                        .kind());
    }

    @Test
    void zipThatBreaksOff_isABrokenTransferAndNotWrongBytes() throws Exception {
        byte[] zip = zip("Filename,MD5Hash\n00000001.dcm," + md5(IMAGE) + "\n", IMAGE);

        IOException broken = assertThrows(IOException.class, () -> fetched(Arrays.copyOf(zip, 100_000)));

        assertTrue(!(broken.getCause() instanceof Problem), broken.toString());
    }

    @Test
    void otherThanAZip_isPassedOnSoThatItCanBeNamed() throws Exception {
        byte[] page = "<html>Sorry".getBytes(StandardCharsets.UTF_8);

        assertArrayEquals(page, fetched(page));
    }

    @Test
    void zipOfNothing_isNotTakenForASeries() throws Exception {
        assertEquals(Kind.NETWORK, fault(zip("")).kind());
    }

    @Test
    void manifest_namesItsSeries() throws Problem {
        stub(
                "/www.cancerimagingarchive.net/wp-content/uploads/a.tcia",
                200,
                "downloadServerUrl=https://nbia.cancerimagingarchive.net/x\r\nincludeAnnotation=true\r\n"
                        + "manifestVersion=3.0\r\nListOfSeriesToDownload=\r\n" + TWO + "\r\n" + ONE + "\r\n" + ONE
                        + "\r\n");

        List<RemoteFile> files = resolve(
                unpinned().option("manifest", "https://www.cancerimagingarchive.net/wp-content/uploads/a.tcia"));

        assertEquals(List.of(listed().get(1), listed().get(0)), paths(files));
    }

    @Test
    void manifestWithALineThatIsNotASeries_isRefused() {
        for (String text :
                List.of("ListOfSeriesToDownload=\n" + ONE + "\nabc\n", "<html>", "ListOfSeriesToDownload=\n")) {
            stub("/www.cancerimagingarchive.net/a.tcia", 200, text);

            Problem problem = refused(unpinned().option("manifest", "https://www.cancerimagingarchive.net/a.tcia"));

            assertTrue(problem.message().contains("a.tcia"), problem.message());
        }
    }

    @Test
    void pinnedFileWithoutItsSeries_isUsage() {
        assertEquals(
                Kind.USAGE,
                refused(unpinned().file("a.zip", "the second", null)).kind());
    }
}
