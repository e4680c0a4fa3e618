package org.histods.source.gcs;

import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Objects of Google Cloud Storage that are stored with the coding gzip, as Google documents how it serves them. */
final class GcsPackedTest {

    private static final String ROOT = "/storage.googleapis.com/";

    @TempDir
    Path temp;

    private PullFixture fixture;
    private final byte[] table = text("id,label\n1,tumour\n".repeat(500));
    private byte[] packed = new byte[0];

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(table);
        }
        packed = out.toByteArray();
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    /** Serves the object, packed only to who takes it so, and lists it as the packed bytes that are stored. */
    private void stored(String name) {
        String md5 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(ArchiveFixtures.hex("md5", packed)));
        fixture.origin.put(
                ROOT + "storage/v1/b/cells/o?maxResults=1000&prefix=",
                text("{\"items\": [{\"name\": \"" + name + "\", \"size\": \"" + packed.length
                        + "\", \"contentEncoding\": \"gzip\", \"md5Hash\": \"" + md5 + "\"}]}"));
        fixture.origin.always(ROOT + "cells/" + name, (call, out) -> {
            boolean taken = "gzip".equals(call.headers().get("accept-encoding"));
            FakeOrigin.head(
                    out,
                    "200 OK",
                    "x-goog-stored-content-encoding: gzip",
                    "x-goog-stored-content-length: " + packed.length,
                    "x-goog-hash: md5=" + md5,
                    taken ? "Content-Encoding: gzip" : "Warning: 214 UploadServer gunzipped",
                    taken ? "Content-Length: " + packed.length : "X-None: 1");
            out.write(taken ? packed : table);
        });
    }

    private static ManifestFile bucket(String files) throws Problem {
        return PullFixture.manifest("sources:\n  - kind: gcs\n    record: gs://cells/\n    official: true\n" + files);
    }

    private byte[] content(String name) throws IOException {
        return fixture.files("datasets").entrySet().stream()
                .filter(file -> file.getKey().endsWith("/" + name))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private FetchResult fetch() {
        return fixture.events.fetched.get(0);
    }

    @Test
    void listedFile_isTakenAsGoogleUnpacksItAndIsNotCalledVerified() throws Exception {
        stored("table.csv");

        fixture.pull(bucket(""));

        assertArrayEquals(table, content("table.csv"));
        assertEquals("computed", fetch().check());
    }

    @Test
    void fileWhoseNameSaysGzip_isTakenPackedAndVerified() throws Exception {
        stored("table.csv.gz");

        fixture.pull(bucket(""));

        assertArrayEquals(packed, content("table.csv.gz"));
        assertEquals("verified", fetch().check());
    }

    @Test
    void pinnedChecksumOfThePackedBytes_isRefusedWithWhatToDo() {
        stored("table.csv");
        String pin = PullFixture.pin("table.csv", packed, "md5").replace("by: Publisher", "by: Google Cloud Storage");

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(bucket("    files:\n" + pin)));

        assertEquals(Problem.Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("compressed with gzip"), problem.message());
    }
}
