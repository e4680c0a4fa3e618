package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.histods.testing.NewerVersions;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.RandomFiles;
import org.histods.testing.SimulatedHosts;
import org.histods.testing.SimulatedRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checking manifests of every kind of source: each kind of change that the kind can express, and the patch for it.
 *
 * <p>A record is drafted from its simulated host, and the draft is then changed as if the host had changed after it was made.
 * All drafts with all changes are one catalogue, so that a single check is the routine of a maintainer.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckOfEachKindTest {

    /** Whose drafts pin no file. */
    private static final Set<String> NO_FILES = Set.of("tcia");

    /** Whose hosts state no size in a listing: a folder of a repository is pinned by its git tree. */
    private static final Set<String> NO_BYTES = Set.of("tcia", "github folder");

    /** Whose hosts state no checksum. */
    private static final Set<String> NO_SUMS =
            Set.of("tcia", "kaggle", "google-drive", "grand-challenge", "torrent", "ftp", "http");

    /** Whose hosts have no listing, so that each pinned file is asked for. */
    private static final Set<String> NO_LISTING = Set.of("google-drive", "http");

    /** Whose records have one file. */
    private static final Set<String> ONE_FILE =
            Set.of("zenodo elsewhere", "kaggle", "grand-challenge", "github folder");

    /** What happened at the host since the manifest was written, as a change of the manifest. */
    private enum Change {
        NOTHING(text -> text),
        OTHER_BYTES(text -> text.replaceAll("(bytes: )([1-9])", "$19$2")),
        OTHER_SUMS(text -> Pattern.compile("(sum: [a-z0-9-]+:)([0-9a-f])")
                .matcher(text)
                .replaceAll(checksum -> checksum.group(1) + other(checksum.group(2)))),
        RENAMED(text -> renamed(text)),
        LOST(text -> withoutChecksums(renamed(text))),
        BYTES_KNOWN(text -> text.replaceAll("(?m)^ +bytes: .*\n", "")),
        SUMS_KNOWN(text -> withoutChecksums(text)),
        NEW_FILE(text -> text.replaceFirst("(?s)(\n  files:\n)  - path: .*?\n(  - path: )", "$1$2"));

        @SuppressWarnings("ImmutableEnumChecker") // The functions have no state.
        private final UnaryOperator<String> edit;

        Change(UnaryOperator<String> edit) {
            this.edit = edit;
        }

        private static String other(String digit) {
            return digit.equals("0") ? "1" : "0";
        }

        private static String withoutChecksums(String text) {
            return text.replaceAll("(?m)^    sums:\n(?:    - sum: .*\n      by: .*\n)+", "");
        }

        /** Paths, and ids and URLs at the source, that the host does not have. */
        private static String renamed(String text) {
            String paths = text.replaceAll("(?m)^(  - path: \"?)", "$1other-");
            String urls = paths.replaceAll("(?m)^(    at: \"?https?:\\S+?)(\"?)$", "$1x$2");
            return Pattern.compile("(?m)^(    at: \"?[a-z]*)([0-9])")
                    .matcher(urls)
                    .replaceAll(id -> id.group(1) + (id.group(2).equals("9") ? "8" : "9"));
        }
    }

    /** What a check found of one manifest. */
    private record Found(Set<String> outcomes, String lines) {

        boolean has(String outcome) {
            return outcomes.contains(outcome);
        }
    }

    private Path folder;
    private SimulatedHosts hosts;
    private final Map<String, String> drafts = new LinkedHashMap<>();
    private Result checked;
    private Map<String, Found> found;
    private Map<String, Found> afterThePatch;

    static List<String> kinds() {
        return List.copyOf(SimulatedRecord.kinds().keySet());
    }

    /** Drafts a record of each kind, checks all drafts with all changes at once, applies the patch, and checks again. */
    @BeforeAll
    void check(@TempDir Path temporary) throws Exception {
        folder = temporary;
        hosts = new SimulatedHosts();
        ProgramRunner histods = hosts.runner(folder);
        simulate(hosts).forEach((kind, setup) -> {
            Result draft = histods.run("manifest", "new", setup.address());
            assertEquals(0, draft.exit(), draft::toString);
            drafts.put(kind, draft.out());
        });
        for (Map.Entry<String, String> draft : drafts.entrySet()) {
            for (Change change : Change.values()) {
                write(id(draft.getKey(), change), "# a remark that stays\n" + change.edit.apply(draft.getValue()));
            }
        }
        checked = histods.run("manifest", "check", "--report", "out", "--write", "--json");
        found = found(checked);
        Process patch = new ProcessBuilder("git", "apply", "--unidiff-zero", "out/changes.patch")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String result = new String(patch.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, patch.waitFor(), result);
        afterThePatch = found(histods.run("manifest", "check", "--json"));
    }

    @AfterAll
    void close() {
        hosts.close();
    }

    private static Map<String, SimulatedRecord> simulate(SimulatedHosts hosts) throws Exception {
        RandomFiles seeded = new RandomFiles(77);
        Map<String, SimulatedRecord> setups = new LinkedHashMap<>();
        for (Map.Entry<String, SimulatedRecord.Host> host :
                SimulatedRecord.kinds().entrySet()) {
            setups.put(host.getKey(), host.getValue().simulate(seeded, hosts));
        }
        return setups;
    }

    private static String id(String kind, Change change) {
        return (kind + " " + change.name().toLowerCase(java.util.Locale.ROOT)).replaceAll("[ _]", "-");
    }

    private void write(String id, String text) throws Exception {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        Files.writeString(manifests.resolve(id + ".yaml"), text.replaceFirst("(?m)^id: .*", "id: " + id));
    }

    private static Map<String, Found> found(Result ran) {
        Map<String, Found> all = new HashMap<>();
        for (String line : ran.out().lines().filter(l -> l.startsWith("{")).toList()) {
            JsonNode node = new JsonMapper().readTree(line);
            Found one = all.computeIfAbsent(node.path("dataset").asString(), id -> new Found(new TreeSet<>(), ""));
            one.outcomes().add(node.path("outcome").asString());
            all.put(node.path("dataset").asString(), new Found(one.outcomes(), one.lines() + line + "\n"));
        }
        return all;
    }

    private Found found(String kind, Change change) {
        return found.getOrDefault(id(kind, change), new Found(Set.of(), "nothing"));
    }

    private void assertFound(boolean expected, String outcome, String kind, Change change) {
        Found one = found(kind, change);
        assertEquals(expected, one.has(outcome), () -> outcome + "\n" + one.lines() + drafts.get(kind));
    }

    /** The patched manifest fits its host. */
    private void assertFits(String kind, Change change) {
        Found one = afterThePatch.getOrDefault(id(kind, change), new Found(Set.of(), "nothing"));
        Set<String> left = new TreeSet<>(one.outcomes());
        left.retainAll(Set.of("changed", "known", "gone", "moved"));
        assertEquals(Set.of(), left, one::lines);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void nothing_isTheSame(String kind) {
        Found one = found(kind, Change.NOTHING);
        Set<String> other = new TreeSet<>(one.outcomes());
        other.removeAll(Set.of("same", "known", "not-checked"));
        assertEquals(Set.of(), other, one::lines);
        assertTrue(one.has("same") || kind.equals("grand-challenge"), one::lines);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void otherSizes_areChanged(String kind) {
        boolean stated = Objects.requireNonNull(drafts.get(kind)).contains("bytes: ");
        assertEquals(!NO_BYTES.contains(kind) && !kind.equals("grand-challenge"), stated, drafts.get(kind));
        assertFound(stated, "changed", kind, Change.OTHER_BYTES);
        assertFits(kind, Change.OTHER_BYTES);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void otherChecksums_areChanged(String kind) {
        assertFound(!NO_SUMS.contains(kind), "changed", kind, Change.OTHER_SUMS);
        if (!kind.equals("github folder")) {
            assertFits(kind, Change.OTHER_SUMS);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void filesUnderOtherNames_areMovedIfTheirChecksumsMatchAndElseGone(String kind) {
        boolean moved = !NO_SUMS.contains(kind) && !kind.equals("github folder");
        assertFound(moved, "moved", kind, Change.RENAMED);
        // The simulated Google Drive has one file, whatever the id.
        assertFound(!NO_FILES.contains(kind) && !kind.equals("google-drive"), "gone", kind, Change.LOST);
        assertFound(false, "moved", kind, Change.LOST);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void sizesThatTheManifestLacks_areKnown(String kind) {
        assertFound(!NO_BYTES.contains(kind) && !kind.equals("grand-challenge"), "known", kind, Change.BYTES_KNOWN);
        assertFits(kind, Change.BYTES_KNOWN);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void checksumsThatTheManifestLacks_areKnown(String kind) {
        if (!kind.equals("http")) {
            assertFound(!NO_SUMS.contains(kind) && !kind.equals("github folder"), "known", kind, Change.SUMS_KNOWN);
        }
        assertFits(kind, Change.SUMS_KNOWN);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void fileThatIsNotPinned_isNew(String kind) {
        boolean listed = !NO_FILES.contains(kind) && !NO_LISTING.contains(kind) && !ONE_FILE.contains(kind);
        assertFound(listed, "new", kind, Change.NEW_FILE);
    }

    @Test
    void patch_keepsRemarksAndPassesTheLint() throws Exception {
        ProgramRunner histods = hosts.runner(folder);
        List<String> command = new ArrayList<>(List.of("manifest", "lint"));
        for (Change change : List.of(Change.OTHER_BYTES, Change.OTHER_SUMS, Change.BYTES_KNOWN, Change.SUMS_KNOWN)) {
            for (String kind : kinds()) {
                String path = "manifests/" + id(kind, change) + ".yaml";
                assertTrue(Files.readString(folder.resolve(path)).startsWith("# a remark that stays\n"), path);
                command.add(path);
            }
        }
        Result lint = histods.run(command.toArray(String[]::new));
        assertEquals(0, lint.exit(), lint::all);
    }

    @Test
    void differences_endWithCode6AndAreInTheReport() throws Exception {
        assertEquals(6, checked.exit());
        String report = Files.readString(folder.resolve("out/report.md"));
        for (String heading : List.of("## Gone", "## Moved", "## Changed")) {
            assertTrue(report.contains(heading), report);
        }
    }

    /** Eight manifests of one record need one listing of it, in each of the two checks and for its draft. */
    @Test
    void listings_areRequestedOncePerCheck() {
        Map<String, Integer> often = new TreeMap<>(hosts.requests());
        // Without a listing each file is asked for. IDC has one address for several questions.
        often.keySet().removeIf(path -> path.matches("/(drive\\.|files\\.example|api\\.imaging\\.).*"));
        often.values().removeIf(times -> times <= 6);
        assertEquals(Map.of(), often);
    }

    @Test
    void recordsThatAreNotThereAnyMore_areGone() throws Exception {
        Path other = Files.createDirectories(folder.resolve("gone"));
        try (SimulatedHosts empty = new SimulatedHosts()) {
            ProgramRunner histods = empty.runner(other);
            for (Map.Entry<String, String> draft : drafts.entrySet()) {
                Files.writeString(
                        other.resolve("manifests").resolve(id(draft.getKey(), Change.NOTHING) + ".yaml"),
                        draft.getValue().replaceFirst("(?m)^id: .*", "id: " + id(draft.getKey(), Change.NOTHING)));
            }
            Result ran = histods.run("manifest", "check", "--json");
            assertEquals(6, ran.exit(), ran::all);
            found(ran).forEach((id, one) -> assertEquals(Set.of("gone"), one.outcomes(), one::lines));
            assertEquals(drafts.size(), found(ran).size());

            Result offline = histods.run("manifest", "check", "--json", "--offline");
            assertEquals(4, offline.exit(), offline::all);
            found(offline).forEach((id, one) -> assertEquals(Set.of("not-checked"), one.outcomes(), one::lines));
        }
    }

    /** The host has a newer version of the record, in which each file has another size. */
    @Test
    void newerVersions_areReportedForEachKindThatHasThem() throws Exception {
        Path other = Files.createDirectories(folder.resolve("newer"));
        try (SimulatedHosts newer = new SimulatedHosts()) {
            Map<String, SimulatedRecord> setups = simulate(newer);
            ProgramRunner histods = newer.runner(other);
            NewerVersions.publish(newer, setups);
            for (Map.Entry<String, String> draft : drafts.entrySet()) {
                String id = draft.getKey().replace(' ', '-');
                Files.writeString(
                        other.resolve("manifests").resolve(id + ".yaml"),
                        draft.getValue().replaceFirst("(?m)^id: .*", "id: " + id));
            }

            Result ran = histods.run("manifest", "check", "--json");

            Set<String> with = new TreeSet<>();
            found(ran).forEach((id, one) -> {
                if (one.has("newer")) {
                    with.add(id);
                }
                assertFalse(one.has("changed"), one::lines);
            });
            assertEquals(
                    Set.of(
                            "zenodo",
                            "zenodo-elsewhere",
                            "figshare",
                            "mendeley",
                            "dataverse",
                            "kaggle",
                            "huggingface",
                            "github-folder",
                            "github-release"),
                    with,
                    ran::all);
            assertEquals(6, ran.exit());
        }
    }

    @Test
    void renamedRepositories_areMovedAndThePatchHasTheNewName() throws Exception {
        Path other = Files.createDirectories(folder.resolve("renamed"));
        try (SimulatedHosts renamed = new SimulatedHosts()) {
            Map<String, SimulatedRecord> setups = simulate(renamed);
            ProgramRunner histods = renamed.runner(other);
            String hub = Objects.requireNonNull(setups.get("huggingface"))
                    .address()
                    .replaceFirst(".*/datasets/lab-x/(\\w+)/.*", "$1");
            renamed.again("(/datasets/)lab-x(/" + hub + ")", "$1lab-y$2", text -> text);
            renamed.again(
                    "(/datasets/lab-.)(/" + hub + "/revision/main)",
                    "$1$2",
                    text -> text.replaceFirst("\\{", "{\"id\": \"lab-y/" + hub + "\","));
            String code = Objects.requireNonNull(setups.get("github release"))
                    .address()
                    .replaceFirst(".*/lab/(\\w+)/.*", "$1");
            renamed.again("(/repos)/lab(/" + code + ")", "$1/group$2", text -> text);
            renamed.again(
                    "(/repos/\\w+/" + code + ")$",
                    "$1",
                    text -> text.replaceFirst("\\{", "{\"full_name\": \"group/" + code + "\","));
            renamed.again("/releases/tags/v1.5$", "/releases/latest", text -> text);
            for (String kind : List.of("huggingface", "github release")) {
                String id = kind.replace(' ', '-');
                Files.writeString(
                        other.resolve("manifests").resolve(id + ".yaml"),
                        Objects.requireNonNull(drafts.get(kind)).replaceFirst("(?m)^id: .*", "id: " + id));
            }

            Result ran = histods.run("manifest", "check", "--json", "--report", "out", "--write");

            found(ran).forEach((id, one) -> assertTrue(one.has("moved"), one::lines));
            assertEquals(2, found(ran).size(), ran::all);
            String patch = Files.readString(other.resolve("out/changes.patch"));
            assertTrue(patch.contains("\n+  record: \"datasets/lab-y/" + hub), patch);
            assertTrue(patch.contains("\n+  record: \"group/" + code), patch);
        }
    }
}
