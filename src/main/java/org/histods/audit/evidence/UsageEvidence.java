package org.histods.audit.evidence;

import org.histods.audit.finding.FilePosition;
import org.jspecify.annotations.Nullable;

/**
 * Evidence that a project uses, or may use, a dataset.
 *
 * @param words one fact, with file and line
 * @param place the file that shows it; null if there is no single one
 */
public record UsageEvidence(
        Kind kind, String words, @Nullable FilePosition place) {

    UsageEvidence(Kind kind, String words) {
        this(kind, words, null);
    }

    /** The kinds, the most certain first. */
    public enum Kind {
        /** {@code histods.yaml} says so. */
        DECLARED,
        /** {@code histods.lock} has it. */
        LOCKED,
        /** A command ran on it. */
        RUN,
        /** A link leads to it in the mirror. */
        LINK,
        /** Files in the project have the same content. */
        COPY,
        /** Code or settings name it. */
        CODE,
        /** A text names it. */
        TEXT
    }
}
