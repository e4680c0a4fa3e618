package org.histods.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurationsTest {

    @ParameterizedTest
    @CsvSource({"0, PT0S", "45s, PT45S", "30m, PT30M", "12h, PT12H", "7d, PT168H", "2w, PT336H", "999999w, PT167999832H"
    })
    void wholeNumberWithAUnit_isThatLong(String text, String expected) {
        assertEquals(Optional.of(Duration.parse(expected)), Durations.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "7", "d", "-1d", "1.5d", "7 d", "7D", "1d2h", "P7D", "9999999d", "٧d"})
    void anythingElse_isNone(String text) {
        assertEquals(Optional.empty(), Durations.parse(text));
    }
}
