package org.histods.audit.finding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that an audit found.
 *
 * @param rule the id of the rule, such as {@code shared-patients}
 * @param severity how much it weighs
 * @param datasets the project's names of the datasets that it is about, sorted; ids for those that it does not declare
 * @param message what was found, in a sentence
 * @param evidence what it rests on, one fact a line: files with lines, links between datasets with who says so; never
 *     empty
 * @param remedy the way out
 * @param accepted why somebody accepts it, from {@code histods.yaml}; null for an open finding
 */
public record Finding(
        String rule,
        Severity severity,
        List<String> datasets,
        String message,
        List<String> evidence,
        String remedy,
        @Nullable String accepted) {

    public Finding {
        datasets = List.copyOf(datasets);
        evidence = List.copyOf(evidence);
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException(rule + " has no evidence");
        }
    }

    /** Whether nobody has accepted it. */
    public boolean open() {
        return accepted == null;
    }
}
