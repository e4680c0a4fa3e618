package org.histods.audit.finding;

import java.util.Locale;

/** Severity of a finding; the most severe first. */
public enum Severity {
    /** Results of the project are not valid or not allowed as they are, such as test patients in the training data. */
    ERROR,
    /** Needs review: it may be wrong, or could not be decided. */
    WARNING,
    /** Worth knowing. */
    NOTE;

    /** The word in output, such as {@code error}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
