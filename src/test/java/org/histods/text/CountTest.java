package org.histods.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CountTest {

    @ParameterizedTest
    @CsvSource({"0, 0 files", "1, 1 file", "2, 2 files", "1000, 1000 files"})
    void number_hasItsForm(long number, String text) {
        assertEquals(text, Count.of(number, "file"));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 files", "1, a file", "2, 2 files"})
    void singleOne_canDoWithoutItsNumber(long number, String text) {
        assertEquals(text, Count.orA(number, "file"));
    }
}
