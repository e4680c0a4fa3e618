package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The script in {@code action.yml}, run as GitHub's runner runs it. */
final class AuditActionIT {

    @TempDir
    Path folder;

    private int run(String script, String failOn) throws Exception {
        Path project = Program.project().toAbsolutePath().normalize();
        ProcessBuilder builder = new ProcessBuilder(
                        List.of("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script))
                .directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("HISTODS_"));
        builder.environment().put("GITHUB_ACTION_PATH", project.toString());
        builder.environment().put("GITHUB_OUTPUT", folder.resolve("output").toString());
        builder.environment()
                .put("GITHUB_STEP_SUMMARY", folder.resolve("summary").toString());
        builder.environment().put("RUNNER_TEMP", folder.toString());
        builder.environment().put("PROJECT", ".");
        builder.environment().put("PURPOSE", "");
        builder.environment().put("FAIL_ON", failOn);
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().put("XDG_CACHE_HOME", Program.classes().toString());
        builder.environment().put("HISTODS_MIRROR", folder.resolve("mirror").toString());
        return builder.redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start()
                .waitFor();
    }

    @Test
    void findings_areReportedBeforeTheStepThatFails() throws Exception {
        String script = "";
        for (JsonNode step : new YAMLMapper()
                .readTree(Program.project().resolve("action.yml").toFile())
                .at("/runs/steps")) {
            script = step.path("id").asString("").equals("audit")
                    ? step.path("run").asString("")
                    : script;
        }
        Files.createDirectories(folder.resolve("home"));
        Files.writeString(folder.resolve("histods.yaml"), """
                datasets:
                  - { id: kumar-2017, role: train }
                  - { id: monuseg, role: test }
                """);
        assertEquals(0, run(script, "error"), () -> read("log"));
        assertTrue(read("output").contains("sarif=" + folder.resolve("histods-audit.sarif")), read("output"));
        assertTrue(read("output").contains("code=3"), read("output"));
        assertTrue(read("histods-audit.sarif").contains("\"ruleId\" : \"shared-files\""), read("log"));
        assertTrue(read("summary").contains("ERROR  shared-files"), read("summary"));
        assertEquals(2, run(script, "sometimes"), () -> read("log"));
    }

    private String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
