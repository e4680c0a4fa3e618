package org.histods.fetch;

import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.source.RemoteFile.Stated;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.histods.transport.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checksums in response headers. */
final class HeaderChecksumsTest {

    private static final String FILE = "/one.example/a.bin";

    @TempDir
    Path temp;

    private PullFixture fixture;
    private final byte[] bytes = text("the whole of the file ".repeat(100));

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static String base64(String algorithm, byte[] bytes) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(ArchiveFixtures.hex(algorithm, bytes)));
    }

    /** A header with the checksums of these bytes in place of {@code %MD5}, {@code %SHA} and {@code %HEX}. */
    private static String header(String form, byte[] of) {
        return form.replace("%MD5", base64("md5", of))
                .replace("%SHA", base64("sha256", of))
                .replace("%HEX", ArchiveFixtures.hex("md5", of));
    }

    private void serve(String... headers) {
        fixture.origin.always(FILE, (call, out) -> {
            String[] all = java.util.Arrays.copyOf(headers, headers.length + 1);
            all[headers.length] = "Content-Length: " + bytes.length;
            FakeOrigin.head(out, "200 OK", all);
            out.write(bytes);
        });
    }

    private FetchResult fetched(String pin) throws Problem {
        fixture.pull(plain(pin));
        return fixture.events.fetched.get(fixture.events.fetched.size() - 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-goog-hash: md5=%MD5            | md5 | one.example (x-goog-hash)",
                "Content-MD5: %MD5                  | md5 | one.example (Content-MD5)",
                "Content-MD5: %HEX                  | md5 | one.example (Content-MD5)",
                "x-ms-blob-content-md5: %MD5        | md5 | one.example (x-ms-blob-content-md5)",
                "ETag: \"md5:%HEX\"                 | md5 | one.example (ETag)",
                "x-amz-checksum-sha256: %SHA     | sha256 | one.example (x-amz-checksum-sha256)",
                "Repr-Digest: sha-256=:%SHA:     | sha256 | one.example (repr-digest)",
                "Digest: SHA-256=%SHA            | sha256 | one.example (digest)"
            })
    void checksumInAHeader_verifiesAndIsRecordedWithItsHostAndHeader(String header, String algorithm, String by)
            throws Exception {
        serve(header(header, bytes));

        FetchResult fetch = fetched(bare("a.bin"));

        assertEquals("verified", fetch.check());
        assertEquals("localhost:" + fixture.port + " for " + by, fetch.by());
        assertEquals(
                algorithm + ":" + ArchiveFixtures.hex(algorithm, bytes),
                fetch.file().check().against().get(0).checksum().toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-goog-hash: md5=%MD5",
                "Content-MD5: %MD5",
                "ETag: \"md5:%HEX\"",
                "x-amz-checksum-sha256: %SHA",
                "Repr-Digest: sha-256=:%SHA:"
            })
    void bytesThatDifferFromTheHeader_areWrongBytes(String header) {
        serve(header(header, text("another file")));

        Problem problem = assertThrows(Problem.class, () -> fetched(bare("a.bin")));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("one.example ("), problem.message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "x-amz-checksum-sha256: %SHA; x-amz-checksum-type: COMPOSITE",
                "x-goog-hash: md5=%MD5; x-goog-stored-content-encoding: gzip",
                "Content-MD5: nonsense; X-None: 1",
                "ETag: \"0123456789abcdef0123456789abcdef\"; X-None: 1",
                "x-goog-hash: crc32c=nonsense; X-None: 1"
            })
    void headerWithAnotherOrNoChecksum_isNotCompared(String header, String more) throws Exception {
        serve(header(header, text("another file")), more);

        assertEquals("computed", fetched(bare("a.bin")).check());
    }

    @Test
    void checksumOfAFileThatIsStoredWithoutEncoding_isCompared() throws Exception {
        serve(header("x-goog-hash: md5=%MD5", bytes), "x-goog-stored-content-encoding: identity");

        assertEquals("verified", fetched(bare("a.bin")).check());
    }

    @Test
    void publishedChecksum_outweighsTheHeader() throws Exception {
        serve(header("Content-MD5: %MD5", text("another file")));

        FetchResult fetch = fetched(pin("a.bin", bytes, "sha256"));

        assertEquals("verified", fetch.check());
        assertEquals("Publisher", fetch.by());
        assertTrue(fixture.events.notes.stream().anyMatch(note -> note.contains("Content-MD5")));
    }

    @Test
    void publishedAndHeaderChecksum_areBothRecorded() throws Exception {
        serve(header("x-goog-hash: md5=%MD5", bytes));

        assertEquals(
                2,
                fetched(pin("a.bin", bytes, "sha256")).file().check().against().size());
    }

    private static List<Stated> of(Map<String, String> headers) {
        URI url = URI.create("https://one.example/a.bin");
        return HeaderChecksums.of(new Response(200, url, List.of(), headers, 0, -1, -1, InputStream.nullInputStream()));
    }

    @Test
    void headerOfAHostThatIsNotRewritten_isNamedByTheHostAlone() {
        assertEquals(
                List.of("one.example (Content-MD5)"),
                of(Map.of("content-md5", base64("md5", bytes))).stream()
                        .map(Stated::by)
                        .toList());
    }

    @Test
    void checksumInTwoHeaders_isStatedOnce_andTwoChecksumsAreBothStated() {
        String md5 = base64("md5", bytes);
        assertEquals(
                1, of(Map.of("x-goog-hash", "md5=" + md5, "content-md5", md5)).size());
        assertEquals(
                2,
                of(Map.of("x-goog-hash", "md5=" + md5, "content-md5", base64("md5", text("another file"))))
                        .size());
    }

    @Test
    void shaInADigest_isSha1() {
        assertEquals(
                "sha1:" + ArchiveFixtures.hex("sha1", bytes),
                of(Map.of("digest", "SHA=" + base64("sha1", bytes)))
                        .get(0)
                        .checksum()
                        .toString());
    }

    @Test
    void headerOfARange_isNotUsedForTheWholeFile() throws Exception {
        String tag = "\"one\"";
        fixture.origin.next(FILE, FakeOrigin.breaksAfter(1000, bytes, tag));
        fixture.origin.always(FILE, (call, out) -> {
            int from = (int) call.from();
            byte[] rest = java.util.Arrays.copyOfRange(bytes, from, bytes.length);
            FakeOrigin.head(
                    out,
                    "206 Partial Content",
                    "ETag: " + tag,
                    "Content-Length: " + rest.length,
                    "Content-Range: bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length,
                    header("Content-MD5: %MD5", rest));
            out.write(rest);
        });

        assertEquals("computed", fetched(bare("a.bin")).check());
    }

    @Test
    void checksumOfAWebPage_isNotUsedForTheNextUrl() throws Exception {
        byte[] page = text("<!doctype html><html><body>Log in</body></html>");
        fixture.origin.always("/zenodo.org/api/records/1/files/a.bin/content", (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Length: " + page.length, header("Content-MD5: %MD5", page));
            out.write(page);
        });
        fixture.origin.always("/zenodo.org/records/1/files/a.bin?download=1", (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Length: " + bytes.length, header("Content-MD5: %MD5", bytes));
            out.write(bytes);
        });
        fixture.pull(PullFixture.manifest(
                "sources:\n  - kind: zenodo\n    record: \"1\"\n    official: true\n    files:\n" + bare("a.bin")));

        assertEquals(
                "localhost:" + fixture.port + " for zenodo.org (Content-MD5)",
                fixture.events.fetched.get(0).by());
    }
}
