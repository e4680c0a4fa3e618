package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.histods.testing.FakeOrigin;
import org.histods.testing.ProgramRunner;
import org.histods.testing.SparseZip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Listing a zip of 2 GB at a host, and fetching one file from it. */
final class RemoteZipIT {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private Program histods;
    private FakeOrigin origin;
    private SparseZip zip;
    private long packed;
    private long directory;
    private String manifest;

    @BeforeEach
    void serve() throws Exception {
        histods = new Program(folder);
        origin = new FakeOrigin();
        zip = new SparseZip(folder.resolve("big.zip"));
        zip.hole("slides/a.svs", 1_100_000_000L);
        packed = zip.add("tiles/1.png", SparseZip.noise(400_000, 1));
        zip.hole("slides/b.svs", 1_000_000_000L);
        directory = zip.finish();
        origin.always("/one.example/big.zip", zip.host("\"v1\""));
        manifest = Files.writeString(folder.resolve("toy.yaml"), """
                        id: toy
                        title: A toy
                        version: "1"
                        license: { spdx: CC0-1.0 }
                        access: { status: open }
                        sources:
                          - kind: http
                            record: https://one.example/
                            official: true
                            files:
                              - path: big.zip
                                bytes: %d
                                sums:
                                  - { sum: "md5:00000000000000000000000000000000", by: Publisher }
                        """.formatted(zip.size()))
                .toString();
    }

    @AfterEach
    void end() throws IOException {
        origin.close();
        zip.close();
    }

    private ProgramRunner.Result run(String... words) throws Exception {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--route";
        all[words.length + 1] = "*=http://127.0.0.1:" + origin.port() + "/{host}";
        return histods.run(all);
    }

    @Test
    void showThenDryRunThenPullThenRepair_transferOnlyWhatTheyNeed() throws Exception {
        ProgramRunner.Result shown = run("show", manifest, "--files", "--json");
        assertEquals(0, shown.exit(), shown.err());
        JsonNode archive = JSON.readTree(shown.lines().get(1));
        assertEquals(3, archive.path("members").size());
        assertEquals(
                "slides/a.svs", archive.path("members").path(0).path("path").asString(""));
        assertEquals(packed, archive.path("members").path(1).path("packed").asLong());
        assertTrue(zip.sent() < 4000, zip.sent() + "");

        ProgramRunner.Result dry = run("pull", manifest, "--only", "tiles/*", "--dry-run", "--json");
        assertEquals(0, dry.exit(), dry.err());
        long planned = JSON.readTree(dry.out().lines().findFirst().orElse(""))
                .path("bytes")
                .asLong();
        assertTrue(planned >= packed && planned <= packed * 1.05, planned + "");

        zip.forget();
        ProgramRunner.Result pulled = run("pull", manifest, "--only", "tiles/*");
        assertEquals(0, pulled.exit(), pulled.err());
        assertTrue(pulled.err().contains("not compared with the archive's checksum"), pulled.err());
        assertTrue(zip.sent() <= packed * 1.05 + directory, zip.sent() + "");
        Path file = Path.of(pulled.out().strip()).resolve("tiles/1.png");
        assertArrayEquals(SparseZip.noise(400_000, 1), Files.readAllBytes(file));
        ProgramRunner.Result provenance = histods.run("provenance", "toy");
        assertEquals(0, provenance.exit(), provenance.err());
        assertTrue(provenance.out().contains("not compared: the checksum of the archive"), provenance.out());

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(file, "damaged");
        zip.forget();
        ProgramRunner.Result repaired = run("verify", "toy", "--repair");
        assertEquals(0, repaired.exit(), repaired.out() + repaired.err());
        assertTrue(zip.sent() <= packed * 1.05 + directory, zip.sent() + "");
        assertArrayEquals(SparseZip.noise(400_000, 1), Files.readAllBytes(file));
    }

    @Test
    void wordThatMatchesNothing_isWrongUsageWithASimilarPath() throws Exception {
        ProgramRunner.Result run = run("pull", manifest, "--only", "tile/*.png");
        assertEquals(2, run.exit(), run.err());
        assertTrue(run.err().contains("similar: tiles/*.png"), run.err());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
        assertEquals("", run.out());
    }
}
