package org.histods.fetch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.testing.ArchiveFixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the file is the body as sent or the decoded one, without a host. */
final class EncodedBodyDecisionTest {

    private static final byte[] PLAIN = ArchiveFixtures.noise(200_000, 1);
    private static final byte[] PACKED = gzip(PLAIN);
    private static final byte[] OTHER = ArchiveFixtures.noise(100, 2);

    @TempDir
    Path folder;

    private final AtomicLong counted = new AtomicLong();

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }

    private static Checksum sha256(byte[] bytes) {
        return Checksum.parse("sha256:" + ArchiveFixtures.hex("sha256", bytes));
    }

    private static RemoteFile file(String path, Checksum... published) {
        return RemoteFile.of(
                new FilePath(path),
                URI.create("https://one.example/" + path),
                null,
                Stream.of(published).map(sum -> new Stated(sum, "Zenodo")).toList());
    }

    private Path aside() {
        return folder.resolve("aside");
    }

    private EncodedBody body(RemoteFile file, String coding, Path aside) {
        return new EncodedBody(file, coding, aside, cause -> new Problem(Problem.Kind.WRONG_BYTES, cause));
    }

    private EncodedBody stored(RemoteFile file, String coding, byte[] sent) throws Exception {
        EncodedBody body = body(file, coding, aside());
        body.store(new ByteArrayInputStream(sent), counted::addAndGet);
        return body;
    }

    private boolean decodes(RemoteFile file, String coding, byte[] sent) throws Exception {
        return stored(file, coding, sent).mustDecode();
    }

    private String refused(RemoteFile file, String coding, byte[] sent) {
        return assertThrows(Problem.class, () -> decodes(file, coding, sent)).message();
    }

    // Storing

    @Test
    void wholeBody_isStoredAndCounted_andCanBeReadBothWays() throws Exception {
        EncodedBody body = stored(file("a.csv"), "gzip", PACKED);
        assertArrayEquals(PACKED, Files.readAllBytes(aside()));
        assertEquals(PACKED.length, counted.get());
        try (InputStream raw = body.open(false);
                InputStream decoded = body.open(true)) {
            assertArrayEquals(PACKED, raw.readAllBytes());
            assertArrayEquals(PLAIN, decoded.readAllBytes());
        }
    }

    @Test
    void otherCoding_isStoredOnlyIfAChecksumIsPublished() throws Exception {
        stored(file("a.csv", sha256(PACKED)), "br", PACKED);
        assertEquals(PACKED.length, counted.get());
        String message = refused(file("a.csv"), "br", PACKED);
        assertTrue(message.contains("content coding br, which was not requested and is not supported"), message);
        assertEquals(PACKED.length, counted.get());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void fullDisk_isAProblemOfTheDisk() {
        EncodedBody body = body(file("a.csv"), "gzip", Path.of("/dev/full"));
        Problem problem =
                assertThrows(Problem.class, () -> body.store(new ByteArrayInputStream(PACKED), counted::addAndGet));
        assertEquals(Problem.Kind.DISK, problem.kind());
    }

    // Deciding by checksums

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip"})
    void checksum_decides_whateverTheName(String coding) throws Exception {
        for (String name : List.of("a.csv", "a.gz")) {
            assertTrue(decodes(file(name, sha256(PLAIN)), coding, PACKED));
            assertFalse(decodes(file(name, sha256(PACKED)), coding, PACKED));
        }
    }

    @Test
    void checksumOfTheBodyAsSent_isEnoughInAnyCoding() throws Exception {
        assertFalse(decodes(file("a.csv", sha256(OTHER)), "br", OTHER));
        assertFalse(decodes(file("a.csv", sha256(OTHER)), "gzip", OTHER));
    }

    @Test
    void checksumOfNeither_isRefused_withWhatWasCompared() {
        assertEquals(
                "the host sent it in the content coding gzip, and neither the bytes as sent nor the decoded ones match"
                        + " what is published about the file",
                refused(file("a.csv", sha256(OTHER)), "gzip", PACKED));
        assertEquals(
                "the host sent it in the content coding br, and the bytes do not match what is published about the file",
                refused(file("a.csv", sha256(OTHER)), "br", PACKED));
    }

    /** Of a hundred bytes there is no upload in three parts. */
    @Test
    void checksumThatCannotBeCompared_confirmsNothing() throws Exception {
        Checksum threeParts = Checksum.parse("s3-etag:" + "0a".repeat(16) + "-3");
        assertTrue(decodes(file("a.csv", threeParts), "gzip", gzip(OTHER)));
        String message = refused(file("a.csv", threeParts), "br", OTHER);
        assertTrue(message.contains("no published checksum can confirm the bytes"), message);
    }

    @Test
    void oneOfSeveralChecksumsThatDiffers_isRefused() {
        Checksum md5 = Checksum.parse("md5:" + ArchiveFixtures.hex("md5", PLAIN));
        refused(file("a.csv", md5, sha256(OTHER)), "gzip", PACKED);
        refused(file("a.csv", sha256(PLAIN), sha256(PACKED)), "gzip", PACKED);
    }

    @Test
    void checksumThatFits_butNotTheStatedSize_isRefused() {
        refused(file("a.csv", sha256(PLAIN)).withBytes((long) PACKED.length), "gzip", PACKED);
        refused(file("a.csv", sha256(PACKED)).withBytes((long) PLAIN.length), "gzip", PACKED);
    }

    // Deciding by sizes

    @Test
    void statedSize_decides_whateverTheName() throws Exception {
        for (String name : List.of("a.csv", "a.gz")) {
            assertTrue(decodes(file(name).withBytes((long) PLAIN.length), "gzip", PACKED));
            assertFalse(decodes(file(name).withBytes((long) PACKED.length), "gzip", PACKED));
        }
    }

    @Test
    void statedSizeOfNeither_isRefused() {
        refused(file("a.csv").withBytes(PLAIN.length - 1L), "gzip", PACKED);
        refused(file("a.csv").withBytes(PACKED.length + 1L), "gzip", PACKED);
    }

    // Deciding by names

    @ParameterizedTest
    @CsvSource({"a.csv,true", "a,true", "gz.csv,true", "a.gz,false", "a.csv.GZ,false", "a.tgz,false", "x.gz/a,true"})
    void nameOfACompressedFile_isStoredAsSent(String name, boolean decodes) throws Exception {
        assertEquals(decodes, decodes(file(name), "gzip", PACKED));
    }

    @Test
    void compressedFileThatWasCompressedAgain_isDecodedOnce() throws Exception {
        assertTrue(decodes(file("a.gz"), "gzip", gzip(PACKED)));
    }

    /** Only both bytes of the signature mark a gzip file. */
    @ParameterizedTest
    @CsvSource({"1f78", "788b", "1f", "''"})
    void decodedBodyThatOnlyResemblesAGzipFile_isNone(String start) throws Exception {
        byte[] bytes = HexFormat.of().parseHex(start);
        assertFalse(decodes(file("a.gz"), "gzip", gzip(bytes)));
    }

    // Bodies that are not what they state

    @Test
    void bodyThatIsNotInItsCoding_isTheFileOnlyIfItsSizeIsStatedAndRight() throws Exception {
        assertFalse(decodes(file("a.csv").withBytes((long) OTHER.length), "gzip", OTHER));
        for (RemoteFile file :
                List.of(file("a.csv"), file("a.csv").withBytes(OTHER.length + 1L), file("a.csv", sha256(PLAIN)))) {
            assertTrue(refused(file, "gzip", OTHER)
                    .startsWith("the content coding is stated as gzip, but the body is not"));
        }
    }

    @Test
    void bodyThatEndsTooEarly_isAnErrorOfTheConnection() throws Exception {
        EncodedBody body = stored(file("a.csv"), "gzip", Arrays.copyOf(PACKED, PACKED.length / 2));
        assertThrows(EOFException.class, body::mustDecode);
    }
}
