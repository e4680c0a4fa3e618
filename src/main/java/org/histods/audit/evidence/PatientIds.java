package org.histods.audit.evidence;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.PatientRule;
import org.jspecify.annotations.Nullable;

/**
 * Reads the patient from a file's path. There are two kinds of ids: barcodes, which are unique everywhere, and ids that are
 * unique within one dataset only.
 *
 * @param rule the manifest's; null if it has none, so that only barcodes are read
 */
record PatientIds(@Nullable PatientRule rule) {

    /** Barcodes whose issuer gives each to one patient, up to the part for the patient. */
    private static final List<Pattern> BARCODES = List.of(
            Pattern.compile("(?<![A-Za-z0-9])(?<id>TCGA-[A-Z0-9]{2}-[A-Z0-9]{4})(?![A-Z0-9])"),
            Pattern.compile("(?<![A-Za-z0-9])(?<id>GTEX-[A-Z0-9]{4,5})(?![A-Z0-9])"),
            // Cases of CPTAC 3; those of CPTAC 2 have no form of their own.
            Pattern.compile("(?<![A-Za-z0-9])(?<id>C3[LN]-[0-9]{5})(?![0-9])"),
            Pattern.compile("(?<![A-Za-z0-9])(?<id>UPENN-GBM-[0-9]{5})(?![0-9])"));

    /**
     * The patient of a file.
     *
     * @param id the barcode, or what the rule reads
     * @param everywhere whether the id is unique outside its dataset
     * @param slide whether it identifies only a slide
     */
    record Id(String id, boolean everywhere, boolean slide) {}

    Optional<Id> of(String path) {
        String read = rule == null ? null : rule.patientOf(path).orElse(null);
        Optional<Id> barcode = barcode(read == null ? path : read);
        if (barcode.isPresent() || read == null) {
            return barcode;
        }
        return Optional.of(new Id(read, false, rule != null && "slide".equals(rule.level())));
    }

    private static Optional<Id> barcode(String text) {
        for (Pattern pattern : BARCODES) {
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                return Optional.of(new Id(matcher.group("id"), true, false));
            }
        }
        return Optional.empty();
    }

    /** Whether both read ids by the same rule. */
    boolean sameRuleAs(PatientIds other) {
        PatientRule theirs = other.rule;
        return rule != null
                && theirs != null
                && rule.pattern() != null
                && theirs.pattern() != null
                && rule.pattern().regex().equals(theirs.pattern().regex())
                && String.valueOf(rule.level()).equals(String.valueOf(theirs.level()));
    }
}
