package org.histods.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.histods.testing.S3Server;
import org.histods.testing.ServingProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/json.md} lists the fields of every line that commands print with {@code --json}. */
final class JsonDocsTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private DemoRunner histods;
    private Map<String, Set<String>> documented;

    /** The fields of each kind of line that was printed, by the headings that document it. */
    private final Map<String, Set<String>> printed = new TreeMap<>();

    @BeforeEach
    void start() throws Exception {
        histods = new DemoRunner(folder);
        documented = documented();
    }

    @AfterEach
    void stop() {
        histods.close();
    }

    /** The documented fields by headings, such as {@code pull/plan}; those of nested objects such as {@code pull/plan.size}. */
    private static Map<String, Set<String>> documented() throws IOException {
        Path page = Path.of(System.getProperty("project.basedir", "."), "docs", "json.md");
        Map<String, Set<String>> documented = new TreeMap<>();
        String title = "";
        String section = "";
        String table = "";
        for (String line : Files.readAllLines(page)) {
            if (line.startsWith("## ")) {
                title = line.substring(3);
                section = title;
            } else if (line.startsWith("### ")) {
                section = title + "/" + line.substring(4);
            } else if (line.startsWith("| field")) {
                Matcher nested = Pattern.compile("\\| field of `(\\w+)` \\|.*").matcher(line);
                table = section + (nested.matches() ? "." + nested.group(1) : "");
                documented.put(table, new TreeSet<>());
            } else if (line.startsWith("| `")) {
                Matcher field = Pattern.compile("`(\\w+)`").matcher(line.substring(0, line.indexOf('|', 1)));
                while (field.find()) {
                    assertTrue(documented.getOrDefault(table, new TreeSet<>()).add(field.group(1)), line);
                }
            }
        }
        return documented;
    }

    private List<JsonNode> run(int exit, String... command) {
        return run(folder, exit, command);
    }

    private List<JsonNode> run(Path here, int exit, String... command) {
        String[] words = Stream.concat(Stream.of("--json"), Stream.of(command)).toArray(String[]::new);
        ProgramRunner.Result ran = histods.run(here, words);
        assertEquals(exit, ran.exit(), ran.all());
        return ran.out().lines().map(JSON::readTree).toList();
    }

    /** Compares a line with the tables under that heading; also its nested objects that have a table. */
    private void check(String section, JsonNode line) {
        compare(section, line);
        for (String nested : documented.keySet()) {
            if (nested.startsWith(section + ".")) {
                JsonNode value = line.path(nested.substring(section.length() + 1));
                Stream<JsonNode> objects = value.isArray() ? value.valueStream() : Stream.of(value);
                objects.filter(JsonNode::isObject).forEach(object -> compare(nested, object));
            }
        }
    }

    private void compare(String section, JsonNode object) {
        Set<String> fields = new TreeSet<>(object.propertyNames());
        Set<String> before = printed.putIfAbsent(section, fields);
        assertEquals(before == null ? fields : before, fields, section + ": " + object);
    }

    private void checkAll(String section, List<JsonNode> lines) {
        assertTrue(!lines.isEmpty(), section);
        for (JsonNode line : lines) {
            check(section, line);
        }
    }

    private static List<JsonNode> events(List<JsonNode> lines, String event) {
        return lines.stream()
                .filter(line -> line.path("event").asString("").equals(event))
                .toList();
    }

    @Test
    void everyLine_hasTheDocumentedFields() throws Exception {
        catalogue();
        mirror();
        files();
        project();
        setup();
        if (S3Server.there() || System.getenv("CI") != null) {
            objectStore();
        } else {
            documented.remove("push");
        }
        assertEquals(lines(documented), lines(printed));
    }

    private static String lines(Map<String, Set<String>> fields) {
        StringBuilder lines = new StringBuilder();
        new LinkedHashMap<>(fields).forEach((section, names) -> lines.append(section + ": " + names + "\n"));
        return lines.toString();
    }

    private void catalogue() throws Exception {
        checkAll("list", run(0, "list"));
        checkAll("list", run(0, "search", "demo"));
        checkAll("list/Files", run(0, "list", "--html", "page.html", "--lineage-svg", "lineage.svg"));
        List<JsonNode> shown = run(0, "show", "demo-colon", "--files");
        checkAll("show/Members", shown.subList(1, shown.size()));
        checkAll("show/Files", run(0, "show", "demo-colon", "--where", "n<=2"));
        checkAll("show/Lineage", run(0, "show", "demo-monuseg", "--lineage"));
        Path wrong = Files.writeString(folder.resolve("wrong.yaml"), "id: wrong\n");
        checkAll("manifest lint", run(2, "manifest", "lint", wrong.toString()));
        checkAll("manifest check", run(0, "manifest", "check", "demo-nuclei"));
    }

    private void mirror() throws Exception {
        List<JsonNode> planned = run(0, "pull", "demo-colon", "--dry-run");
        checkAll("pull/dry run", events(planned, "plan"));
        checkAll("pull/total", events(planned, "total"));
        checkAll("pull/shard", events(run(0, "pull", "demo-node", "--dry-run", "--shard", "1/2"), "shard"));
        checkAll("pull/shard-done", events(run(0, "pull", "demo-node", "--shard", "1/2"), "shard-done"));
        checkAll("status/shards", events(run(0, "status"), "shards"));
        run(0, "pull", "demo-node", "--shard", "2/2");
        List<JsonNode> pull = run(0, "pull", "demo-colon", "demo-kumar");
        checkAll("pull/plan", events(pull, "plan"));
        checkAll("pull/file", events(pull, "file"));
        checkAll("pull/done", events(pull, "done"));
        checkAll("Errors", events(run(3, "pull", "demo-form"), "problem"));
        histods.with(
                "HISTODS_CONFIG",
                Files.writeString(folder.resolve("none.yaml"), "{}").toString());
        checkAll("Errors", events(run(4, "pull", "demo-marrow", "--route", "*=http://127.0.0.1:1/{host}"), "problem"));
        histods.with("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        checkAll("status", run(0, "status"));
        checkAll("path", run(0, "path", "demo-colon"));
        checkAll("verify/In the mirror", run(0, "verify"));
        checkAll("verify/Images", events(run(0, "verify", "demo-colon", "--images"), "verify-images"));
        List<JsonNode> oldest = run(0, "verify", "--oldest", "100%");
        checkAll("verify/The oldest files", events(oldest, "verify"));
        checkAll("verify/The share that was read", events(oldest, "verify-oldest"));
        checkAll("verify/The journal", run(0, "verify", "--journal"));
        checkAll("provenance", run(0, "provenance", "demo-colon"));
        checkAll("split", run(0, "split", "demo-colon"));
        checkAll("split make", run(0, "split", "make", "demo-colon", "--only", "**/*.png"));
        checkAll("outdated", run(6, "outdated", "demo-colon"));
        Path partial = Files.createDirectories(folder.resolve("mirror/partial/k/idle"));
        Files.setLastModifiedTime(
                Files.writeString(partial.resolve("part"), "12345"),
                java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(86400 * 30)));
        checkAll("gc", run(0, "gc", "--dry-run", "--older-than", "0"));
        checkAll("gc", run(0, "gc", "--older-than", "0"));
    }

    private void files() throws Exception {
        Path data = Path.of(run(0, "path", "demo-colon").get(0).path("path").asString(""));
        String file;
        try (Stream<Path> walk = Files.walk(data)) {
            file = data.relativize(walk.filter(Files::isRegularFile)
                            .sorted()
                            .findFirst()
                            .orElseThrow())
                    .toString();
        }
        checkAll("provenance/One file", run(0, "provenance", "demo-colon", file));
        checkAll("identify", run(0, "identify", data.resolve(file).toString()));
        checkAll("index", run(0, "index", "export", "i.gz", "--by", "Lab"));
        checkAll("index", run(0, "index", "import", "i.gz"));
        checkAll("index", run(0, "index", "list"));
        checkAll("export", run(0, "export", "demo-colon", "--format", "bagit", "--to", "bag"));
        checkAll("verify/In a folder", run(0, "verify", "./bag"));
        Path csv = folder.resolve("split.csv");
        StringBuilder rows = new StringBuilder("path,split\n");
        int row = 0;
        try (Stream<Path> walk = Files.walk(data)) {
            for (Path one :
                    walk.filter(p -> p.toString().endsWith(".png")).sorted().toList()) {
                rows.append(data.relativize(one)).append(row++ % 2 == 0 ? ",a\n" : ",b\n");
            }
        }
        Files.writeString(csv, rows);
        checkAll("split", run(9, "split", "demo-colon", csv.toString()));
        checkAll("remove", run(0, "remove", "demo-colon", "--dry-run"));
        checkAll("remove", run(0, "remove", "demo-colon", "--yes"));
        checkAll("pull/adopt", events(run(0, "adopt", "bag/data", "--as", "demo-colon", "--dry-run"), "adopt"));
    }

    private void project() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project"));
        checkAll("init", run(project, 0, "init", "--purpose", "research"));
        checkAll("add", run(project, 0, "add", "demo-kumar", "--role", "train"));
        run(project, 0, "add", "demo-monuseg", "--role", "test");
        checkAll("lock", events(run(project, 0, "lock"), "locked"));
        checkAll("sync", events(run(project, 0, "sync"), "synced"));
        checkAll("cite", run(project, 0, "cite"));
        checkAll("audit", run(project, 3, "audit"));
        checkAll("drop", run(project, 0, "drop", "demo-monuseg"));
    }

    private void setup() throws Exception {
        histods.with("HF_TOKEN", "not-a-secret");
        histods.piping("not-a-secret\n");
        checkAll("login/Store", run(0, "login", "zenodo"));
        checkAll("login", run(0, "login"));
        checkAll("login/Remove", run(0, "login", "zenodo", "--remove"));
        checkAll("doctor", run(0, "doctor"));
        served();
    }

    private void objectStore() throws Exception {
        Path objects = folder.resolve("objects");
        Files.createDirectories(objects.resolve("lab"));
        try (S3Server server = new S3Server(objects)) {
            ProgramRunner owner = new ProgramRunner(folder, histods.manifests())
                    .with("AWS_ENDPOINT_URL", "http://127.0.0.1:" + server.port())
                    .with("AWS_ACCESS_KEY_ID", S3Server.KEY_ID)
                    .with("AWS_SECRET_ACCESS_KEY", S3Server.SECRET);
            ProgramRunner.Result ran =
                    owner.run("--json", "push", "demo-kumar", "--to", "s3://lab/histods", "--private");
            assertEquals(0, ran.exit(), ran.all());
            checkAll("push", ran.out().lines().map(JSON::readTree).toList());
        }
    }

    /** The lines of a server that a client asks for a dataset. */
    private void served() throws Exception {
        Map<String, String> environment = Map.of(
                "HOME", folder.toString(),
                "HISTODS_MIRROR", folder.resolve("lab").toString(),
                "HISTODS_CONFIG", folder.resolve("config.yaml").toString(),
                "HISTODS_MANIFESTS", histods.manifests().toString(),
                "HISTODS_BUILTIN", "off");
        String[] options = {"--json", "--listen", "127.0.0.1:0", "--pull-through", "demo-kumar", "--keep-free", "1MB"};
        String version = run(0, "show", "demo-kumar").get(0).path("version").asString();
        try (ServingProgram server = new ServingProgram(folder, environment, options)) {
            check("serve", JSON.readTree(server.await(line -> line.contains("\"serving\""))));
            server.send("POST", "bags/demo-kumar/" + version + "/", "Content-Type", "application/json");
            check("serve/pull-through", JSON.readTree(server.await(line -> line.contains("\"pulled\""))));
        }
    }
}
