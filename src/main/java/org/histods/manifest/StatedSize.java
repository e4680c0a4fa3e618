package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import java.util.stream.Stream;
import org.histods.quantity.Bytes;
import org.histods.quantity.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * A size that somebody states, in bytes: one figure, or a lower and an upper bound. In YAML a number of bytes or text
 * such as {@code 13.4 GB}.
 *
 * @param exact counted; null where that is not known, as are the others
 * @param about rounded, or measured in another way
 * @param extrapolated worked out from a part of the data or from similar data
 * @param by who says so, or how it was worked out
 */
public record StatedSize(
        @JsonDeserialize(using = Amount.class) @Nullable Long exact,

        @JsonDeserialize(using = Amount.class) @Nullable Long about,

        @JsonDeserialize(using = Amount.class) @Nullable Long extrapolated,

        @JsonDeserialize(using = Amount.class) @Nullable Long atLeast,

        @JsonDeserialize(using = Amount.class) @Nullable Long atMost,

        String by) {

    /** @throws IllegalArgumentException if it is neither one figure nor bounds */
    public StatedSize {
        requireNonNull(by, "by");
        long figures =
                Stream.of(exact, about, extrapolated).filter(f -> f != null).count();
        boolean bounds = atLeast != null || atMost != null;
        if (figures + (bounds ? 1 : 0) != 1) {
            throw new IllegalArgumentException(
                    "a size is one of exact, about and extrapolated, or bounds: at-least, at-most or both");
        }
        if (atLeast != null && atMost != null && atMost < atLeast) {
            throw new IllegalArgumentException("at-most is less than at-least");
        }
    }

    public Size size() {
        if (exact != null) {
            return Size.exact(exact);
        }
        if (about != null) {
            return Size.about(about);
        }
        return extrapolated != null
                ? new Size(Size.Precision.EXTRAPOLATED, extrapolated, extrapolated)
                : new Size(Size.Precision.EXACT, atLeast == null ? 0 : atLeast, atMost);
    }

    /** The size in words, and who states it. */
    public String words() {
        return size().text() + ", by " + by;
    }

    /** Reads a number of bytes from a number or from text. */
    static final class Amount extends StdDeserializer<Long> {
        Amount() {
            super(Long.class);
        }

        @Override
        public Long deserialize(JsonParser parser, DeserializationContext context) {
            try {
                return Bytes.parse(parser.getString());
            } catch (IllegalArgumentException e) {
                return context.reportInputMismatch(this, "%s", e.getMessage());
            }
        }
    }
}
