package org.histods.audit.finding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of an audit. It has no date, so that two audits of the same state are equal.
 *
 * @param project the name of the project's folder
 * @param purpose what the work is for; null if not stated
 * @param lock the digest of the lock, such as {@code sha256:…}; null if there is none
 * @param datasets the declared ones in the order of the project, then others that it uses
 * @param overlaps pairs of these datasets that share something or may do so, in any role
 * @param findings most severe first, then by rule and dataset
 * @param unchecked what could not be checked and why, one fact a line; empty if everything could
 */
public record Audit(
        String project,
        @Nullable String purpose,
        @Nullable String lock,
        List<AuditedDataset> datasets,
        List<Overlap> overlaps,
        List<Finding> findings,
        List<String> unchecked) {

    public Audit {
        datasets = List.copyOf(datasets);
        overlaps = List.copyOf(overlaps);
        findings = List.copyOf(findings);
        unchecked = List.copyOf(unchecked);
    }

    /** The open findings of at least that severity. */
    public List<Finding> open(Severity atLeast) {
        return findings.stream()
                .filter(f -> f.open() && f.severity().compareTo(atLeast) <= 0)
                .toList();
    }
}
