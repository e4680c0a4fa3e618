package org.histods.audit.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.Finding;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Link;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Lineage.Relation;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An audit as a CycloneDX 1.6 document, a bill of materials whose materials are datasets. It has no time, and its
 * serial number is computed from the rest: the same audit gives the same bytes. What CycloneDX has no field for is in
 * properties whose names begin with {@code histods:}; {@code docs/reports.md} lists them.
 */
final class CycloneDxReport {

    private static final String PROJECT = "project";

    private final Audit audit;
    private final ReportContext context;
    private final Map<AuditedDataset, String> references = new LinkedHashMap<>();

    CycloneDxReport(Audit audit, ReportContext context) {
        this.audit = audit;
        this.context = context;
        for (AuditedDataset dataset : audit.datasets()) {
            String plain = "dataset:" + dataset.name();
            String reference = plain;
            for (int i = 2; references.containsValue(reference); i++) {
                reference = plain + "#" + i;
            }
            references.put(dataset, reference);
        }
    }

    String write() {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Map<String, Object> rest = rest();
        UUID serial = UUID.nameUUIDFromBytes(mapper.writeValueAsString(rest).getBytes(StandardCharsets.UTF_8));
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
        document.put("bomFormat", "CycloneDX");
        document.put("specVersion", "1.6");
        document.put("serialNumber", "urn:uuid:" + serial);
        document.put("version", 1);
        document.putAll(rest);
        return mapper.writeValueAsString(document) + "\n";
    }

    private Map<String, Object> rest() {
        Map<String, Object> rest = new LinkedHashMap<>();
        rest.put("metadata", metadata());
        rest.put("components", audit.datasets().stream().map(this::component).toList());
        List<String> used = new ArrayList<>();
        references.forEach((dataset, reference) -> {
            if (dataset.state().used()) {
                used.add(reference);
            }
        });
        rest.put("dependencies", List.of(Map.of("ref", PROJECT, "dependsOn", used)));
        Properties properties = new Properties();
        audit.overlaps().forEach(o -> properties.add("overlap", ReportText.overlap(o)));
        audit.findings().forEach(f -> properties.add("finding:" + f.rule(), withEvidence(f)));
        audit.unchecked().forEach(line -> properties.add("unchecked", line));
        properties.putInto(rest);
        return rest;
    }

    private Map<String, Object> metadata() {
        Map<String, Object> tool = new LinkedHashMap<>();
        tool.put("type", "application");
        tool.put("name", "histods");
        tool.put("version", context.version());
        Map<String, Object> project = new LinkedHashMap<>();
        project.put("type", "application");
        project.put("bom-ref", PROJECT);
        project.put("name", audit.project());
        Properties properties = new Properties();
        properties.add("purpose", audit.purpose());
        properties.add("lock", audit.lock());
        properties.putInto(project);
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("tools", Map.of("components", List.of(tool)));
        metadata.put("component", project);
        return metadata;
    }

    private Map<String, Object> component(AuditedDataset dataset) {
        Map<String, Object> component = new LinkedHashMap<>();
        component.put("type", "data");
        component.put("bom-ref", references.get(dataset));
        if (!dataset.manifest().publication().creators().isEmpty()) {
            component.put(
                    "authors",
                    dataset.manifest().publication().creators().stream()
                            .map(name -> Map.of("name", name))
                            .toList());
        }
        put(component, "publisher", dataset.manifest().publication().publisher());
        component.put("name", dataset.id().text());
        put(
                component,
                "version",
                ReportText.versioned(dataset) ? dataset.selection().version().text() : null);
        put(component, "description", dataset.manifest().title());
        put(component, "scope", dataset.state().used() ? null : "excluded");
        if (dataset.locked() != null) {
            component.put(
                    "hashes",
                    List.of(ordered(
                            "alg",
                            "SHA-256",
                            "content",
                            dataset.locked().fingerprint().hex())));
        }
        ExternalReferences links = new ExternalReferences(dataset.manifest());
        putAll(component, "licenses", links.licenses());
        pedigree(component, dataset);
        putAll(component, "externalReferences", links.references());
        component.put("data", List.of(contents(dataset, links.home())));
        properties(dataset).putInto(component);
        return component;
    }

    private static Map<String, Object> contents(AuditedDataset dataset, @Nullable String home) {
        Map<String, Object> contents = ordered("type", "dataset", "name", dataset.name());
        if (home != null) {
            contents.put("contents", Map.of("url", home));
        }
        return contents;
    }

