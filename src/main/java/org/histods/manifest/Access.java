package org.histods.manifest;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to get a dataset.
 *
 * @param status one word
 * @param note the same in a sentence
 * @param page where a person starts
 * @param steps what a person must do, in order; empty for an open dataset
 */
public record Access(
        @JsonProperty(required = true) Status status,
        @Nullable String note,
        @Nullable String page,
        List<String> steps) {

    /** Nothing is known about access. */
    public static final Access UNKNOWN = new Access(Status.UNKNOWN, null, null, List.of());

    /** The controlled words for access; {@link Vocabulary} explains each to users. */
    public enum Status {
        /** Anybody's program may fetch it. */
        OPEN,
        /** A person must register or fill in a form first; then files or links come. */
        REGISTRATION,
        /** A person must sign or accept terms that somebody checks. */
        AGREEMENT,
        /** A program can fetch it with the account or token of a person. */
        CREDENTIAL,
        /** It can no longer be had. */
        UNAVAILABLE,
        /** Nobody has found out. */
        UNKNOWN;

        /** The word in manifests and output, such as {@code open}. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    public Access {
        status = status == null ? Status.UNKNOWN : status;
        steps = List.copyOf(Manifest.orEmpty(steps));
    }
}
