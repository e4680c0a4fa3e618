package org.histods.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Programs that some tests need and that a machine may lack. */
public final class InstalledPrograms {

    private InstalledPrograms() {}

    /** Skips the test if the program is not on {@code PATH}. */
    public static void assume(String program) {
        assumeTrue(has(program), program + " is not installed");
    }

    /** Skips the test if the program is not on {@code PATH}; in the CI, which installs it, the test goes on and fails. */
    public static void assumeUnlessCi(String program) {
        assumeTrue(has(program) || "true".equals(System.getenv("CI")), program + " is not installed");
    }

    private static boolean has(String program) {
        return Arrays.stream(
                        System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder).resolve(program)));
    }
}
