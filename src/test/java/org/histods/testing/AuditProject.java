package org.histods.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A project, a catalogue of the test's own datasets, and a mirror that is filled from local files. */
public final class AuditProject {

    private final Path folder;
    private final Path project;
    private final ProgramRunner histods;

    public AuditProject(Path folder) throws IOException {
        this.folder = folder;
        this.project = Files.createDirectories(folder.resolve("project"));
        Files.createDirectories(folder.resolve("manifests"));
        this.histods = new ProgramRunner(project, folder.resolve("manifests"));
    }

    /** A dataset without findings; fields by their names, in YAML, replace the usual ones. */
    public void dataset(String id, Map<String, String> fields) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("id", id);
        all.put("title", "Stand-in " + id + " of a test for audits");
        all.put("version", "\"1\"");
        all.put("year", "2020");
        all.put("license", "{ spdx: CC0-1.0 }");
        all.put("access", "{ status: open }");
        all.put("landing", "https://example.org/" + id);
        all.put("creators", "[\"Muster, Anna\"]");
        all.put("sources", "[{ kind: manual, record: \"https://example.org/" + id + "\", official: true }]");
        all.putAll(fields);
        StringBuilder text = new StringBuilder();
        all.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        Files.writeString(folder.resolve("manifests").resolve(id + ".yaml"), text);
    }

    public void dataset(String id) throws IOException {
        dataset(id, Map.of());
    }

    /** Pulls the dataset from a local zip of these files, by path. */
    public void pull(String id, Map<String, String> files) throws IOException {
        Map<String, byte[]> members = new TreeMap<>();
        files.forEach((path, words) -> members.put(path, content(words).getBytes(StandardCharsets.UTF_8)));
        Path zip = Files.write(folder.resolve(id + ".zip"), ArchiveFixtures.zip(members));
        ran(0, "pull", id, "--from", zip.toString());
    }

    /** Content that is long enough to be recognised. */
    public static String content(String words) {
        return "the bytes of an image, as it were: " + words;
    }

    /** Writes a file of the project. */
    public void write(String path, String text) throws IOException {
        Path file = project.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    /** A project with a citation of every dataset, so that only what a test is about is found. */
    public void declares(String... entries) throws IOException {
        write(
                "histods.yaml",
                "purpose: research\ndatasets:\n"
                        + String.join(
                                "",
                                List.of(entries).stream()
                                        .map(e -> "  - " + e + "\n")
                                        .toList()));
        StringBuilder cites = new StringBuilder();
        try (var list = Files.list(folder.resolve("manifests"))) {
            list.map(p -> String.valueOf(p.getFileName()).replace(".yaml", ""))
                    .sorted()
                    .forEach(id ->
                            cites.append("https://example.org/").append(id).append('\n'));
        }
        write("paper.bib", cites.toString());
    }

    /** The folder that contains the project, the mirror and the manifests. */
    public Path folder() {
        return folder;
    }

    public Path project() {
        return project;
    }

    public Path mirror() {
        return project.resolve("mirror");
    }

    public Path manifest(String id) {
        return folder.resolve("manifests").resolve(id + ".yaml");
    }

    public ProgramRunner.Result ran(int exit, String... command) {
        return histods.ran(exit, command);
    }

    /** What an audit finds, as its JSON says it. */
    public JsonNode audit(String... options) {
        List<String> command = new ArrayList<>(List.of("audit", "--json", "--fail-on", "never"));
        command.addAll(List.of(options));
        return new JsonMapper().readTree(ran(0, command.toArray(String[]::new)).out());
    }

    /** The findings of a rule. */
    public static List<JsonNode> findings(JsonNode audit, String rule) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode finding : audit.path("findings")) {
            if (finding.path("rule").asString("").equals(rule)) {
                found.add(finding);
            }
        }
        return found;
    }
}
