package org.histods.audit.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Overlap;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Step;
import org.histods.manifest.Lineage;
import tools.jackson.databind.json.JsonMapper;

/** An audit as one JSON object on one line; {@code docs/audit.md} explains its fields. */
final class JsonReport implements AuditReport {

    private final JsonMapper mapper = new JsonMapper();

    @Override
    public String format() {
        return "json";
    }

    @Override
    public String render(Audit audit) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("project", audit.project());
        object.put("purpose", audit.purpose());
        object.put("lock", audit.lock());
        object.put(
                "datasets", audit.datasets().stream().map(JsonReport::dataset).toList());
        object.put(
                "findings", audit.findings().stream().map(JsonReport::finding).toList());
        object.put(
                "overlaps", audit.overlaps().stream().map(JsonReport::overlap).toList());
        object.put("unchecked", audit.unchecked());
        return mapper.writeValueAsString(object) + "\n";
    }

    private static Map<String, Object> dataset(AuditedDataset d) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("name", d.name());
        object.put("id", d.id().text());
        object.put("version", d.selection().version().text());
        object.put("variant", d.selection().variant());
        object.put("only", d.selection().only());
        object.put(
                "fingerprint",
                d.locked() == null ? null : d.locked().fingerprint().hex());
        object.put("role", d.roles().isEmpty() ? null : String.join(", ", d.roles()));
        object.put("license", d.license());
        object.put("declared", d.state().declared());
        object.put("used", d.state().used());
        object.put("pulled", d.state().pulled());
        object.put("evidence", d.evidence());
        return object;
    }

    private static Map<String, Object> finding(Finding f) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("rule", f.rule());
        object.put("severity", f.severity().word());
        object.put("datasets", f.datasets());
        object.put("message", f.message());
        object.put("evidence", f.evidence());
        object.put("remedy", f.remedy());
        object.put("accepted", f.accepted());
        return object;
    }

    private static Map<String, Object> overlap(Overlap o) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("datasets", List.of(o.a(), o.b()));
        Lineage.Shared shares = o.shares();
        object.put("shares", shares == null ? null : shares.word());
        object.put("certainty", o.certainty().word());
        object.put("chains", o.chains().stream().map(JsonReport::chain).toList());
        object.put("files_compared", o.files().compared());
        object.put("files", o.files().count());
        object.put("common_files", o.files().listed());
        object.put("patients_compared", o.patients().compared());
        object.put("patients", o.patients().count());
        object.put("common_patients", o.patients().listed());
        return object;
    }

    private static List<Map<String, Object>> chain(Chain chain) {
        return chain.steps().stream().map(JsonReport::step).toList();
    }

    private static Map<String, Object> step(Step step) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("words", step.words());
        object.put("said_by", step.link().from());
        object.put("note", step.link().note());
        object.put("evidence", step.link().evidence());
        return object;
    }
}
