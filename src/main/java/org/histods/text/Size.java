package org.histods.text;

import java.math.RoundingMode;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A size in bytes with its precision: one figure, or bounds. A sum is never more precise than its least precise part.
 *
 * @param precision how reliable the figures are
 * @param atLeast the lower bound; 0 for none
 * @param atMost the upper bound, equal to {@code atLeast} for one figure; null for none
 */
public record Size(
        Precision precision, long atLeast, @Nullable Long atMost) {

    /** How reliable a figure is, best first. */
    public enum Precision {
        /** Counted in bytes. */
        EXACT(1, 1),
        /** Rounded, or measured in another way. */
        ABOUT(0.9, 1.1),
        /** Estimated from a part or from similar data, within a factor of two. */
        EXTRAPOLATED(0.5, 2);

        private final double down;
        private final double up;

        Precision(double down, double up) {
            this.down = down;
            this.up = up;
        }

        /** The word in JSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        private Precision and(Precision other) {
            return compareTo(other) > 0 ? this : other;
        }
    }

    /** No information. */
    public static final Size UNKNOWN = new Size(Precision.EXACT, 0, null);

    /** Zero bytes, exactly. */
    public static final Size ZERO = exact(0);

    /** @throws IllegalArgumentException if a bound is negative, or the lower one is above the upper one */
    public Size {
        if (atLeast < 0 || (atMost != null && atMost < atLeast)) {
            throw new IllegalArgumentException("no size is at least " + atLeast + " and at most " + atMost + " bytes");
        }
    }

    /** One exact figure. */
    public static Size exact(long bytes) {
        return new Size(Precision.EXACT, bytes, bytes);
    }

    /** An exact size, or {@link #UNKNOWN} for null. */
    public static Size of(@Nullable Long bytes) {
        return bytes == null ? UNKNOWN : new Size(Precision.EXACT, bytes, bytes);
    }

    /** One rounded figure. */
    public static Size about(long bytes) {
        return new Size(Precision.ABOUT, bytes, bytes);
    }

    /** The exact number of bytes; empty if not exact. */
    public Optional<Long> exactly() {
        return precision == Precision.EXACT && single() ? Optional.of(atLeast) : Optional.empty();
    }

    /** Whether anything is known. */
    public boolean known() {
        return atLeast > 0 || atMost != null;
    }

    private boolean single() {
        return atMost != null && atMost == atLeast;
    }

    /** The sum: approximate if a part is, and only a lower bound if a part is unknown. */
    public Size plus(Size other) {
        Long most = atMost == null || other.atMost == null ? null : sum(atMost, other.atMost);
        return new Size(precision.and(other.precision), sum(atLeast, other.atLeast), most);
    }

    private static long sum(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }

    /** The size of a part of {@code whole}, whose upper bound applies if this has none. */
    public Size within(Size whole) {
        return atMost != null || whole.atMost == null
                ? this
                : new Size(precision.and(whole.precision), atLeast, Math.max(atLeast, whole.atMost));
    }

    /** Whether both can be sizes of the same thing, given their precision. */
    public boolean agrees(Size other) {
        return lowest() <= other.highest() && other.lowest() <= highest();
    }

    /** The lowest possible size. */
    private double lowest() {
        return atLeast * precision.down;
    }

    private double highest() {
        return atMost == null ? Double.POSITIVE_INFINITY : atMost * precision.up;
    }

    /** In words, such as {@code about 13.4 GB}, {@code at least 214 GB} or {@code unknown}. */
    public String text() {
        if (!known()) {
            return "unknown";
        }
        String about = precision == Precision.EXACT ? "" : "about ";
        String how = precision == Precision.EXTRAPOLATED ? " (extrapolated)" : "";
        return written("at least ", "at most ", about, " to ") + how;
    }

    /** For a table column: {@code 13.4 GB}, {@code ≈ 13.4 GB}, {@code ~ 490 GB} if extrapolated, {@code ≥ 214 GB}. */
    public String symbols() {
        if (!known()) {
            return "unknown";
        }
        String about = switch (precision) {
            case EXACT -> "";
            case ABOUT -> "≈ ";
            case EXTRAPOLATED -> "~ ";
        };
        return written("≥ ", "≤ ", about, " – ");
    }

    private String written(String least, String most, String about, String to) {
        if (atMost == null) {
            return least + about + figure(atLeast, RoundingMode.FLOOR);
        }
        String upper = figure(atMost, RoundingMode.CEILING);
        if (single()) {
            return about + figure(atLeast, RoundingMode.HALF_UP);
        }
        return atLeast == 0 ? most + about + upper : about + figure(atLeast, RoundingMode.FLOOR) + to + upper;
    }

    /** Exact bounds are never rounded inwards; other figures have no trailing zeros. */
    private String figure(long bytes, RoundingMode rounding) {
        boolean exact = precision == Precision.EXACT;
        return Bytes.text(bytes, exact ? rounding : RoundingMode.HALF_UP, exact);
    }
}
