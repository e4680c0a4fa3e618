package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner.Result;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code split make}: what it writes is proven by {@code split}, is the same everywhere, and names what it cannot do. */
final class SplitMakeCommandTest {

    private static final String[] PNG = {"--only", "**/*.png"};

    @TempDir
    Path folder;

    private DemoRunner histods;

    @BeforeEach
    void start() throws Exception {
        histods = new DemoRunner(folder);
        run(0, "pull", "demo-colon");
    }

    @AfterEach
    void stop() {
        histods.close();
    }

    private Result run(int exit, String... command) {
        return histods.ran(folder, exit, command);
    }

    private Result make(int exit, String... options) {
        String[] command = new String[options.length + 5];
        System.arraycopy(new String[] {"split", "make", "demo-colon"}, 0, command, 0, 3);
        System.arraycopy(PNG, 0, command, 3, 2);
        System.arraycopy(options, 0, command, 5, options.length);
        return run(exit, command);
    }

    @Test
    void madeSplit_isProvenApart() {
        make(0, "--ratios", "60/20/20", "--seed", "1");
        assertTrue(run(0, "split", "demo-colon", "demo-colon-split.csv").out().contains("apart, no patient"));
        run(0, "split", "check", "demo-colon", "demo-colon-split.csv");
    }

