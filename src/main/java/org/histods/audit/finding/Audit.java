package org.histods.audit.finding;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an audit of a project found. Holds no date, so that two audits of the same state are equal.
 *
 * @param project the name of the project's folder
 * @param purpose what the work is for, as the project or the person who asks says; null where unsaid
 * @param lock the digest of the lock, such as {@code sha256:…}; null where there is none
 * @param datasets declared ones in the order of the project, then others that it was found to use
 * @param overlaps pairs of these datasets that share something or may do so, whatever their roles
 * @param findings heaviest first, then by rule and dataset
 * @param unchecked what could not be looked at and why, one fact a line; empty if everything could
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

    /** The open findings that weigh at least that much. */
    public List<Finding> open(Severity atLeast) {
        return findings.stream()
                .filter(f -> f.open() && f.severity().compareTo(atLeast) <= 0)
                .toList();
    }
}
