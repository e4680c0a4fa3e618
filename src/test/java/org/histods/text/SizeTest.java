package org.histods.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.histods.text.Size.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;

final class SizeTest {

    private static final long GB = 1_000_000_000L;
    private static final Size EXACT = Size.exact(2 * GB);
    private static final Size ABOUT = Size.about(3 * GB);
    private static final Size GUESS = new Size(Precision.EXTRAPOLATED, 5 * GB, 5 * GB);
    private static final Size LEAST = new Size(Precision.EXACT, 200L << 30, null);
    private static final Size MOST = new Size(Precision.EXACT, 0, 4 * GB);
    private static final Size BETWEEN = new Size(Precision.EXACT, 20_609_172_684L, 27_478_896_912L);

    static final List<Arguments> WORDS = List.of(
            Arguments.of(EXACT, "2.00 GB", "2.00 GB"),
            Arguments.of(ABOUT, "about 3 GB", "≈ 3 GB"),
            Arguments.of(GUESS, "about 5 GB (extrapolated)", "~ 5 GB"),
            // 214.7 GB: a lower bound is not rounded up, nor an upper one down.
            Arguments.of(LEAST, "at least 214 GB", "≥ 214 GB"),
            Arguments.of(MOST, "at most 4.00 GB", "≤ 4.00 GB"),
            Arguments.of(BETWEEN, "20.6 GB to 27.5 GB", "20.6 GB – 27.5 GB"),
            Arguments.of(Size.about(253_800_000_000L).plus(Size.UNKNOWN), "at least about 254 GB", "≥ ≈ 254 GB"),
            Arguments.of(
                    new Size(Precision.EXTRAPOLATED, 490 * GB, null),
                    "at least about 490 GB (extrapolated)",
                    "≥ ~ 490 GB"),
            Arguments.of(Size.UNKNOWN, "unknown", "unknown"),
            Arguments.of(EXACT.plus(EXACT), "4.00 GB", "4.00 GB"),
            Arguments.of(EXACT.plus(ABOUT), "about 5 GB", "≈ 5 GB"),
            Arguments.of(ABOUT.plus(GUESS), "about 8 GB (extrapolated)", "~ 8 GB"),
            Arguments.of(EXACT.plus(Size.UNKNOWN), "at least 2.00 GB", "≥ 2.00 GB"),
            Arguments.of(ABOUT.plus(Size.UNKNOWN), "at least about 3 GB", "≥ ≈ 3 GB"),
            Arguments.of(EXACT.plus(MOST), "2.00 GB to 6.00 GB", "2.00 GB – 6.00 GB"),
            Arguments.of(Size.UNKNOWN.plus(Size.UNKNOWN), "unknown", "unknown"));

    @ParameterizedTest
    @FieldSource("WORDS")
    void size_hasItsWords(Size size, String text, String symbols) {
        assertEquals(text, size.text());
        assertEquals(symbols, size.symbols());
    }

    @Test
    void sum_doesNotDependOnTheOrder() {
        for (Size a : new Size[] {EXACT, ABOUT, GUESS, LEAST, MOST, BETWEEN, Size.UNKNOWN}) {
            for (Size b : new Size[] {EXACT, ABOUT, GUESS, LEAST, MOST, BETWEEN, Size.UNKNOWN}) {
                assertEquals(a.plus(b), b.plus(a));
            }
            assertEquals(a, a.plus(Size.ZERO));
        }
    }

    @Test
    void sumBeyondALong_stopsThere() {
        Size most = Size.exact(Long.MAX_VALUE);
        assertEquals(most, most.plus(EXACT));
    }

    @Test
    void onlyAnExactFigure_isANumberOfBytes() {
        assertEquals(Optional.of(2 * GB), EXACT.exactly());
        for (Size size : new Size[] {ABOUT, GUESS, LEAST, MOST, BETWEEN, Size.UNKNOWN, EXACT.plus(ABOUT)}) {
            assertEquals(Optional.empty(), size.exactly(), size::text);
        }
    }

    @Test
    void partOfAWhole_isAtMostTheWhole() {
        assertEquals("at most about 3 GB", Size.UNKNOWN.within(ABOUT).text());
        assertEquals(
                "about 2 GB to 3 GB", EXACT.plus(Size.UNKNOWN).within(ABOUT).text());
        assertEquals(EXACT, EXACT.within(ABOUT));
        assertEquals(Size.UNKNOWN, Size.UNKNOWN.within(LEAST));
    }

    @Test
    void sizesThatCanBothBeTrue_agree() {
        assertTrue(Size.exact(100).agrees(Size.exact(100)));
        assertFalse(Size.exact(100).agrees(Size.exact(101)));
        assertTrue(Size.about(100).agrees(Size.exact(109)));
        assertFalse(Size.about(100).agrees(Size.exact(112)));
        assertTrue(new Size(Precision.EXTRAPOLATED, 100, 100L).agrees(Size.exact(190)));
        assertFalse(new Size(Precision.EXTRAPOLATED, 100, 100L).agrees(Size.exact(210)));
        assertFalse(LEAST.agrees(EXACT));
        assertFalse(MOST.agrees(Size.exact(5 * GB).plus(Size.UNKNOWN)));
        assertTrue(Size.UNKNOWN.agrees(EXACT));
    }

    @Test
    void boundsTheWrongWayRound_areRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Size(Precision.EXACT, 2, 1L));
        assertThrows(IllegalArgumentException.class, () -> Size.exact(-1));
    }
}