    private void pedigree(Map<String, Object> component, AuditedDataset dataset) {
        List<Map<String, Object>> ancestors = context.lineages().ancestors(dataset.id()).stream()
                .map(this::ancestor)
                .toList();
        List<Map<String, Object>> variants = context.lineages().links().stream()
                .filter(l -> l.relation() == Relation.VARIANT_OF || l.relation() == Relation.IDENTICAL_TO)
                .filter(l -> l.from().equals(dataset.id().text())
                        || l.to().equals(dataset.id().text()))
                .map(l -> twin(l, dataset.id()))
                .toList();
        Map<String, Object> pedigree = new LinkedHashMap<>();
        putAll(pedigree, "ancestors", ancestors);
        putAll(pedigree, "variants", variants);
        if (!pedigree.isEmpty()) {
            component.put("pedigree", pedigree);
        }
    }

    private Map<String, Object> ancestor(Chain chain) {
        Map<String, Object> ancestor = other(chain.to());
        Properties properties = new Properties();
        properties.add("lineage", chain.toString());
        properties.add("certainty", chain.certainty().word());
        properties.add("shares", ReportText.shares(chain.shares()));
        properties.putInto(ancestor);
        return ancestor;
    }

    private Map<String, Object> twin(Link link, DatasetId id) {
        Map<String, Object> twin = other(link.from().equals(id.text()) ? link.to() : link.from());
        Properties properties = new Properties();
        properties.add("lineage", link.from() + " is " + link.relation().word() + " " + link.to());
        properties.add("evidence", link.evidence());
        properties.putInto(twin);
        return twin;
    }

    private Map<String, Object> other(String name) {
        Map<String, Object> other = ordered("type", "data", "name", name);
        other.put("data", List.of(Map.of("type", "dataset")));
        return other;
    }

    private Properties properties(AuditedDataset dataset) {
        Properties properties = new Properties();
        properties.add("name", dataset.name());
        properties.add("id", dataset.id().text());
        properties.add("version", dataset.selection().version().text());
        properties.add("variant", dataset.selection().variant());
        dataset.selection().only().forEach(only -> properties.add("only", only));
        dataset.roles().forEach(role -> properties.add("role", role));
        properties.add("declared", String.valueOf(dataset.state().declared()));
        properties.add("used", String.valueOf(dataset.state().used()));
        properties.add("pulled", String.valueOf(dataset.state().pulled()));
        properties.add("license", dataset.license());
        properties.add("license-doubt", dataset.manifest().terms().license().doubt());
        if (dataset.locked() != null) {
            properties.add("fingerprint", ReportText.sha256(dataset.locked().fingerprint()));
            properties.add(
                    "fingerprint-meaning",
                    "SHA-256 of manifest-sha256.txt, which lists the SHA-256 of every file, sorted by path");
        }
        if (dataset.locked() != null) {
            properties.add("files", String.valueOf(dataset.locked().files()));
            properties.add("bytes", String.valueOf(dataset.locked().bytes()));
        }
        dataset.manifest().sources().forEach(s -> properties.add("source", (s.kind() + " " + s.record()).strip()));
        dataset.evidence().forEach(line -> properties.add("evidence", line));
        audit.findings().stream()
                .filter(f -> f.datasets().contains(dataset.name()))
                .forEach(f -> properties.add("finding:" + f.rule(), summary(f)));
        return properties;
    }

    private static String summary(Finding finding) {
        String accepted = finding.accepted() == null ? "" : " (accepted: " + finding.accepted() + ")";
        return finding.severity().word() + accepted + ": " + finding.message();
    }

    private static String withEvidence(Finding finding) {
        return Stream.of(
                        Stream.of(summary(finding)),
                        finding.evidence().stream().map(line -> "evidence: " + line),
                        Stream.of("remedy: " + finding.remedy()))
                .flatMap(lines -> lines)
                .reduce((a, b) -> a + "\n" + b)
                .orElseThrow();
    }

    private static Map<String, Object> ordered(String first, String value, String second, String other) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put(first, value);
        map.put(second, other);
        return map;
    }

    private static void put(Map<String, Object> object, String name, @Nullable String value) {
        if (value != null) {
            object.put(name, value);
        }
    }

    private static void putAll(Map<String, Object> object, String name, List<Map<String, Object>> values) {
        if (!values.isEmpty()) {
            object.put(name, values);
        }
    }

    /** Properties of our own; CycloneDX allows several of one name. */
    private static final class Properties {
        private final List<Map<String, Object>> all = new ArrayList<>();

        void add(String name, @Nullable String value) {
            if (value != null) {
                all.add(ordered("name", "histods:" + name, "value", value));
            }
        }

        void putInto(Map<String, Object> object) {
            putAll(object, "properties", all);
        }
    }
}
