package org.histods.audit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.dataset.DatasetId;
import org.histods.project.Citation;
import org.histods.project.CitationFormat;

/** The datasets of an audit as references; several selections of one dataset are one reference. */
final class ReferenceList {

    private ReferenceList() {}

    /** An entry for each dataset that is used, with the fingerprints of the files that were used. */
    static String bibtex(Audit audit) {
        Map<DatasetId, List<AuditedDataset>> byId = new LinkedHashMap<>();
        audit.datasets()
                .forEach(d ->
                        byId.computeIfAbsent(d.id(), k -> new ArrayList<>()).add(d));
        List<Citation> citations = new ArrayList<>();
        byId.values().forEach(uses -> {
            List<String> used = new ArrayList<>();
            for (AuditedDataset use : uses) {
                if (use.locked() != null) {
                    used.add(Citation.used(use.selection().only(), use.locked().fingerprint()));
                }
            }
            citations.add(Citation.of(uses.get(0).manifest(), used.isEmpty() ? null : String.join(". ", used)));
        });
        return CitationFormat.BIBTEX.write(citations);
    }
}
