package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.histods.testing.InstalledPrograms;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The Python package's own tests, with the built program. In the CI, Python must be installed. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class PythonPackageIT {

    @TempDir
    Path folder;

    private int python(Path out, String... arguments) throws IOException, InterruptedException {
        Path project = Program.project().toAbsolutePath().normalize();
        List<String> command = new java.util.ArrayList<>(List.of("python3", "-B"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(project.resolve("python").toFile());
        builder.environment().put("HISTODS_PROGRAM", project.resolve("histods").toString());
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("XDG_CACHE_HOME", Program.classes().toString());
        builder.environment().remove("HISTODS_MIRROR");
        return builder.redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start()
                .waitFor();
    }

    @Test
    void itsTests_pass() throws Exception {
        InstalledPrograms.assumeUnlessCi("python3");
        Path out = folder.resolve("out");
        int exit = python(out, "-m", "unittest", "discover", "-s", "tests");
        assertEquals(0, exit, () -> read(out));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
