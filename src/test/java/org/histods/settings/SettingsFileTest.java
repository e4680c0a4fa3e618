package org.histods.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.problem.Problem;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings file that {@code HISTODS_CONFIG} names. */
final class SettingsFileTest {

    @Test
    void namedFileThatIsNotThere_isNotPassedOver(@TempDir Path folder) throws Exception {
        try (DemoRunner fixture = new DemoRunner(folder)) {
            fixture.with("HISTODS_CONFIG", folder.resolve("mistyped.yaml").toString());
            ProgramRunner.Result ran = fixture.run(folder, "pull", "demo-kumar");
            assertEquals(2, ran.exit(), ran.all());
            assertTrue(ran.err().contains("mistyped.yaml, which does not exist"), ran.all());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "record-user: perhaps | config.yaml:1: record-user: this should be true or false, not 'perhaps'",
                "hosts: {zenodo.org: {connections: many}} | hosts.zenodo.org.connections: this should be a whole number",
                "hosts: {zenodo.org: {user-agent: [x]}} | hosts.zenodo.org.user-agent: this should be text",
                "hosts: {zenodo.org: 3} | hosts.zenodo.org: this should be a map of fields",
                "hosts: {zenodo.org: {conections: 3}} | hosts.zenodo.org.conections: there is no field 'conections'",
                "routes: [a] | routes: this should be a map of fields",
                "routes: {a.org: [x]} | routes.a.org: this should be text",
                "allow-http: {x: y} | allow-http: this should be a list, such as [one, two]",
                "mirror: [x] | mirror: this should be text",
                "just words | this should be a map of fields",
                "'{mirror: a, mirror: b}' | mirror: it is already set on line 1: keep one of the two",
                "'{{{' | this is not YAML"
            })
    void wrongValue_isNamedWithWhatShouldBeThere_inNoWordsOfJava(String text, String result, @TempDir Path folder)
            throws Exception {
        try (DemoRunner fixture = new DemoRunner(folder)) {
            Files.writeString(folder.resolve("config.yaml"), text + "\n");
            ProgramRunner.Result ran = fixture.run(folder, "pull", "demo-kumar", "--dry-run");
            assertEquals(2, ran.exit(), ran.all());
            assertTrue(ran.err().contains(result), ran.all());
            assertFalse(ran.err().contains("java.") || ran.err().contains("org.histods"), ran.all());
        }
    }

    @Test
    void severalMistakes_areAllListedWithTheirLines(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("config.yaml"), "mirorr: x\nhosts:\n  a.org: { segments: two }\n");
        Problem problem = assertThrows(Problem.class, () -> Settings.read(file));
        assertTrue(problem.message().contains("config.yaml:1: mirorr: "), problem.message());
        assertTrue(problem.message().contains("config.yaml:3: hosts.a.org.segments: "), problem.message());
    }

    @Test
    void mistakeInTheSettings_isReportedOnceByDoctor_andDependentChecksAreNotFailures(@TempDir Path folder)
            throws Exception {
        try (DemoRunner fixture = new DemoRunner(folder)) {
            Files.writeString(folder.resolve("config.yaml"), "mirrorr: x\n");
            ProgramRunner.Result ran = fixture.run(folder, "doctor");
            assertEquals(7, ran.exit(), ran.all());
            assertEquals(1, ran.out().lines().filter(l -> l.contains("mirrorr")).count(), ran.all());
            assertEquals(1, ran.out().lines().filter(l -> l.startsWith("BAD")).count(), ran.all());
            assertTrue(ran.out().contains("not checked, because of the settings"), ran.all());
            assertTrue(fixture.run(folder, "doctor", "--json").out().contains("\"check\":\"hosts\",\"ok\":null"));
        }
    }
}
