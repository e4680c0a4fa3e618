package org.histods.audit.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.histods.audit.finding.Rule;
import org.histods.testing.AuditProject;
import org.histods.testing.DemoRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** For each rule, a project that breaks it and one, as like it as can be, that does not. */
class AuditRulesTest {

    /** Sets up a project and audits it. */
    private interface Setup {
        JsonNode audit(AuditProject fixture) throws Exception;
    }

    /** Changes a project. */
    private interface Deed {
        void on(AuditProject fixture) throws Exception;
    }

    private record Pair(Setup broken, Setup kept) {}

    private static final Deed NOTHING = fixture -> {};
    private static final Map<Rule, Pair> PAIRS = pairs();

    @TempDir
    Path folder;

    private static Pair pair(Deed broken, Deed kept) {
        return new Pair(
                fixture -> {
                    broken.on(fixture);
                    return fixture.audit();
                },
                fixture -> {
                    kept.on(fixture);
                    return fixture.audit();
                });
    }

    /** One dataset with those fields, declared for training. */
    private static Deed with(String... fields) {
        return fixture -> {
            Map<String, String> all = new java.util.LinkedHashMap<>();
            for (int i = 0; i < fields.length; i += 2) {
                all.put(fields[i], fields[i + 1]);
            }
            fixture.dataset("one", all);
            fixture.declares("{ id: one, role: train }");
        };
    }

    private static Deed under(String purpose, String license) {
        return fixture -> {
            fixture.dataset("one", Map.of("license", license));
            fixture.declares("{ id: one, role: train }");
            fixture.write("histods.yaml", "purpose: " + purpose + "\ndatasets: [{ id: one, role: train }]\n");
        };
    }

    /** Two datasets, the second with that lineage, in these roles, and what they hold if anything. */
    private static void two(AuditProject fixture, String lineage, String roleOne, String roleTwo) throws Exception {
        fixture.dataset("one");
        fixture.dataset("origin");
        fixture.dataset("two", lineage.isEmpty() ? Map.of() : Map.of("lineage", lineage));
        fixture.declares("{ id: one" + roleOne + " }", "{ id: two" + roleTwo + " }");
    }

    private static Deed two(String lineage, String roleOne, String roleTwo) {
        return fixture -> two(fixture, lineage, roleOne, roleTwo);
    }

    private static String from(String id, String shares) {
        return "[{ dataset: " + id + ", relation: derived-from, shares: [" + shares + "], evidence: the paper }]";
    }

    private static final String TRAIN = ", role: train";
    private static final String TEST = ", role: test";

    private static Deed locked(Deed then) {
        return fixture -> {
            fixture.dataset("one");
            fixture.declares("{ id: one, role: train }");
            fixture.pull("one", Map.of("a.tif", "a", "b.tif", "b"));
            fixture.ran(0, "sync", "--offline");
            then.on(fixture);
        };
    }

    private static void inMirror(AuditProject fixture, String name, String text) throws Exception {
        try (var walk = Files.walk(fixture.mirror().resolve("datasets"))) {
            Path file = walk.filter(p -> p.endsWith(name)).findFirst().orElseThrow();
            if (!file.toFile().setWritable(true)) {
                throw new AssertionError(file + " cannot be made writable");
            }
            Files.writeString(file, text);
        }
    }

    private static Deed change(String field, String line) {
        return locked(fixture -> {
            String text = Files.readString(fixture.manifest("one"));
            Files.writeString(fixture.manifest("one"), text.replaceFirst("(?m)^" + field + ":.*$", line));
        });
    }

    private static void run(AuditProject fixture, String id, String lock, String git) throws Exception {
        fixture.write(
                ".histods/uses.jsonl",
                "{\"command\":[\"train\"],\"folder\":\"\",\"git\":" + git + ",\"lock\":\"" + lock + "\",\"datasets\":[{"
                        + "\"name\":\"" + id + "\",\"id\":\"" + id + "\",\"version\":\"1\",\"fingerprint\":\"abc\"}],"
                        + "\"started\":\"2026-01-01T00:00:00Z\",\"finished\":\"2026-01-01T00:00:01Z\",\"exit\":0}\n");
    }

