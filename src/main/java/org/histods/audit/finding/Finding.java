package org.histods.audit.finding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A result of a rule.
 *
 * @param rule the id of the rule, such as {@code shared-patients}
 * @param datasets the project's names of the datasets that it is about, sorted; ids of those that are not declared
 * @param message one sentence
 * @param evidence one fact a line: files with lines, links between datasets with their source; never empty
 * @param remedy how to fix it
 * @param places that it is about, if those are not the places of its datasets
 * @param accepted the reason for accepting it, from {@code histods.yaml}; null for an open finding
 */
public record Finding(
        String rule,
        Severity severity,
        List<String> datasets,
        String message,
        List<String> evidence,
        String remedy,
        List<FilePosition> places,
        @Nullable String accepted) {

    public Finding {
        datasets = List.copyOf(datasets);
        evidence = List.copyOf(evidence);
        places = List.copyOf(places);
        if (evidence.isEmpty()) {
            throw new IllegalArgumentException(rule + " has no evidence");
        }
    }

    /** Whether it is not accepted. */
    public boolean open() {
        return accepted == null;
    }
}
