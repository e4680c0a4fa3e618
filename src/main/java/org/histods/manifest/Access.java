package org.histods.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Access to a dataset: whether programs can download it, and otherwise the steps to get it.
 *
 * @param status in one word
 * @param note in one sentence
 * @param page where a user starts
 * @param steps what a user must do, in order; empty for an open dataset
 */
public record Access(
        @JsonProperty(required = true) Status status,
        @Nullable String note,
        @Nullable String page,
        List<String> steps) {

    /** Of a dataset whose access is not known. */
    public static final Access UNKNOWN = new Access(Status.UNKNOWN, null, null, List.of());

    /** The controlled words for access; {@link Vocabulary} has their meanings. */
    public enum Status {
        /** Any program can download it. */
        OPEN,
        /** A user must first register or fill in a form. */
        REGISTRATION,
        /** A user must sign or accept terms, and is checked. */
        AGREEMENT,
        /** A program can download it with a user's account or token. */
        CREDENTIAL,
        /** It is no longer available. */
        UNAVAILABLE,
        /** Not known. */
        UNKNOWN;

        /** The word in manifests and output, such as {@code open}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Access {
        status = status == null ? Status.UNKNOWN : status;
        steps = ManifestFields.orEmpty(steps);
    }
}
