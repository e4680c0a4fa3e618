package org.histods.dataset;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class DatasetIdTest {

    @ParameterizedTest
    @ValueSource(strings = {"mbm", "kather-2018", "100k", "a", "a-b-c", "4d-path"})
    void lowerCaseLettersDigitsAndDashes_areAnId(String text) throws Problem {
        assertEquals(text, DatasetId.parse(text).text());
        assertEquals(Optional.of(new DatasetId(text)), DatasetId.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "..",
                "../x",
                "x/..",
                "/",
                "/home/x",
                "a/b",
                "a\\b",
                "C:",
                "~",
                "-",
                "-a",
                "a-",
                "a--b",
                "A",
                "Mbm",
                "a b",
                " a",
                "a ",
                "a.b",
                ".a",
                "a_b",
                "a+b",
                "a@1",
                "a\nb",
                "a\0",
                "a\u001b[2J",
                "é",
                "a*",
                "$HOME",
                "NCT-CRC-HE-100K",
                "lost+found",
                "notes.txt"
            })
    void anythingElse_isRefused(String text) {
        Problem problem = assertThrows(Problem.class, () -> DatasetId.parse(text));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("is not a dataset id"), problem.message());
        assertFalse(problem.message().chars().anyMatch(Character::isISOControl), problem.message());
        assertEquals(Optional.empty(), DatasetId.of(text));
        assertThrows(IllegalArgumentException.class, () -> new DatasetId(text));
    }

    @Test
    void emptyText_isRefusedInWordsOfItsOwn() {
        assertEquals(
                "an empty dataset id",
                assertThrows(Problem.class, () -> DatasetId.parse("")).message());
    }

    @Test
    void length_isBounded() {
        assertTrue(DatasetId.of("a".repeat(DatasetId.LONGEST)).isPresent());
        Problem problem = assertThrows(Problem.class, () -> DatasetId.parse("a-".repeat(1_000_000)));
        assertTrue(problem.message().length() < 200, problem.message());
    }

    @Test
    void json_isThePlainText() {
        JsonMapper json = new JsonMapper();
        assertEquals("\"mbm\"", json.writeValueAsString(new DatasetId("mbm")));
        assertEquals(new DatasetId("mbm"), json.readValue("\"mbm\"", DatasetId.class));
    }
}
