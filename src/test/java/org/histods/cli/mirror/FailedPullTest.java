package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.testing.FakeOrigin;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A pull that fails never reports success, however much of the dataset arrived. */
final class FailedPullTest {

    @TempDir
    Path folder;

    private static final String MANIFEST = """
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
                  - path: good.txt
                  - path: bad.txt
            """;

    private ProgramRunner.Result pull(FakeOrigin origin, String... more) throws Exception {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        Files.writeString(manifests.resolve("toy.yaml"), MANIFEST);
        origin.put("/one.example/good.txt", "good".getBytes(StandardCharsets.UTF_8));
        String[] command = {"pull", "toy", "--route", "*=http://localhost:" + origin.port() + "/{host}"};
        String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
        System.arraycopy(more, 0, all, command.length, more.length);
        return new ProgramRunner(folder, manifests).run(all);
    }

    @ParameterizedTest
    @CsvSource({"404 Not Found, 4", "403 Forbidden, 3", "200 OK, 5"})
    void oneFileOfTwo_isNamedAndTheExitCodeSaysWhoCanAct(String status, int exit) throws Exception {
        try (FakeOrigin origin = new FakeOrigin()) {
            origin.always("/one.example/bad.txt", FakeOrigin.status(status, "<!doctype html><html></html>"));
            ProgramRunner.Result result = pull(origin);
            assertEquals(exit, result.exit(), result.err());
            assertTrue(result.err().contains("bad.txt"), result.err());
            assertFalse(Files.exists(folder.resolve("mirror/datasets")));
        }
    }

    @Test
    void json_endsWithTheProblemAndIsNotDone() throws Exception {
        try (FakeOrigin origin = new FakeOrigin()) {
            List<String> lines = pull(origin, "--json").out().lines().toList();
            JsonMapper json = new JsonMapper();
            JsonNode last = json.readTree(lines.get(lines.size() - 1));
            assertEquals("problem", last.path("event").asString(""));
            assertEquals(4, last.path("exit").asInt());
            assertTrue(last.path("attempts").size() > 0, last.toString());
            for (String line : lines) {
                assertNotEquals("done", json.readTree(line).path("event").asString(""));
            }
        }
    }
}
