package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import org.histods.text.Bytes;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.deser.std.StdDeserializer;

/**
 * A stated size in bytes: one number, or a lower and an upper bound. In YAML a number of bytes or text
 * such as {@code 13.4 GB}.
 *
 * @param exact counted; null if unknown, like the others
 * @param about rounded, or measured in another way
 * @param extrapolated calculated from a part of the data or from similar data
 * @param by the source of the number, or how it was calculated
 */
public record StatedSize(
        @JsonDeserialize(using = Amount.class) @Nullable Long exact,

        @JsonDeserialize(using = Amount.class) @Nullable Long about,

        @JsonDeserialize(using = Amount.class) @Nullable Long extrapolated,

        @JsonDeserialize(using = Amount.class) @Nullable Long atLeast,

        @JsonDeserialize(using = Amount.class) @Nullable Long atMost,

        String by) {

    /** @throws IllegalArgumentException if it is neither one number nor bounds */
    public StatedSize {
        requireNonNull(by, "by");
        int figures = (exact == null ? 0 : 1) + (about == null ? 0 : 1) + (extrapolated == null ? 0 : 1);
        boolean bounds = atLeast != null || atMost != null;
        if (figures + (bounds ? 1 : 0) != 1) {
            throw new IllegalArgumentException(
                    "a size is one of exact, about and extrapolated, or bounds: at-least, at-most or both");
        }
        if (atLeast != null && atMost != null && atMost < atLeast) {
            throw new IllegalArgumentException("at-most is less than at-least");
        }
    }

    /** The size with its precision. */
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

    /** The size and its source. */
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
