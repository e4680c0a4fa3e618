package org.histods.cli.catalogue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.manifest.ManifestEdit;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.project.AtomicFile;
import org.histods.pull.upstream.UpstreamCheck.Finding;
import org.histods.pull.upstream.UpstreamCheck.Outcome;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder of a check: {@code findings.jsonl} gets one line for each dataset, so that a check that was killed continues where
 * it stopped; {@code report.md} and {@code changes.patch} are written at the end.
 */
final class CheckReport {

    private static final String FINDINGS = "findings.jsonl";
    private static final String REPORT = "report.md";
    private static final String PATCH = "changes.patch";

    /** How long an earlier result is used again. */
    private static final Duration FRESH = Duration.ofDays(7);

    private static final Map<Outcome, String> TITLES = new EnumMap<>(Map.of(
            Outcome.GONE, "Gone",
            Outcome.MOVED, "Moved",
            Outcome.CHANGED, "Changed",
            Outcome.NEWER, "Newer version",
            Outcome.KNOWN, "Size or checksum now known",
            Outcome.NEW, "Files that the manifest does not pin",
            Outcome.NOT_CHECKED, "Could not be checked",
            Outcome.BY_HAND, "Only a person can check"));

    /**
     * The result for one dataset.
     *
     * @param manifest the SHA-256 of the manifest's text
     */
    record Entry(String dataset, String manifest, Instant at, List<Finding> findings) {}

    private final Path folder;
    private final JsonMapper mapper = new JsonMapper();
    private final Map<String, Entry> earlier = new LinkedHashMap<>();

