package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Accepted;
import org.histods.project.Declaration.Declared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeclarationReadingTest {

    private static Declaration read(String text) throws Problem {
        return DeclarationFormat.read(text, "histods.yaml");
    }

    private static String refused(String text) {
        Problem problem = assertThrows(Problem.class, () -> read(text));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        return problem.message();
    }

    @Test
    void everyField_isRead() throws Problem {
        Declaration read = read("""
                format: 1
                purpose: commercial
                datasets:
                  - id: kather-2018
                    name: kather-test
                    version: 1.10
                    variant: raw
                    only: [test, "*.tif"]
                    role: [test, robustness]
                    path: inputs/kather/
                  - id: mbm
                    role: train
                accepted:
                  - rule: shared-patients
                    datasets: [kumar-2017, monuseg]
                    reason: Split by hand.
                """);
        assertEquals("commercial", read.purpose());
        assertEquals(
                List.of(
                        new Declared(
                                "kather-test",
                                new DatasetId("kather-2018"),
                                new DatasetVersion("1.10"),
                                "raw",
                                List.of("test", "*.tif"),
                                List.of("test", "robustness"),
                                "inputs/kather"),
                        new Declared("mbm", new DatasetId("mbm"), null, null, List.of(), List.of("train"), "data/mbm")),
                read.datasets());
        assertEquals(
                List.of(new Accepted("shared-patients", List.of("kumar-2017", "monuseg"), "Split by hand.")),
                read.accepted());
        assertEquals("kather-2018", read.named("kather-test").orElseThrow().id().text());
    }

    @Test
    void emptyFileAndEmptyFields_declareNothing() throws Problem {
        assertEquals(new Declaration(null, List.of(), List.of()), read(""));
        assertEquals(new Declaration(null, List.of(), List.of()), read("# nothing yet\ndatasets:\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "datasets:\\n  - id: mbm\\n    rol: train|histods.yaml:3: datasets[0].rol: there is no field 'rol'; the fields are id,",
                "datasets:\\n  - role: train|histods.yaml:2: datasets[0]: the field 'id' is missing",
                "datasets:\\n  - mbm|histods.yaml:2: datasets[0]: this should be a map of fields, not 'mbm'",
                "datasets: mbm|histods.yaml:1: datasets: this should be a list",
                "datasets:\\n  - id: MBM|histods.yaml:2: datasets[0].id: 'MBM' is not a dataset id",
                "datasets:\\n  - id: mbm\\n    path: ../mbm|histods.yaml:3: datasets[0].path: '../mbm' is not a path in the project's",
                "datasets:\\n  - id: mbm\\n    path: /data/mbm|histods.yaml:3: datasets[0].path: '/data/mbm' is not a path",
                "datasets:\\n  - id: mbm\\n    path: .histods/x|histods.yaml:3: datasets[0].path: '.histods/x' is not a path in the project's folder: it is hidden",
                "datasets:\\n  - id: mbm\\n  - id: mbm|histods.yaml:3: datasets[1].id: 'mbm' is already used on line 2",
                "datasets:\\n  - id: a\\n    path: d\\n  - id: b\\n    path: d|histods.yaml:5: datasets[1].path: the dataset on line 3",
                "datasets:\\n  - id: a\\n    path: d\\n  - id: b\\n    path: d/b|histods.yaml:5: datasets: 'd/b' is inside 'd'",
                "datasets:\\n  - id: mbm\\n    id: crag|histods.yaml:3: datasets[0].id: it is already set on line 2",
                "datasets:\\n  - id: mbm\\n    only: [a, a]|histods.yaml:3: datasets[0].only[1]: 'a' is listed twice",
                "datasets:\\n  - id: mbm\\n    only: [*tif]|histods.yaml:3: datasets[0].only[0]: YAML reads '*tif' as a reference",
                "datasets:\\n  - id: mbm\\n    only: ['{a']|histods.yaml:3: datasets[0].only:",
                "accepted:\\n  - rule: x|histods.yaml:2: accepted[0]: the field 'reason' is missing",
                "purpose: [a]|histods.yaml:1: purpose: this should be text, not a list",
                "datasets: [|histods.yaml:1: this is not YAML",
            })
    void mistake_isNamedWithLineAndField(String text, String expected) {
        String message = refused(text.replace("\\n", "\n"));
        assertTrue(message.contains(expected), message);
    }

    @Test
    void severalMistakes_areAllListed() {
        String message = refused("datasets:\n  - id: A\n  - id: b\n    path: ..\nwhat: 1\n");
        assertTrue(message.startsWith("histods.yaml has 3 mistakes:"), message);
        assertTrue(message.indexOf(":2:") < message.indexOf(":4:"), message);
    }

    @Test
    void newerFormat_isRefusedAsNewerAndNotForItsUnknownFields() {
        assertEquals("histods.yaml is of format 2; this histods knows format 1", refused("format: 2\nbuckets: [a]\n"));
    }
}
