package org.histods.cli.mirror;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestReader;
import org.histods.source.Source;
import org.histods.source.all.Sources;
import org.histods.testing.NothingToSay;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.RandomFiles;
import org.histods.testing.SimulatedHosts;
import org.histods.testing.SimulatedRecord;
import org.histods.testing.SimulatedRepositories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every kind of source, from a URL in the browser's address bar to bytes on disk: a draft, a lint without errors, a
 * pull, and the right word for its check. The hosts are simulated in their own formats, with generated records.
 */
class EveryKindTest {

    private static final Set<String> PEOPLE = Set.of("manual", "credential");

    private static final Map<String, SimulatedRecord.Host> HOSTS = SimulatedRecord.kinds();

    @TempDir
    Path folder;

    private SimulatedHosts hosts;
    private ProgramRunner histods;

    static Stream<String> names() {
        return HOSTS.keySet().stream();
    }

    @BeforeEach
    void setUp() throws Exception {
        hosts = new SimulatedHosts();
        histods = hosts.runner(folder);
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private Result run(String... command) {
        return histods.run(command);
    }

    private Result drafted(String address) throws Exception {
        Result draft = run("manifest", "new", address);
        assertEquals(0, draft.exit(), draft::toString);
        Files.writeString(folder.resolve("draft.yaml"), draft.out());
        Result lint = run("manifest", "lint", "draft.yaml");
        assertEquals(0, lint.exit(), () -> draft + "\n" + lint);
        assertTrue(!draft.err().contains("to correct"), draft::toString);
        return draft;
    }

    @Test
    void everyKindThatLists_isSimulated() {
        Set<String> kinds =
                new TreeSet<>(Sources.all().stream().map(Source::kind).toList());
        kinds.removeAll(PEOPLE);
        Set<String> simulated = new TreeSet<>();
        names().forEach(name -> simulated.add(name.replaceFirst(" .*", "")));

        assertEquals(kinds, simulated, "a kind without a simulated host is not tested");
    }

    @ParameterizedTest
    @MethodSource("names")
    void urlOfARecord_isDraftedLintedPulledAndCheckedAsItsHostStates(String name) throws Exception {
        for (long seed : new long[] {20260 + name.hashCode(), 7}) {
            SimulatedRecord setup = requireNonNull(HOSTS.get(name)).simulate(new RandomFiles(seed), hosts);
            Result draft = drafted(setup.address());

            Result pull = run("pull", "draft.yaml", "--json");

            assertEquals(0, pull.exit(), () -> setup + "\n" + draft + "\n" + pull);
            check(setup, pull, draft);
        }
        NothingToSay.after(histods, "pull", "draft.yaml");
    }

    @ParameterizedTest
    @MethodSource("names")
    void urlOfARecord_isPulledInOneStep_andTheDraftIsKept(String name) throws Exception {
        SimulatedRecord setup = requireNonNull(HOSTS.get(name)).simulate(new RandomFiles(31), hosts);

        Result pull = run("pull", setup.address());

        assertEquals(0, pull.exit(), pull::toString);
        assertTrue(pull.err().contains("not in the catalogue"), pull::toString);
        Path data = Path.of(pull.out().strip());
        assertEquals(setup.files().keySet(), files(data.resolveSibling("")).keySet(), pull::toString);
        Manifest kept = new ManifestReader()
                .read(Files.readString(data.resolveSibling("manifest.yaml")), "kept", null)
                .manifest();
        assertEquals(setup.kind(), kept.sources().get(0).kind());
        Result again = run("pull", setup.address());
        assertTrue(again.err().contains("already in the mirror"), again::toString);
    }

    @Test
    void doiOrPageOfADatasetOfTheCatalogue_isThatDataset() throws Exception {
        SimulatedRecord setup = SimulatedRepositories.zenodo(new RandomFiles(5), hosts);
        Result draft = drafted(setup.address());
        String mine = draft.out().replaceFirst("(?m)^id: .*", "id: my-slides").replace("version: v2", "version: mine");
        Files.writeString(folder.resolve("manifests/my-slides.yaml"), mine);
        String number = setup.address().replaceFirst(".*/", "");

        for (String address : List.of(
                setup.address(),
                "zenodo.org/record/" + number,
                "10.5281/zenodo." + number,
                "https://doi.org/10.5281/ZENODO." + number,
                setup.address() + "/files/slide.svs?download=1")) {
            Result dry = run("pull", address, "--dry-run", "--json");
            assertEquals(0, dry.exit(), dry::toString);
            assertTrue(dry.out().contains("\"dataset\":\"my-slides\""), dry::toString);
            Result shown = run("show", address);
            assertTrue(shown.out().contains("my-slides"), shown::toString);
        }
        Result other = run("show", "10.5281/zenodo.1");
        assertEquals(2, other.exit(), other::toString);

        Files.writeString(folder.resolve("manifests/other.yaml"), mine.replaceFirst("(?m)^id: .*", "id: other"));
        Result two = run("pull", "10.5281/zenodo." + number);
        assertEquals(2, two.exit(), two::toString);
        assertTrue(two.err().contains("my-slides, other"), two::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "zenodo | zenodo-9 | CC-BY-4.0 | 2022 | Muster, Anna | 10.5281/zenodo.9",
                "zenodo elsewhere | zenodo-ab3de | CC0-1.0 | 2024 | Muster, Anna | 10.9999/ab3de",
                "github folder | github-lab- | MIT | 2021 | lab |",
                "figshare | figshare-articles-2 | CC-BY-4.0 | 2023 | Anna Muster | 10.6084/m9.figshare.2",
                "huggingface | huggingface-datasets-lab-x- | CC-BY-NC-4.0 | 2024 | lab-x |",
                "kaggle | kaggle-datasets-somebody- | CC0-1.0 | | Anna Muster |",
                "dataverse | dataverse-10-9999- | CC0-1.0 | 2019 | Muster, Anna | 10.9999/",
                "mendeley | mendeley- | CC-BY-NC-3.0 | 2021 | Muster, Anna | 10.17632/",
                "osf | osf-q | CC-BY-4.0 | 2020 | Muster, Anna |",
                "ckan | ckan-nis- | CC-BY-4.0 | 2023 | Muster, Anna |",
                "archive-org | archive-org-item- | CC-BY-SA-4.0 | 2019 | Muster, Anna |",
                "idc | idc-coll- | CC-BY-4.0 | | |",
                "tcia | tcia- | CC-BY-4.0 | | | 10.7937/",
                "s3 | s3-bucket- | | | |",
            })
    void draft_saysWhatTheHostSaysAndNothingElse(
            String name, String id, String spdx, Integer year, String creator, String doi) throws Exception {
        SimulatedRecord setup = requireNonNull(HOSTS.get(name)).simulate(new RandomFiles(99), hosts);
        Result draft = drafted(setup.address());

        Manifest manifest =
                new ManifestReader().read(draft.out(), "draft", null).manifest();

        assertTrue(manifest.id().text().startsWith(id), manifest.id().text());
        assertEquals(spdx, manifest.terms().license().spdx());
        assertEquals(year, manifest.publication().year());
        assertEquals(
                creator == null ? List.of() : List.of(creator),
                manifest.publication().creators());
        String result = String.valueOf(manifest.publication().doi());
        assertTrue(doi == null ? result.equals("null") : result.startsWith(doi), result);
        assertTrue(manifest.images().organs().isEmpty()
                && manifest.images().stains().isEmpty()
                && manifest.contents().patients() == null);
    }

    /** Of all kinds, with the listings that the hosts give: nothing that a manifest pins. */
    @Test
    void planOfEverything_countsWhatHostsList_dividesItAmongNodes_andNamesTheDatasetsThatAreNotListed()
            throws Exception {
        Map<String, SimulatedRecord> records = new TreeMap<>();
        for (String name : HOSTS.keySet()) {
            SimulatedRecord record = requireNonNull(HOSTS.get(name)).simulate(new RandomFiles(77), hosts);
            records.put(catalogued(name, record.address()), record);
        }
        Files.writeString(folder.resolve("manifests/gone.yaml"), GONE);

        Result all = run("pull", "--all", "--dry-run", "--bandwidth", "1k", "--json");

        assertEquals(4, all.exit(), all::toString);
        Map<String, Set<String>> planned = items(all);
        assertEquals(records.keySet(), planned.keySet(), all::toString);
        JsonNode total = event(all, "total");
        long files = 0;
        for (Map.Entry<String, SimulatedRecord> record : records.entrySet()) {
            Set<String> paths = requireNonNull(planned.get(record.getKey()));
            boolean folder = paths.size() == 1 && paths.toString().endsWith(".tar.gz]");
            assertEquals(folder ? 1 : record.getValue().files().size(), paths.size(), record::toString);
            files += paths.size();
        }
        long requests = 0;
        for (JsonNode host : total.path("hosts")) {
            requests += host.path("requests").asLong(0);
        }
        assertEquals(files, requests, total::toString);
        assertEquals("[\"gone\"]", total.path("not_listed").toString());
        assertEquals("[]", total.path("by_hand").toString());
        assertEquals(records.size() + 1, total.path("datasets").asInt(0));
        assertTrue(total.path("seconds").asLong(0)
                >= total.path("size").path("at_least").asLong(0) / 1000);
        assertEquals("", run("status", "--json").out());

        Map<String, Set<String>> together = new TreeMap<>();
        for (int shard = 1; shard <= 3; shard++) {
            Result mine = run("pull", "--all", "--dry-run", "--shard", shard + "/3", "--json");
            assertEquals(4, mine.exit(), mine::toString);
            items(mine)
                    .forEach((id, paths) -> paths.forEach(path -> assertTrue(
                            together.computeIfAbsent(id, one -> new TreeSet<>()).add(path),
                            "twice: " + id + " " + path)));
        }
        assertEquals(planned, together);
        Result people = run("pull", "--all", "--dry-run", "--shard", "3/3");
        assertTrue(people.out().contains("nothing for shard 3/3"), people::toString);
        assertTrue(people.err().contains(" datasets, shard 3/3: "), people::toString);
        assertTrue(people.err().contains("not listed: gone: "), people::toString);
    }

    private static final String GONE = """
            id: gone
            title: T
            version: "1"
            license: {}
            access: { status: open }
            sources:
              - { kind: zenodo, official: true, record: "404404" }
            """;

    /** Drafts a manifest as an open dataset of the catalogue; its id. */
    private String catalogued(String name, String address) throws Exception {
        String id = name.replace(' ', '-');
        String draft = drafted(address).out();
        Files.writeString(
                folder.resolve("manifests/" + id + ".yaml"),
                draft.replaceFirst("(?m)^id: .*", "id: " + id).replaceFirst("(?m)^  status: .*", "  status: open"));
        return id;
    }

    /** The paths of the items that are planned of each dataset. */
    private static Map<String, Set<String>> items(Result plan) {
        Map<String, Set<String>> items = new TreeMap<>();
        for (String line : plan.out().lines().toList()) {
            JsonNode event = new JsonMapper().readTree(line);
            if (event.path("event").asString("").equals("plan")) {
                Set<String> paths = new TreeSet<>();
                event.path("items").forEach(item -> paths.add(item.path("path").asString("")));
                items.put(event.path("dataset").asString(""), paths);
            }
        }
        return items;
    }

    private static JsonNode event(Result ran, String name) {
        return ran.out()
                .lines()
                .map(new JsonMapper()::readTree)
                .filter(line -> line.path("event").asString("").equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError(ran.toString()));
    }

    private void check(SimulatedRecord setup, Result pull, Result draft) throws Exception {
        List<String> checks = new ArrayList<>();
        Path bag = null;
        for (String line : pull.out().lines().toList()) {
            JsonNode event = new JsonMapper().readTree(line);
            if (event.path("event").asString("").equals("file")) {
                checks.add(event.path("path").asString("") + " "
                        + event.path("check").asString(""));
                assertEquals(setup.kind(), event.path("source").asString(""), line);
                assertEquals(
                        event.path("check").asString("").equals("verified"),
                        !event.path("by").asString("").isEmpty(),
                        line);
            } else if (event.path("event").asString("").equals("done")) {
                bag = Path.of(event.path("path").asString(""));
            }
        }
        Map<String, byte[]> came = files(requireNonNull(bag, pull.toString()));
        assertEquals(setup.files().keySet(), came.keySet(), draft::toString);
        for (Map.Entry<String, byte[]> file : came.entrySet()) {
            assertArrayEquals(setup.files().get(file.getKey()), file.getValue(), file.getKey());
        }
        words(setup, checks);
    }

    /** What a folder of a repository holds comes as one file, whose content is compared as a whole. */
    private static void words(SimulatedRecord setup, List<String> checks) {
        boolean folder = checks.size() == 1 && checks.get(0).contains(".tar.gz ");
        List<String> due = new ArrayList<>();
        for (String path : setup.files().keySet()) {
            due.add(path + " " + (setup.stated().contains(path) ? "verified" : "computed"));
        }
        if (folder) {
            assertTrue(checks.get(0).endsWith(due.get(0).replaceFirst(".* ", " ")), checks::toString);
        } else {
            assertEquals(due, checks.stream().sorted().toList());
        }
    }

    private static Map<String, byte[]> files(Path bag) throws Exception {
        Path data = bag.endsWith("data") ? bag : bag.resolve("data");
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(data)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                files.put(data.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://ieee-dataport.org/open-access/some-slides",
                "https://www.synapse.org/#!Synapse:syn12345678",
                "https://www.drivendata.org/competitions/67/competition-cervical-biopsy/",
                "https://docs.google.com/forms/d/e/1FAIpQLSd/viewform",
            })
    void hostThatAdmitsNoProgram_isDraftedWithStepsAndAcceptsLocalFiles(String address) throws Exception {
        Result draft = drafted(address);

        Result alone = run("pull", "draft.yaml");
        assertEquals(3, alone.exit(), alone::toString);
        assertTrue(alone.err().contains("--from"), alone::toString);
        assertTrue(draft.out().contains("steps:"), draft::toString);

        Path slide = Files.write(folder.resolve("slide.svs"), new RandomFiles(3).bytes(100));
        Result brought = run("pull", "draft.yaml", "--from", slide.toString());
        assertEquals(0, brought.exit(), brought::toString);
    }
}
