package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.histods.testing.FakeOrigin;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A host that states no length, so that a response which was cut looks like a complete one: every command that says what is
 * known of the file also says that its length is not confirmed.
 */
final class UnconfirmedEndTest {

    private static final String NOT_CONFIRMED =
            "length not confirmed: the host states none, so that the file may be incomplete";

    private static final String REPEATED = "length not confirmed: the host states none, but sent the same bytes twice";

    @TempDir
    Path folder;

    private ProgramRunner histods() throws Exception {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        Files.writeString(manifests.resolve("toy.yaml"), """
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
                      - path: cut.csv
                      - path: same.csv
                      - path: tiles.zip
                """);
        return new ProgramRunner(folder, manifests);
    }

    private static FakeOrigin.Script withoutLength(byte[] bytes) {
        return (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Type: application/octet-stream");
            out.write(bytes);
        };
    }

    private static byte[] zip() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.putNextEntry(new ZipEntry("tiles/1.tif"));
            out.write(bytes("a tile"));
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Pulls a file whose second response is another one, a file that is sent twice, and an archive like the latter. */
    private String pull(ProgramRunner histods) throws Exception {
        try (FakeOrigin origin = new FakeOrigin()) {
            origin.always("/one.example/cut.csv", withoutLength(bytes("slide,label\n2,0\n")));
            origin.next("/one.example/cut.csv", withoutLength(bytes("slide,label\n1,1\n")));
            origin.always("/one.example/same.csv", withoutLength(bytes("slide,fold\n1,1\n")));
            origin.always("/one.example/tiles.zip", withoutLength(zip()));
            return histods.ran(0, "pull", "toy", "--json", "--route", "*=http://localhost:" + origin.port() + "/{host}")
                    .out();
        }
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ");
    }

    @Test
    void pullAsJson_says_whatIsKnownOfTheEnd() throws Exception {
        for (String line : pull(histods()).lines().toList()) {
            JsonNode event = new JsonMapper().readTree(line);
            if (event.path("event").asString("").equals("file")) {
                assertEquals(
                        event.path("path").asString("").equals("cut.csv") ? "not-confirmed" : "repeated",
                        event.path("end").asString(""),
                        line);
                assertEquals("computed", event.path("check").asString(""), line);
            }
        }
    }

    @Test
    void verify_namesTheFilesWhoseLengthIsNotConfirmed_alsoIfAllBytesAreRead() throws Exception {
        ProgramRunner histods = histods();
        pull(histods);
        for (String[] verify : new String[][] {{"verify"}, {"verify", "toy", "--full"}, {"verify", "--quick"}}) {
            String out = histods.ran(0, verify).out();
            assertTrue(out.contains("  cut.csv: " + NOT_CONFIRMED + "\n"), out);
            assertTrue(out.contains("  same.csv: " + REPEATED + "\n"), out);
            assertTrue(out.contains("  tiles.zip: " + REPEATED), out);
        }
        String json = histods.ran(0, "verify", "--json").out();
        assertTrue(json.contains("\"unconfirmed\":[\"cut.csv\",\"same.csv\",\"tiles.zip\"]"), json);
    }

    @Test
    void audit_listsThemUnderNotChecked() throws Exception {
        ProgramRunner histods = histods();
        pull(histods);
        Path project = Files.createDirectories(folder.resolve("project"));
        histods.ran(project, 0, "init");
        histods.ran(project, 0, "add", "toy", "--role", "train");
        histods.ran(project, 0, "lock");
        for (String[] audit : new String[][] {{"audit"}, {"audit", "--verify"}}) {
            String out = oneLine(histods.ran(project, 0, audit).out());
            String unchecked = out.substring(out.indexOf("Not checked"));
            assertTrue(unchecked.contains("toy: cut.csv: " + NOT_CONFIRMED), out);
            assertTrue(unchecked.contains("toy: same.csv: " + REPEATED), out);
        }
    }

    @Test
    void identifyAndProvenance_sayIt_alsoOfAFileFromAnArchive() throws Exception {
        ProgramRunner histods = histods();
        pull(histods);
        Path data = folder.resolve("mirror/datasets/toy/1/data");
        String[][] expected = {
            {"cut.csv", NOT_CONFIRMED}, {"same.csv", REPEATED}, {"tiles/1.tif", REPEATED},
        };
        for (String[] one : expected) {
            Path file = data.resolve(one[0]);
            for (String[] command : new String[][] {{"identify", file.toString()}, {"provenance", "toy", one[0]}}) {
                String out = oneLine(histods.ran(0, command).out());
                assertTrue(out.contains(one[1]), out);
                assertFalse(out.contains("verified"), out);
            }
            String json = histods.ran(0, "identify", "--json", file.toString()).out();
            String end = one[1].equals(REPEATED) ? "repeated" : "not-confirmed";
            assertTrue(json.contains("\"end\":\"" + end + "\""), json);
        }
    }
}