    private CheckReport(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens the folder, or makes it.
     *
     * @throws Problem {@code USAGE} if it contains other files; {@code DISK} if it cannot be written
     */
    static CheckReport open(Path folder, String version, Instant now) throws Problem {
        CheckReport report = new CheckReport(folder);
        try {
            Files.createDirectories(folder);
            report.refuseForeign();
            report.start(version, now);
        } catch (IOException e) {
            throw report.failed(e);
        }
        return report;
    }

    private Problem failed(IOException e) {
        return new Problem(
                Problem.Kind.DISK,
                Problem.because("cannot write the report in " + folder, e),
                "choose a folder that you can write to");
    }

    private void refuseForeign() throws IOException, Problem {
        try (Stream<Path> list = Files.list(folder)) {
            String foreign = list.map(path -> String.valueOf(path.getFileName()))
                    .filter(name -> !List.of(FINDINGS, REPORT, PATCH).contains(name))
                    .filter(name -> !name.startsWith(".histods-"))
                    .findFirst()
                    .orElse(null);
            if (foreign != null) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        folder + " has other files, such as " + foreign,
                        "give a new or empty folder, or that of an earlier check");
            }
        }
    }

    /** Begins the file with the results of an earlier check that did not end. */
    private void start(String version, Instant now) throws IOException {
        Path file = folder.resolve(FINDINGS);
        if (Files.exists(file)) {
            read(Files.readAllLines(file), now);
        }
        StringBuilder text =
                new StringBuilder(line(Map.of("event", "start", "histods", version, "at", now.toString())));
        earlier.values().forEach(entry -> text.append(line(object(entry))));
        AtomicFile.write(folder.resolve(FINDINGS), text.toString());
    }

    private void read(List<String> lines, Instant now) {
        for (String line : lines) {
            try {
                JsonNode node = mapper.readTree(line);
                if (node.path("event").asString("").equals("end")) {
                    earlier.clear();
                } else if (node.has("dataset")) {
                    Entry entry = entry(node);
                    if (entry.at().plus(FRESH).isAfter(now)) {
                        earlier.put(entry.dataset(), entry);
                    }
                }
            } catch (JacksonException | IllegalArgumentException | DateTimeException torn) {
                // The line that was being written when the check was killed: that dataset is checked again.
            }
        }
    }

    private static Entry entry(JsonNode node) {
        List<Finding> findings = new ArrayList<>();
        for (JsonNode f : node.path("findings").values()) {
            List<ManifestEdit> edits = new ArrayList<>();
            for (JsonNode e : f.path("edits").values()) {
                List<String> values = new ArrayList<>();
                e.path("values").values().forEach(value -> values.add(value.asString()));
                edits.add(new ManifestEdit(
                        e.path("pointer").asString(),
                        e.path("field").asString(),
                        values,
                        ManifestEdit.Kind.valueOf(e.path("kind").asString())));
            }
            findings.add(new Finding(
                    Outcome.valueOf(f.path("outcome").asString()),
                    f.path("source").asString(),
                    f.path("path").asString(),
                    f.path("message").asString(),
                    edits));
        }
        return new Entry(
                node.path("dataset").asString(),
                node.path("manifest").asString(),
                Instant.parse(node.path("at").asString()),
                findings);
    }

    private static Map<String, Object> object(Entry entry) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("dataset", entry.dataset());
        object.put("manifest", entry.manifest());
        object.put("at", entry.at().toString());
        List<Map<String, Object>> findings = new ArrayList<>();
        for (Finding f : entry.findings()) {
            Map<String, Object> finding = new LinkedHashMap<>();
            finding.put("outcome", f.outcome().name());
            finding.put("source", f.source());
            finding.put("path", f.path());
            finding.put("message", f.message());
            finding.put(
                    "edits",
                    f.edits().stream()
                            .map(e -> Map.of(
                                    "pointer",
                                    e.pointer(),
                                    "field",
                                    e.field(),
                                    "values",
                                    e.values(),
                                    "kind",
                                    e.kind().name()))
                            .toList());
            findings.add(finding);
        }
        object.put("findings", findings);
        return object;
    }

    private String line(Map<String, ?> object) {
        return mapper.writeValueAsString(object) + "\n";
    }

    /** The result of an earlier run for this manifest; null if there is none, or if something could not be checked then. */
    @Nullable
    Entry earlier(ManifestFile file) {
        Entry entry = earlier.get(file.manifest().id().text());
        boolean usable = entry != null
                && entry.manifest().equals(file.sha256().hex())
                && entry.findings().stream().noneMatch(f -> f.outcome() == Outcome.NOT_CHECKED);
        return usable ? entry : null;
    }

    /** Keeps the result of a dataset. */
    void keep(Entry entry) throws Problem {
        try {
            Files.writeString(folder.resolve(FINDINGS), line(object(entry)), StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Writes the report, and the patch if there is one, and ends the check. */
    void end(List<Entry> entries, @Nullable String patch, List<String> byHand, Instant now) throws Problem {
        try {
            AtomicFile.write(folder.resolve(REPORT), markdown(entries, byHand));
            if (patch != null) {
                AtomicFile.write(folder.resolve(PATCH), patch);
            }
            Files.writeString(
                    folder.resolve(FINDINGS),
                    line(Map.of("event", "end", "at", now.toString())),
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static String markdown(List<Entry> entries, List<String> byHand) {
        StringBuilder text = new StringBuilder("# Check of manifests\n\n");
        Instant first = entries.stream().map(Entry::at).min(Instant::compareTo).orElse(Instant.EPOCH);
        Instant last = entries.stream().map(Entry::at).max(Instant::compareTo).orElse(Instant.EPOCH);
        text.append(Count.of(entries.size(), "dataset") + ", asked from " + first + " to " + last + ".\n\n");
        text.append("| result | findings | datasets |\n|---|---|---|\n");
        for (Outcome outcome : Outcome.values()) {
            long datasets = entries.stream()
                    .filter(e -> e.findings().stream().anyMatch(f -> f.outcome() == outcome))
                    .count();
            long findings = entries.stream()
                    .flatMap(e -> e.findings().stream())
                    .filter(f -> f.outcome() == outcome)
                    .count();
            text.append("| " + title(outcome) + " | " + findings + " | " + datasets + " |\n");
        }
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.SAME) {
                section(text, outcome, entries);
            }
        }
        if (!byHand.isEmpty()) {
            text.append("\n## Changes that must be made by hand\n\n");
            byHand.forEach(line -> text.append("- " + plain(line) + "\n"));
        }
        return text.toString();
    }

    private static String title(Outcome outcome) {
        return TITLES.getOrDefault(outcome, "As pinned");
    }

    private static void section(StringBuilder text, Outcome outcome, List<Entry> entries) {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries) {
            for (Finding f : entry.findings()) {
                if (f.outcome() == outcome) {
                    lines.add("- **" + entry.dataset() + "** " + plain(f.source())
                            + (f.path().isEmpty() ? "" : ", " + plain(f.path())) + ": " + plain(f.message()));
                }
            }
        }
        if (!lines.isEmpty()) {
            text.append("\n## " + title(outcome) + "\n\n" + String.join("\n", lines) + "\n");
        }
    }

    /** A text of a host as plain text in Markdown. */
    private static String plain(String text) {
        return text.replaceAll("\\s+", " ").replaceAll("([\\\\`*_\\[\\]<>|#])", "\\\\$1");
    }
}
