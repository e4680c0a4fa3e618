package org.histods.fetch;

import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Responses with a content coding that was not requested. */
final class EncodedBodyTest {

    private static final String HOST = "/one.example/";

    @TempDir
    Path temp;

    private PullFixture fixture;
    private final byte[] bytes = text("id,label\n1,tumour\n".repeat(5000));
    private final byte[] zipped = gzip(bytes);

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static FakeOrigin.Script coded(String coding, byte[] body) {
        return (call, out) -> {
            FakeOrigin.head(
                    out,
                    "200 OK",
                    "Content-Encoding: " + coding,
                    "Content-Length: " + body.length,
                    "Accept-Ranges: bytes",
                    "ETag: \"coded\"");
            out.write(body);
        };
    }

    private static String sized(String path, long size) {
        return bare(path) + "        bytes: " + size + "\n";
    }

    /** The only file of the bag after a pull from a host that sends this body with that coding. */
    private byte[] stored(String path, String coding, byte[] body, String pin) throws Problem, IOException {
        fixture.origin.always(HOST + path, coded(coding, body));
        fixture.pull(plain(pin));
        return stored("/" + path);
    }

    private byte[] stored(String ending) throws IOException {
        return fixture.files("datasets").entrySet().stream()
                .filter(file -> file.getKey().endsWith(ending))
                .map(file -> file.getValue().getBytes(StandardCharsets.ISO_8859_1))
                .findFirst()
                .orElseThrow();
    }

    private FetchResult fetch() {
        return fixture.events.fetched.get(fixture.events.fetched.size() - 1);
    }

    private Problem refused(String pin) {
        return assertThrows(Problem.class, () -> fixture.pull(plain(pin)));
    }

    @Test
    void checksumOfTheDecodedBody_storesItVerifiedAndRecordsThatItWasDecoded() throws Exception {
        assertArrayEquals(bytes, stored("a.csv", "gzip", zipped, pin("a.csv", bytes, "sha256")));

        assertEquals("verified", fetch().check());
        assertEquals("gzip", fetch().file().origin().decoded());
        assertEquals(
                "gzip",
                Objects.requireNonNull(fetch().file().origin().response())
                        .headers()
                        .get("content-encoding"));
        assertEquals(zipped.length, fetch().file().origin().transferred());
        assertEquals(bytes.length, fetch().file().bytes());
    }

    @Test
    void awsChunkedCoding_isIgnored() throws Exception {
        assertArrayEquals(bytes, stored("a.csv", "aws-chunked", bytes, sized("a.csv", bytes.length)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "br", "zstd", "x-own"})
    void checksumOfTheBodyAsSent_storesItAsSent(String coding) throws Exception {
        assertArrayEquals(zipped, stored("a.csv", coding, zipped, pin("a.csv", zipped, "md5")));

        assertEquals("verified", fetch().check());
        assertNull(fetch().file().origin().decoded());
    }

    @Test
    void checksumOfNeither_isWrongBytes() {
        fixture.origin.always(HOST + "a.csv", coded("gzip", zipped));

        Problem problem = refused(pin("a.csv", text("another"), "sha256"));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("content coding gzip"), problem.message());
    }

