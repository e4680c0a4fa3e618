package org.histods.audit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.Overlap;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Lineage.Shared;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Texts that several reports share. */
final class ReportText {

    private ReportText() {}

    /** Whether the dataset has a version. */
    static boolean versioned(AuditedDataset dataset) {
        return !dataset.selection().version().equals(DatasetVersion.UNVERSIONED);
    }

    static String sha256(Fingerprint fingerprint) {
        return "sha256:" + fingerprint.hex();
    }

    /** A count with its noun, such as {@code 1 file} and {@code 1,024 files}. */
    static String count(long number, String word) {
        return number(number) + " " + Count.noun(number, word);
    }

    static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** What is shared, such as {@code patients}. */
    static String shares(@Nullable Shared shared) {
        return shared == null ? "not known what" : shared.word();
    }

    /** An overlap in a line, such as {@code a and b: seen, patients; 12 common patients}. */
    static String overlap(Overlap overlap) {
        List<String> counts = new ArrayList<>();
        if (overlap.files().compared()) {
            counts.add(count(overlap.files().count(), "common file"));
        }
        if (overlap.patients().compared()) {
            counts.add(count(overlap.patients().count(), "common patient"));
        }
        return overlap.a() + " and " + overlap.b() + ": "
                + overlap.certainty().word() + ", " + shares(overlap.shares())
                + (counts.isEmpty() ? "; their files were not compared" : "; " + String.join(", ", counts));
    }

    /** An enumeration, such as {@code a, b and c}. */
    static String list(List<String> words) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }
}
