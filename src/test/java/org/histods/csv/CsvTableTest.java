package org.histods.csv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.histods.csv.CsvTable.Row;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CsvTableTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void rows_areReadWithTheLineWhereTheyStart_forEveryLineEnd(String end) throws Problem {
        String text = String.join(
                end, "\ufeffpath,split", "", "\"a, b\",\"say \"\"x\"\"\"", " , ", "\"two" + end + "lines\",c", "d");
        assertEquals(
                List.of(
                        new Row(1, List.of("path", "split")),
                        new Row(3, List.of("a, b", "say \"x\"")),
                        new Row(5, List.of("two" + end + "lines", "c")),
                        new Row(7, List.of("d"))),
                CsvTable.read(text, ',', "s.csv"));
    }

    @Test
    void rowOfAMillionCells_isRefused() {
        String row = "1,".repeat(1_000_000);
        Problem problem = assertThrows(Problem.class, () -> CsvTable.read("a,b\n" + row, ',', "a.csv"));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().startsWith("a.csv:2: has 1000001 cells"), problem.message());
    }

    @Test
    void namesOfColumns_areListedForMessages_notAllOfThousands() {
        List<String> heads = IntStream.range(0, 5000).mapToObj(i -> "c" + i).toList();
        assertTrue(Count.shortened(heads, CsvTable.SHOWN_COLUMNS).endsWith("c38, c39 and 4960 more"));
        assertEquals("c0, c1", Count.shortened(heads.subList(0, 2), CsvTable.SHOWN_COLUMNS));
    }

    @Test
    void shortRow_hasEmptyCells() throws Problem {
        Row row = CsvTable.read("a; b ", ';', "s.csv").get(0);
        assertEquals(List.of("a", "b", ""), List.of(row.cell(0), row.cell(1), row.cell(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"b\"c,d\n", "\"b,d\n"})
    void wrongQuotes_areNamedWithTheirLine(String line) {
        Problem problem = assertThrows(Problem.class, () -> CsvTable.read("path,split\n" + line, ',', "s.csv"));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertEquals("s.csv:2: the quotes around a cell are not closed, or other text follows them", problem.message());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a|a",
                "a, b|\"a, b\"",
                "say \"x\"|\"say \"\"x\"\"\"",
                "=1+1|'=1+1",
                "+49|'+49",
                "-2|'-2",
                "@SUM(A1)|'@SUM(A1)",
                "=HYPERLINK(\"x\",\"y\")|\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"",
                "a=b|a=b"
            })
    void cell_isQuotedIfNeeded_andNeverAFormula(String cell, String expected) {
        assertEquals("id," + expected, CsvTable.line(List.of("id", cell)));
    }
}
