package org.histods.audit.evidence;

/**
 * How it is known that a project uses a dataset, or may do so.
 *
 * @param words one fact, with file and line where it stands
 */
public record UsageEvidence(Kind kind, String words) {

    /** The kinds, the surest first. */
    public enum Kind {
        /** {@code histods.yaml} says so. */
        DECLARED,
        /** {@code histods.lock} names it. */
        LOCKED,
        /** A command ran on it. */
        RUN,
        /** A link leads to it in the mirror. */
        LINK,
        /** Files of it lie in the project, told by their content. */
        COPY,
        /** Code or settings name it. */
        CODE,
        /** A text names it. */
        TEXT
    }
}
