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

class DatasetVersionTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unversioned",
                "v0.1",
                "v1.0.1",
                "1",
                "8387c305",
                "Release1",
                "2016_04_28",
                "2020-03-02",
                "2.0_rc1",
                "1+raw",
                "v1+no-norm",
                "v1+a.b_c"
            })
    void wordsOfUpstream_areAVersion_withAVariantOrWithout(String text) throws Problem {
        assertEquals(text, DatasetVersion.parse(text).text());
        assertEquals(Optional.of(new DatasetVersion(text)), DatasetVersion.of(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".",
                "..",
                "../1",
                "1/..",
                "/",
                "/1",
                "a/b",
                "a\\b",
                "-1",
                "_1",
                ".1",
                "1 0",
                " 1",
                "1\n",
                "1\0",
                "1*",
                "1@2",
                "1:2",
                "é",
                "+raw",
                "1+",
                "1++raw",
                "1+a+b",
                "1+Raw",
                "1+..",
                "1+a/b",
                "1+-a",
                ".DS_Store"
            })
    void anythingElse_isRefused(String text) {
        Problem problem = assertThrows(Problem.class, () -> DatasetVersion.parse(text));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertFalse(problem.message().chars().anyMatch(Character::isISOControl), problem.message());
        assertEquals(Optional.empty(), DatasetVersion.of(text));
    }

    @Test
    void emptyText_isRefusedInWordsOfItsOwn() {
        assertEquals(
                "an empty version",
                assertThrows(Problem.class, () -> DatasetVersion.parse("")).message());
    }

    @Test
    void length_isBounded() {
        String longest = "a".repeat(DatasetVersion.LONGEST);
        assertTrue(DatasetVersion.of(longest + "+" + longest).isPresent());
        assertTrue(DatasetVersion.of(longest + "a").isEmpty());
        assertTrue(DatasetVersion.of("1+" + longest + "a").isEmpty());
    }

    @Test
    void variant_isBehindThePlus() {
        DatasetVersion raw = new DatasetVersion("v1+raw");
        assertEquals("raw", raw.variant());
        assertEquals(new DatasetVersion("v1"), raw.with(null));
        assertEquals(raw, new DatasetVersion("v1").with("raw"));
        assertThrows(IllegalArgumentException.class, () -> new DatasetVersion("v1+raw", null));
        assertThrows(IllegalArgumentException.class, () -> raw.with("../x"));
    }

    @Test
    void json_isThePlainText() {
        JsonMapper json = new JsonMapper();
        assertEquals("\"1+raw\"", json.writeValueAsString(new DatasetVersion("1+raw")));
        assertEquals(new DatasetVersion("1", "raw"), json.readValue("\"1+raw\"", DatasetVersion.class));
    }
}
