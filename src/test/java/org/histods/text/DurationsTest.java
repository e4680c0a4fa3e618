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
    @CsvSource({
        "45 s, PT45S",
        "3 min 20 s, PT200S",
        "10 min, PT10M",
        "47 h 59 min, PT47H59M59S",
        "2 d, PT48H",
        "104 d 4 h, PT2500H"
    })
    void duration_isShownInItsTwoLargestUnits(String expected, String duration) {
        assertEquals(expected, Durations.text(Duration.parse(duration)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "7", "d", "-1d", "1.5d", "7 d", "7D", "1d2h", "P7D", "9999999d", "٧d"})
    void anythingElse_isNone(String text) {
        assertEquals(Optional.empty(), Durations.parse(text));
    }
}
