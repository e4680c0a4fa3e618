package org.histods.audit.finding;

import java.util.Locale;

/** How much a finding weighs; the heaviest first. */
public enum Severity {
    /** The claim that rests on the project cannot stand as it is, such as test patients in the training data. */
    ERROR,
    /** Somebody should look: it may be wrong, or it could not be told. */
    WARNING,
    /** Worth knowing. */
    NOTE;

    /** The word in output, such as {@code error}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