    @Test
    void sameSeed_givesTheSameFiles_andAnotherGivesOthers() throws Exception {
        make(0, "--seed", "7", "--output", "one.csv");
        make(0, "--seed", "7", "--output", "two.csv");
        make(0, "--seed", "8", "--output", "three.csv");
        String one = Files.readString(folder.resolve("one.csv"));
        assertEquals(one, Files.readString(folder.resolve("two.csv")));
        assertEquals(Files.readString(folder.resolve("one.json")), Files.readString(folder.resolve("two.json")));
        assertFalse(one.equals(Files.readString(folder.resolve("three.csv"))));
        assertTrue(one.startsWith("path,patient,split\n"), one);
        String record = Files.readString(folder.resolve("one.json"));
        for (String field :
                List.of("\"fingerprint\"", "\"seed\" : 7", "\"algorithm\" : \"histods-split-1\"", "\"sha256\"")) {
            assertTrue(record.contains(field), record);
        }
        // Again under the same name: nothing to do. With another seed: the file is not replaced.
        make(0, "--seed", "7", "--output", "one.csv");
        assertTrue(make(2, "--seed", "8", "--output", "one.csv").err().contains("exists, with other content"));
        assertEquals(one, Files.readString(folder.resolve("one.csv")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    70/0/30      | '0' is not a ratio
                    70           | a split needs at least two ratios
                    1/1/1/1      | need 4 different names
                    a/b          | 'a' is not a ratio
                    1/1/1/1/1/1/1/1/1/1/1/1 | need 12 different names
                    """)
    void wrongRatios_areRefused(String ratios, String result) {
        Result ran = make(2, "--ratios", ratios);
        assertTrue(ran.err().contains(result), ran.all());
        assertFalse(Files.exists(folder.resolve("demo-colon-split.csv")));
    }

    @Test
    void moreSplitsThanPatients_areRefused() {
        Result ran = make(2, "--ratios", "1/1/1/1/1/1/1/1", "--names", "a,b,c,d,e,f,g,h");
        assertTrue(ran.err().contains("7 patients cannot be put into 8 splits"), ran.all());
        make(0, "--ratios", "94/1/1/1/1/1/1", "--names", "a,b,c,d,e,f,g");
        run(0, "split", "demo-colon", "demo-colon-split.csv");
    }

    @Test
    void filesWithoutPatient_areCountedAndRefused() throws Exception {
        Path data = Path.of(run(0, "path", "demo-colon").out().strip());
        String some;
        try (var walk = Files.walk(data)) {
            some = walk.filter(p -> p.toString().endsWith(".png"))
                    .map(p -> data.relativize(p).toString())
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(folder.resolve("patients.csv"), "file,patient\n" + some + ",A\n");
        Result ran = make(2, "--patients", "patients.csv");
        assertTrue(ran.err().contains("83 files of 84 without a patient, such as "), ran.all());
    }

    /** Excel takes the zeros, pandas adds {@code .0}, and people write as they like: that must not hide a leak. */
    @ParameterizedTest
    @CsvSource({
        "1, 01",
        "7, 7.0",
        "007, 7",
        "p12, P12",
        "P1, P01",
        "P-1, P_01",
        "A 1, A1",
        "Müller, Mu\u0308ller",
        "P1, P1\u200b",
        "1000, 1E+03",
        "Ｐ１, P1",
        "S21-0042-A, s21.42.a"
    })
    void patientWrittenInTwoWays_isNeverTakenForTwoPatients(String one, String other) throws Exception {
        Path data = Path.of(run(0, "path", "demo-colon").out().strip());
        StringBuilder table = new StringBuilder("file,patient\n");
        try (var walk = Files.walk(data)) {
            List<String> files = walk.filter(p -> p.toString().endsWith(".png"))
                    .map(p -> data.relativize(p).toString())
                    .sorted()
                    .toList();
            for (int i = 0; i < files.size(); i++) {
                String patient = i == 0 ? one : i == 1 ? other : "X" + i;
                table.append(files.get(i)).append(',').append(patient).append('\n');
            }
        }
        Files.writeString(folder.resolve("clinical.csv"), table);
        String said = "'" + one + "' and '" + other + "', which may be the same";
        Result made = make(2, "--patients", "clinical.csv");
        assertTrue(made.err().contains(said), made.all());
        Result checked = run(2, "split", "demo-colon", "--patients", "clinical.csv");
        assertTrue(checked.err().contains(said), checked.all());
    }

    /** pandas and Excel write a missing patient as a word: that is no patient, and not one whom files share. */
    @ParameterizedTest
    @ValueSource(strings = {"nan", "NA", "n/a", "#N/A", "None", "unknown", "?", "-", "(missing)", "<NA>"})
    void wordForAMissingPatient_isRefused(String nobody) throws Exception {
        Path data = Path.of(run(0, "path", "demo-colon").out().strip());
        String some;
        try (var walk = Files.walk(data)) {
            some = walk.filter(p -> p.toString().endsWith(".png"))
                    .map(p -> data.relativize(p).toString())
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(folder.resolve("clinical.csv"), "file,patient\n" + some + "," + nobody + "\n");
        Result checked = run(2, "split", "demo-colon", "--patients", "clinical.csv");
        assertTrue(checked.err().contains("clinical.csv:2: the patient is '" + nobody + "'"), checked.all());
    }

    @Test
    void tableOfPatientsWithLabels_stratifies() throws Exception {
        Path data = Path.of(run(0, "path", "demo-colon").out().strip());
        StringBuilder table = new StringBuilder("file,patient,grade\n");
        List<String> files;
        try (var walk = Files.walk(data)) {
            files = walk.filter(p -> p.toString().endsWith(".png"))
                    .map(p -> data.relativize(p).toString())
                    .sorted()
                    .toList();
        }
        for (int i = 0; i < files.size(); i++) {
            table.append(files.get(i))
                    .append(",P")
                    .append(i / 4)
                    .append(",")
                    .append(i / 4 % 2 == 0 ? "low" : "high")
                    .append("\n");
        }
        Files.writeString(folder.resolve("clinical.csv"), table);
        Result ran = make(0, "--patients", "clinical.csv", "--stratify", "grade", "--ratios", "50/50");
        // 21 patients, of whom 11 are low.
        assertTrue(ran.err().contains("high: train 5, test 5"), ran.all());
        assertTrue(ran.err().matches("(?s).*low: train [56], test [56].*"), ran.all());
        run(0, "split", "demo-colon", "demo-colon-split.csv", "--patients", "clinical.csv");
        assertTrue(make(2, "--patients", "clinical.csv", "--stratify", "stage")
                .err()
                .contains("no column 'stage'"));
    }
}