    @Test
    void nothingPublished_isDecoded() throws Exception {
        assertArrayEquals(bytes, stored("a.csv", "GZIP", zipped, bare("a.csv")));

        assertEquals("computed", fetch().check());
        assertEquals("gzip", fetch().file().origin().decoded());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.csv.gz", "a.SVGZ"})
    void nameWithAGzipExtension_isStoredAsSent(String path) throws Exception {
        assertArrayEquals(zipped, stored(path, "gzip", zipped, bare(path)));

        assertNull(fetch().file().origin().decoded());
    }

    @Test
    void nameWithAGzipExtension_compressedTwice_isDecodedOnce() throws Exception {
        assertArrayEquals(zipped, stored("a.csv.gz", "gzip", gzip(zipped), bare("a.csv.gz")));
    }

    @Test
    void statedSizeOfTheBodyAsSent_outweighsTheName() throws Exception {
        assertArrayEquals(zipped, stored("a.csv", "gzip", zipped, sized("a.csv", zipped.length)));
    }

    @Test
    void statedSizeOfTheDecodedBody_outweighsTheName() throws Exception {
        assertArrayEquals(bytes, stored("b.gz", "gzip", zipped, sized("b.gz", bytes.length)));
    }

    @Test
    void statedSizeOfNeither_isRefused() {
        fixture.origin.always(HOST + "a.csv", coded("gzip", zipped));

        assertEquals(Problem.Kind.WRONG_BYTES, refused(sized("a.csv", 7)).kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "deflate", "gzip, br"})
    void otherCodingWithoutAChecksum_isRefusedByName(String coding) {
        fixture.origin.always(HOST + "a.csv", coded(coding, zipped));

        Problem problem = refused(sized("a.csv", zipped.length));

        assertTrue(problem.message().contains("content coding " + coding), problem.message());
    }

    @Test
    void bodyThatDecodesToFarMoreThanItIs_isRefused() throws Exception {
        byte[] zeros = new byte[1 << 20];
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 110; i++) {
                out.write(zeros);
            }
        }
        fixture.origin.always(HOST + "a.csv", coded("gzip", bomb.toByteArray()));

        Problem problem = refused(bare("a.csv"));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("the limit is 1000 to 1"), problem.message());
    }

    @Test
    void bodyThatIsNotInItsCoding_isRefused() {
        fixture.origin.always(HOST + "a.csv", coded("gzip", bytes));

        assertTrue(refused(bare("a.csv")).message().contains("the body is not in it"));
    }

    @Test
    void bodyThatIsNotInItsCoding_isTheFileIfItHasItsStatedSize() throws Exception {
        assertArrayEquals(bytes, stored("a.csv", "gzip", bytes, sized("a.csv", bytes.length)));

        assertNull(fetch().file().origin().decoded());
    }

    @Test
    void bodyThatIsNotInItsCoding_andOfAnotherSize_isRefused() {
        fixture.origin.always(HOST + "a.csv", coded("gzip", bytes));

        assertEquals(
                Problem.Kind.WRONG_BYTES,
                refused(sized("a.csv", bytes.length - 1)).kind());
    }

    @Test
    void truncatedEncodedBody_isFetchedAgain() throws Exception {
        fixture.origin.next(HOST + "a.csv", coded("gzip", Arrays.copyOf(zipped, zipped.length / 2)));

        assertArrayEquals(bytes, stored("a.csv", "gzip", zipped, bare("a.csv")));
    }

    /** Where the encoded bytes end, they say so themselves. */
    @Test
    void encodedBodyWithoutLength_isDecodedAndNotRequestedAgain() throws Exception {
        fixture.origin.always(HOST + "a.csv", (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Encoding: gzip");
            out.write(zipped);
        });

        fixture.pull(plain(bare("a.csv")));

        assertArrayEquals(bytes, stored("/a.csv"));
        assertEquals(1, fixture.origin.calls(HOST + "a.csv").size());
    }

    @Test
    void encodedRest_isNotJoinedButFetchedFromTheStart() throws Exception {
        fixture.origin.next(HOST + "a.csv", FakeOrigin.breaksAfter(1000, bytes, "\"plain\""));

        assertArrayEquals(bytes, stored("a.csv", "gzip", zipped, pin("a.csv", bytes, "sha256")));

        assertEquals(3, fixture.origin.calls(HOST + "a.csv").size());
        assertNull(fixture.origin.calls(HOST + "a.csv").get(2).range());
    }

    @Test
    void encodedArchive_isDecodedAndUnpacked() throws Exception {
        byte[] packed = ArchiveFixtures.tarGz(ArchiveFixtures.members("in/x.txt", text("a slide")));
        fixture.origin.always(HOST + "a.tar.gz", coded("gzip", gzip(packed)));

        fixture.pull(plain(pin("a.tar.gz", packed, "sha256")));

        assertArrayEquals(text("a slide"), stored("in/x.txt"));
        assertEquals("gzip", fetch().file().origin().decoded());
    }
}
