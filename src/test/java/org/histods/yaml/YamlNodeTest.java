package org.histods.yaml;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class YamlNodeTest {

    private static final String TEXT = """
            version: 1.10
            license:
              spdx: CC0-1.0
            sources:
              - kind: zenodo
                a/b: x
              -
            """;

    private final List<YamlError> errors = new ArrayList<>();

    private YamlNode read(String text) {
        return YamlNode.read(text, "f.yaml", errors);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 1, ''",
        "/version, 1, version",
        "/license, 2, license",
        "/license/spdx, 3, license.spdx",
        "/license/none/deeper, 2, license",
        "/sources/0/kind, 5, sources[0].kind",
        "/sources/0/a~1b, 6, sources[0].a/b",
        "/sources/1, 7, sources[1]",
        "/sources/7, 4, sources",
        "/sources/x, 4, sources"
    })
    void pointer_findsItsValue_orTheInnermostOneAroundIt(String pointer, int line, String field) {
        YamlNode node = read(TEXT).nearest(pointer);
        assertEquals(field, node.field());
        assertEquals(line, node.line());
        assertEquals(List.of(), errors);
    }

    @Test
    void singleValues_keepTheirText() {
        assertEquals(
                Map.of(
                        "/version",
                        "1.10",
                        "/license/spdx",
                        "CC0-1.0",
                        "/sources/0/kind",
                        "zenodo",
                        "/sources/0/a~1b",
                        "x"),
                read(TEXT).texts());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: 1;b: 2;a: 3|f.yaml:3: a: it is already set on line 1: keep one of the two",
                "a: 1;b: [*tif]|f.yaml:2: b[0]: YAML reads '*tif' as a reference: put it in quotes",
                "a: 1;---;b: 2|f.yaml:3: a second document begins after '---': a file holds one",
                "a: [1;b: 2|f.yaml:1: this is not YAML: ",
            })
    void trap_isNamedWithItsLine(String text, String expected) {
        read(text.replace(';', '\n') + "\n");
        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).toString().startsWith(expected), errors::toString);
    }

    @Test
    void manyErrors_areListedUpToALimit() {
        for (int i = 60; i > 0; i--) {
            errors.add(new YamlError("f.yaml", i, "", "wrong"));
        }
        Problem problem = assertThrows(Problem.class, () -> YamlNode.refuse("f.yaml", errors, "read the docs"));
        assertTrue(problem.message().startsWith("f.yaml has 60 mistakes:\n  f.yaml:1: wrong\n"), problem.message());
        assertTrue(problem.message().endsWith("f.yaml:50: wrong\n  and 10 more"), problem.message());
    }
}
