package org.histods.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetRefTest {

    private final List<String> asked = new ArrayList<>();

    private DatasetRef parse(String typed) throws Problem {
        return DatasetRef.parse(typed, name -> {
            asked.add(name);
            return new DatasetId("found");
        });
    }

    @Test
    void name_isLookedUp_andHasNoVersion() throws Problem {
        DatasetRef ref = parse("NCT-CRC-HE-100K");
        assertEquals(List.of("NCT-CRC-HE-100K"), asked);
        assertEquals("found", ref.toString());
        assertNull(ref.version());
    }

    @Test
    void version_isBehindTheLastAt() throws Problem {
        DatasetRef ref = parse("a@b@v1+raw");
        assertEquals(List.of("a@b"), asked);
        assertEquals("found@v1+raw", ref.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|an empty dataset id",
                "@v1|an empty dataset id",
                "@|an empty dataset id",
                "mbm@|an empty version",
                "mbm@..|'..' is not a version: use letters, digits, dots, dashes and underscores",
                "mbm@v1/../..|'v1/../..' is not a version: use letters, digits, dots, dashes and underscores",
            })
    void malformed_isRefusedBeforeAnythingIsLookedUp(String typed, String message) {
        Problem problem = assertThrows(Problem.class, () -> parse(typed));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertEquals(message, problem.message());
        assertEquals(List.of(), asked);
    }

    @Test
    void nameOfAnyLength_isNotLookedUp() {
        assertThrows(Problem.class, () -> parse("x".repeat(100_000)));
        assertEquals(List.of(), asked);
    }
}
