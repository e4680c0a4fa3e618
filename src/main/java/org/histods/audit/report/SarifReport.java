package org.histods.audit.report;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.FilePosition;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Rule;
import org.histods.audit.finding.Severity;
import org.histods.digest.Hasher;
import org.histods.project.Declaration;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * An audit as SARIF 2.1.0, the format in which code scanning services read results. A finding is shown at the entry of its
 * datasets in {@code histods.yaml}, or where the project names or holds what is not declared. It has no time: the same
 * audit gives the same bytes.
 */
final class SarifReport {

    private static final String SCHEMA =
            "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
    private static final String HOME = "https://github.com/histods/histods";
    private static final String RULES = HOME + "/blob/main/docs/audit.md#rules";

    /** The most places of a finding: services show few, and a dataset may be named in every file. */
    private static final int PLACES = 10;

    private static final String TEXT = "text";

    private final Audit audit;
    private final ReportContext context;
    private final Map<String, Integer> fingerprints = new HashMap<>();

    SarifReport(Audit audit, ReportContext context) {
        this.audit = audit;
        this.context = context;
    }

    String write() {
        JsonMapper mapper =
                JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
        Map<String, Object> run = new LinkedHashMap<>();
        run.put("tool", Map.of("driver", driver()));
        run.put("automationDetails", Map.of("id", "histods-audit/" + context.within()));
        run.put("columnKind", "utf16CodeUnits");
        run.put("invocations", List.of(invocation()));
        run.put("results", audit.findings().stream().map(this::result).toList());
        run.put("properties", properties());
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("$schema", SCHEMA);
        document.put("version", "2.1.0");
        document.put("runs", List.of(run));
        return mapper.writeValueAsString(document) + "\n";
    }

    private Map<String, Object> driver() {
        Map<String, Object> driver = new LinkedHashMap<>();
        driver.put("name", "histods");
        driver.put("version", context.version());
        driver.put("informationUri", HOME);
        driver.put("rules", Arrays.stream(Rule.values()).map(SarifReport::rule).toList());
        return driver;
    }

    private static Map<String, Object> rule(Rule rule) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("id", rule.word());
        object.put("shortDescription", text(rule.meaning()));
        // GitHub's code scanning requires all three texts.
        object.put("fullDescription", text(rule.meaning() + "; fix: " + rule.remedy()));
        object.put("help", text("fix: " + rule.remedy()));
        object.put("helpUri", RULES);
        object.put("defaultConfiguration", Map.of("level", level(rule.severity())));
        return object;
    }

    /** SARIF has the same three words. */
    private static String level(Severity severity) {
        return severity.word();
    }

    /** What could not be checked, so that a result without findings is not taken for a proof. */
    private Map<String, Object> invocation() {
        Map<String, Object> invocation = new LinkedHashMap<>();
        invocation.put("executionSuccessful", true);
        invocation.put(
                "toolExecutionNotifications",
                audit.unchecked().stream()
                        .map(line -> {
                            Map<String, Object> notification = new LinkedHashMap<>();
                            notification.put("level", "note");
                            notification.put("message", text("not checked: " + line));
                            return notification;
                        })
                        .toList());
        return invocation;
    }

    private Map<String, Object> result(Finding finding) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("ruleId", finding.rule());
        result.put("level", level(finding.severity()));
        result.put("message", text(message(finding)));
        result.put("locations", places(finding).stream().map(this::location).toList());
        result.put("partialFingerprints", Map.of("primaryLocationLineHash", fingerprint(finding)));
        String reason = finding.accepted();
        if (reason != null) {
            Map<String, Object> suppression = new LinkedHashMap<>();
            suppression.put("kind", "external");
            suppression.put("status", "accepted");
            suppression.put("justification", reason);
            result.put("suppressions", List.of(suppression));
        }
        return result;
    }

    private static String message(Finding finding) {
        StringBuilder message = new StringBuilder(finding.message());
        finding.evidence().forEach(line -> message.append("\n- ").append(line));
        return message.append("\nfix: ").append(finding.remedy()).toString();
    }

    /** The places of a finding; the project's declaration if there are none, because that is where it is fixed. */
    private List<FilePosition> places(Finding finding) {
        List<FilePosition> places = new ArrayList<>(finding.places());
        if (places.isEmpty()) {
            for (AuditedDataset dataset : audit.datasets()) {
                if (finding.datasets().contains(dataset.name())) {
                    places.addAll(
                            dataset.state().declared()
                                    ? dataset.places().stream().limit(1).toList()
                                    : dataset.places());
                }
            }
        }
        return places.isEmpty()
                ? List.of(FilePosition.file(Declaration.FILE))
                : places.stream().distinct().limit(PLACES).toList();
    }

    private Map<String, Object> location(FilePosition place) {
        Map<String, Object> physical = new LinkedHashMap<>();
        Map<String, Object> artifact = new LinkedHashMap<>();
        artifact.put("uri", uri(context.within() + place.path()));
        artifact.put("uriBaseId", "%SRCROOT%");
        physical.put("artifactLocation", artifact);
        // Services refuse results without a line, also about a whole file.
        physical.put("region", Map.of("startLine", place.line().orElse(1)));
        return Map.of("physicalLocation", physical);
    }

    /** A path as a relative URI. A colon in the first name would make it a scheme. */
    private static String uri(String path) {
        return URLEncoder.encode(path, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    /** Identifies a finding in later audits, also where its line or its numbers changed. */
    private String fingerprint(Finding finding) {
        String identity = finding.rule() + "\n" + String.join("\n", finding.datasets());
        String hash =
                Hasher.sha256(identity.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 16);
        return hash + ":" + fingerprints.merge(hash, 1, Integer::sum);
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("project", audit.project());
        if (audit.purpose() != null) {
            properties.put("purpose", audit.purpose());
        }
        if (audit.lock() != null) {
            properties.put("lock", audit.lock());
        }
        return properties;
    }

    /** A message. SARIF reads {@code [words](target)} in it as a link. */
    private static Map<String, Object> text(String words) {
        return Map.of(TEXT, words.contains("](") ? words.replaceAll("[\\\\\\[\\]]", "\\\\$0") : words);
    }
}