    private static String lock(AuditProject fixture) throws Exception {
        byte[] text = Files.readAllBytes(fixture.project().resolve("histods.lock"));
        return "sha256:"
                + java.util.HexFormat.of()
                        .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                                .digest(text));
    }

    private static Map<Rule, Pair> pairs() {
        Map<Rule, Pair> pairs = new EnumMap<>(Rule.class);
        use(pairs);
        lock(pairs);
        runs(pairs);
        terms(pairs);
        leakage(pairs);
        return pairs;
    }

    private static void use(Map<Rule, Pair> pairs) {
        Deed copied = locked(fixture -> fixture.write("x/renamed.png", AuditProject.content("a")));
        pairs.put(
                Rule.UNDECLARED_COPY,
                pair(
                        fixture -> {
                            copied.on(fixture);
                            fixture.ran(0, "drop", "one");
                        },
                        copied));
        pairs.put(Rule.STRAY_COPY, pair(copied, locked(NOTHING)));
        Deed named = fixture -> {
            with().on(fixture);
            fixture.dataset("other-2020");
        };
        pairs.put(
                Rule.UNDECLARED_MENTION,
                pair(
                        fixture -> {
                            named.on(fixture);
                            fixture.write("train.py", "load('other-2020')\n");
                        },
                        fixture -> {
                            named.on(fixture);
                            fixture.write("train.py", "# not other-2020\n");
                        }));
        pairs.put(
                Rule.TEXT_MENTION,
                pair(
                        fixture -> {
                            named.on(fixture);
                            fixture.write("README.md", "Unlike other-2020, we use one.\n");
                        },
                        fixture -> {
                            named.on(fixture);
                            fixture.write("README.md", "Unlike others, we use one.\n");
                        }));
        pairs.put(
                Rule.UNKNOWN_ADDRESS,
                pair(
                        fixture -> {
                            named.on(fixture);
                            fixture.write("get.sh", "wget https://zenodo.org/records/999999999/files/a.zip\n");
                        },
                        fixture -> {
                            named.on(fixture);
                            fixture.write("get.sh", "# wget https://zenodo.org/records/999999999/files/a.zip\n");
                        }));
        Deed patterned = fixture -> {
            with().on(fixture);
            fixture.dataset(
                    "other-2020",
                    Map.of(
                            "patients",
                            "{ pattern: 'FOX_(?<id>[0-9]+)', level: patient, examples: [{ path: FOX_1.png, id: '1' }] }"));
        };
        pairs.put(
                Rule.FAMILIAR_NAMES,
                pair(
                        fixture -> {
                            patterned.on(fixture);
                            fixture.write("tiles/FOX_12.png", "a picture of a fox, or not\n");
                        },
                        fixture -> {
                            patterned.on(fixture);
                            fixture.write("tiles/12.png", "a picture of a fox, or not\n");
                        }));
        pairs.put(
                Rule.FORMERLY_USED,
                pair(
                        fixture -> {
                            named.on(fixture);
                            run(fixture, "other-2020", "sha256:0", "null");
                        },
                        fixture -> {
                            named.on(fixture);
                            run(fixture, "one", "sha256:0", "null");
                        }));
        pairs.put(
                Rule.UNKNOWN_DATASET,
                pair(
                        fixture -> {
                            with().on(fixture);
                            fixture.declares("{ id: on }");
                        },
                        with()));
        pairs.put(Rule.KNOWN_PROBLEMS, pair(with("problems", "[Some tiles are blank.]"), with()));
        pairs.put(
                Rule.NOT_CITED,
                pair(
                        fixture -> {
                            with().on(fixture);
                            fixture.write("paper.bib", "@misc{x, url = {https://example.org/one-more}}\n");
                        },
                        with()));
        pairs.put(Rule.CITATION_INCOMPLETE, pair(with("creators", "[]"), with()));
        pairs.put(Rule.UNUSED_ACCEPTANCE, pair(accepting("not-cited"), accepting("not-locked")));
    }

    /** Nothing is locked there, and everything is cited. */
    private static Deed accepting(String rule) {
        return fixture -> {
            with().on(fixture);
            fixture.write(
                    "histods.yaml",
                    "datasets: [{ id: one, role: train }]\naccepted: [{ rule: " + rule + ", reason: so be it }]\n");
        };
    }

    private static void lock(Map<Rule, Pair> pairs) {
        pairs.put(Rule.NOT_LOCKED, pair(with(), locked(NOTHING)));
        pairs.put(Rule.NOT_PULLED, pair(with(), locked(NOTHING)));
        pairs.put(
                Rule.LOCKED_NOT_DECLARED,
                pair(locked(fixture -> fixture.write("histods.yaml", "datasets: []\n")), locked(NOTHING)));
        pairs.put(
                Rule.LOCK_DISAGREES,
                pair(
                        locked(fixture -> fixture.write("histods.yaml", "datasets: [{ id: one, only: [a.tif] }]\n")),
                        locked(NOTHING)));
        pairs.put(
                Rule.OTHER_BYTES,
                pair(
                        locked(fixture -> {
                            Path lock = fixture.project().resolve("histods.lock");
                            Files.writeString(
                                    lock,
                                    Files.readString(lock)
                                            .replaceFirst("fingerprint: \"sha256:.{4}", "fingerprint: \"sha256:0000"));
                        }),
                        locked(NOTHING)));
        Deed touched = locked(fixture -> inMirror(fixture, "a.tif", AuditProject.content("z")));
        pairs.put(Rule.TOUCHED_FILES, pair(touched, locked(NOTHING)));
        pairs.put(
                Rule.CHANGED_FILES,
                new Pair(
                        fixture -> {
                            touched.on(fixture);
                            return fixture.audit("--verify");
                        },
                        fixture -> {
                            locked(NOTHING).on(fixture);
                            return fixture.audit("--verify");
                        }));
        pairs.put(Rule.MANIFEST_CHANGED, pair(change("year", "year: 2021"), locked(NOTHING)));
        pairs.put(Rule.VERSION_MOVED, pair(change("version", "version: \"2\""), locked(NOTHING)));
        pairs.put(
                Rule.LICENSE_CHANGED,
                pair(change("license", "license: { spdx: CC-BY-4.0 }"), change("year", "year: 2021")));
    }

    private static void runs(Map<Rule, Pair> pairs) {
        String clean = "{\"commit\":\"abc\",\"dirty\":false}";
        Deed sound = locked(fixture -> run(fixture, "one", lock(fixture), clean));
        pairs.put(Rule.OTHER_LOCK, pair(locked(fixture -> run(fixture, "one", "sha256:0", clean)), sound));
        pairs.put(
                Rule.UNCOMMITTED_CODE,
                pair(locked(fixture -> run(fixture, "one", lock(fixture), clean.replace("false", "true"))), sound));
        pairs.put(Rule.DAMAGED_USES, pair(locked(fixture -> fixture.write(".histods/uses.jsonl", "{\"comm\n")), sound));
        // A newer version of demo-colon does not change the one that is pinned.
        pairs.put(
                Rule.UPSTREAM_CHANGED,
                new Pair(
                        fixture -> checked(fixture, "demo-colon", true),
                        fixture -> checked(fixture, "demo-colon", false)));
        pairs.put(
                Rule.UPSTREAM_NEW,
                new Pair(
                        fixture -> checked(fixture, "demo-colon", false),
                        fixture -> checked(fixture, "demo-kumar", false)));
    }

    /**
     * Audits a project whose dataset is at a host of the demo.
     *
     * @param changed whether the manifest pins wrong checksums, and another name for one file
     */
    private static JsonNode checked(AuditProject fixture, String id, boolean changed) throws Exception {
        try (DemoRunner histods =
                new DemoRunner(Files.createDirectories(fixture.folder().resolve("hosts")))) {
            Path project = Files.createDirectories(fixture.folder().resolve("checked"));
            Files.writeString(project.resolve("histods.yaml"), "datasets: [{ id: " + id + ", role: train }]\n");
            if (changed) {
                Path manifest = histods.manifests().resolve(id + ".yaml");
                Files.writeString(
                        manifest,
                        Files.readString(manifest)
                                .replaceAll("md5:[0-9a-f]{32}", "md5:0cc175b9c0f1b6a831c399e269772661")
                                .replaceFirst("path: demo-colon-test.zip", "path: another.zip"));
            }
            return new JsonMapper()
                    .readTree(histods.run(project, "audit", "--check", "--json", "--fail-on", "never")
                            .out());
        }
    }

    private static void terms(Map<Rule, Pair> pairs) {
        pairs.put(
                Rule.UNAVAILABLE,
                pair(with("access", "{ status: unavailable }"), with("access", "{ status: unknown }")));
        pairs.put(
                Rule.PERSONAL_TERMS,
                pair(
                        with("access", "{ status: registration, steps: [Fill in the form.] }"),
                        with("access", "{ status: open }")));
        pairs.put(
                Rule.PURPOSE_UNSAID,
                pair(
                        fixture -> {
                            with().on(fixture);
                            fixture.write("histods.yaml", "datasets: [{ id: one }]\n");
                        },
                        with()));
        String nc = "{ spdx: CC-BY-NC-SA-4.0 }";
        pairs.put(Rule.LICENSE_UNKNOWN, pair(with("license", "{}"), with()));
        pairs.put(
                Rule.LICENSE_DOUBTFUL, pair(with("license", "{ spdx: MIT, doubt: Somebody says otherwise. }"), with()));
        pairs.put(Rule.LICENSE_NOT_JUDGED, pair(with("license", "{ name: Terms of our own }"), with("license", nc)));
        pairs.put(Rule.NONCOMMERCIAL, pair(under("commercial", nc), under("research", nc)));
        pairs.put(
                Rule.NO_DERIVATIVES,
                pair(under("redistribution", "{ spdx: CC-BY-ND-4.0 }"), under("redistribution", nc)));
        pairs.put(Rule.SHARE_ALIKE, pair(under("\"teaching, redistribution\"", nc), under("teaching", nc)));
        pairs.put(Rule.OBLIGATIONS, pair(under("research", nc), under("research", "{ spdx: CC0-1.0 }")));
        pairs.put(
                Rule.LICENSE_CLASH, pair(terms("CC-BY-SA-4.0", "CC-BY-NC-SA-4.0"), terms("CC-BY-SA-4.0", "CC-BY-4.0")));
    }

    private static Deed terms(String one, String two) {
        return fixture -> {
            fixture.dataset("one", Map.of("license", "{ spdx: " + one + " }"));
            fixture.dataset("two", Map.of("license", "{ spdx: " + two + " }"));
            fixture.declares("{ id: one, role: train }", "{ id: two, role: train }");
        };
    }

    private static void leakage(Map<Rule, Pair> pairs) {
        pairs.put(
                Rule.SHARED_FILES,
                pair(two(from("one", "files"), TRAIN, TEST), two(from("one", "slides"), TRAIN, TEST)));
        pairs.put(
                Rule.SHARED_SLIDES,
                pair(two(from("one", "slides"), TRAIN, TEST), two(from("one", "slides"), TRAIN, TRAIN)));
        pairs.put(
                Rule.SHARED_PATIENTS,
                pair(two(from("one", "patients"), ", role: pretrain", TEST), two("", ", role: pretrain", TEST)));
        pairs.put(
                Rule.LIKELY_OVERLAP,
                pair(
                        two(from("one", "patients"), TRAIN, TEST + ", only: [x.zip]"),
                        two(from("one", "patients"), TRAIN, TEST)));
        Deed common = fixture -> {
            two(fixture, from("origin", "patients"), TRAIN, TEST);
            fixture.dataset("one", Map.of("lineage", from("origin", "patients")));
        };
        pairs.put(Rule.POSSIBLE_OVERLAP, pair(common, two(from("origin", "patients"), TRAIN, TEST)));
        pairs.put(Rule.ROLE_UNKNOWN, pair(two("", TRAIN, ", role: calibration"), two("", TRAIN, TEST)));
        pairs.put(
                Rule.UNJUDGED_OVERLAP,
                pair(two(from("one", "patients"), TRAIN, ""), two(from("one", "patients"), TRAIN, TRAIN)));
        pairs.put(Rule.TRAIN_AND_TEST, pair(two("", ", role: [train, test]", TEST), two("", TRAIN, TEST)));
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void projectThatBreaksTheRule_isReportedWithEvidence(Rule rule) throws Exception {
        Pair pair = PAIRS.get(rule);
        assertNotNull(pair);
        JsonNode audit = pair.broken().audit(new AuditProject(folder));
        List<JsonNode> found = AuditProject.findings(audit, rule.word());
        assertFalse(found.isEmpty(), () -> rule.word() + " is not found in " + audit.toPrettyString());
        for (JsonNode finding : found) {
            assertEquals(rule.severity().word(), finding.path("severity").asString(""));
            assertFalse(finding.path("evidence").isEmpty());
            assertFalse(finding.path("remedy").asString("").isEmpty());
        }
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void projectThatKeepsTheRule_isLeftAlone(Rule rule) throws Exception {
        Pair pair = PAIRS.get(rule);
        assertNotNull(pair);
        JsonNode audit = pair.kept().audit(new AuditProject(folder));
        assertEquals(List.of(), AuditProject.findings(audit, rule.word()), () -> audit.toPrettyString());
    }

    @Test
    void runOfOneEntry_isNoEvidenceForAnotherOfTheSameDataset() throws Exception {
        AuditProject fixture = new AuditProject(folder);
        fixture.dataset("one");
        fixture.declares("{ id: one, name: a, role: train }", "{ id: one, name: b, role: test }");
        fixture.write(
                ".histods/uses.jsonl",
                "{\"command\":[\"train\"],\"folder\":\"\",\"git\":null,\"lock\":\"sha256:0\",\"datasets\":[{"
                        + "\"name\":\"b\",\"id\":\"one\",\"version\":\"1\",\"fingerprint\":\"abc\"}],"
                        + "\"started\":\"2026-01-01T00:00:00Z\",\"finished\":\"2026-01-01T00:00:01Z\",\"exit\":0}\n");
        JsonNode datasets = fixture.audit().path("datasets");
        assertFalse(datasets.path(0).path("evidence").toString().contains("uses.jsonl"), datasets.toString());
        assertTrue(datasets.path(1).path("evidence").toString().contains("on b, which is one"), datasets.toString());
    }

    @Test
    void whatWasNotRead_isListed() throws Exception {
        AuditProject fixture = new AuditProject(folder);
        fixture.dataset("one");
        fixture.declares("{ id: one, role: train }");
        fixture.write("a/tiles.zip", "a zip, or not, of some length");
        Files.createSymbolicLink(fixture.project().resolve("a/x.svs"), Path.of("/nowhere/x.svs"));
        Files.createSymbolicLink(fixture.project().resolve("a/y.svs"), Path.of("/nowhere/y.svs"));
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", fixture.project().resolve("pipe").toString())
                        .start()
                        .waitFor());
        String unchecked = fixture.audit().path("unchecked").toString();
        assertTrue(unchecked.contains("a/: 2 links to files, which were not read: a/x.svs"), unchecked);
        assertTrue(unchecked.contains("what is in a/tiles.zip was not compared"), unchecked);
        assertTrue(unchecked.contains("pipe is not a regular file"), unchecked);
    }

    @Test
    void nameInAVeryLongLine_isFound() throws Exception {
        AuditProject fixture = new AuditProject(folder);
        fixture.dataset("one");
        fixture.dataset("other-2020");
        fixture.declares("{ id: one, role: train }");
        fixture.write("split.json", "{\"train\":[" + "\"a/b/c.png\",".repeat(500) + "\"/data/other-2020/x.png\"]}");
        assertEquals(
                1, AuditProject.findings(fixture.audit(), "undeclared-mention").size());
    }
}
