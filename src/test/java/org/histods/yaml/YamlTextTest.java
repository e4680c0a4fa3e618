package org.histods.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class YamlTextTest {

    /** Texts that are expensive to parse, as long as asked for. */
    private static String text(String kind, int length) {
        StringBuilder text = new StringBuilder(kind.equals("flow") ? "a: [" : kind.equals("line") ? "a: " : "");
        for (int i = 0; text.length() < length; i++) {
            text.append(
                    switch (kind) {
                        case "keys" -> "key" + i + ": value\n";
                        case "flow" -> "x, ";
                        case "nested" -> "[";
                        default -> "x";
                    });
        }
        return text.append(kind.equals("flow") ? "x]" : "").append("\n").toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "flow", "nested", "line"})
    void textOfFiveMegabytes_isRefusedAtOnce_alsoAsAManifest(String kind) {
        String text = text(kind, 5_000_000);
        String expected = "f.yaml: it is larger than 1.00 MB, the limit for a YAML file";
        assertTimeout(Duration.ofSeconds(5), () -> {
            List<YamlError> errors = new ArrayList<>();
            YamlNode.read(text, "f.yaml", errors);
            assertEquals(expected, errors.get(0).toString());
            ManifestReader manifests = new ManifestReader();
            assertEquals(expected, manifests.errors(text, "f.yaml", null).get(0).toString());
            Problem problem = assertThrows(Problem.class, () -> manifests.read(text, "f.yaml", null));
            assertEquals(Problem.Kind.USAGE, problem.kind());
            assertTrue(problem.message().contains(expected), problem.message());
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", "flow", "nested", "line"})
    void textBelowTheLimit_isParsedInSeconds(String kind) {
        String text = text(kind, 990_000);
        assertTimeout(Duration.ofSeconds(30), () -> YamlNode.read(text, "f.yaml", new ArrayList<>()));
    }

    private static Problem refused(Path file) {
        Problem problem = assertThrows(Problem.class, () -> YamlText.read(file));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        return problem;
    }

    @Test
    void fileThatCannotBeRead_isNamedWithTheReason(@TempDir Path folder) throws Exception {
        Path large = Files.writeString(folder.resolve("large.yaml"), text("line", 1_000_000));
        assertEquals(
                "cannot read " + large + ": it is larger than 1.00 MB, the limit for a YAML file",
                refused(large).message());
        Path latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', ' ', (byte) 0xfc});
        assertEquals(
                "cannot read " + latin + ": it is not UTF-8 text",
                refused(latin).message());
        assertEquals(
                "cannot read " + folder + ": it is not a regular file",
                refused(folder).message());
        Path none = folder.resolve("none.yaml");
        assertTrue(refused(none).message().startsWith("cannot read " + none + ": "));
    }
}
