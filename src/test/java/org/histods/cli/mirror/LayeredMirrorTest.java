package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.SimulatedHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands over the mirror of a lab, {@code HISTODS_MIRROR=mine:lab}: none of them writes to it. */
final class LayeredMirrorTest {

    @TempDir
    Path folder;

    private SimulatedHosts hosts;
    private ProgramRunner user;
    private Path project;
    private Map<String, Object> before;

    @BeforeEach
    void labHasToy() throws Exception {
        hosts = new SimulatedHosts();
        file("toy", "1", "a,b\n");
        file("toy", "2", "a,b,c\n");
        manifest("1", "a,b\n");
        ProgramRunner lab = hosts.runner(folder);
        lab.mirror("lab");
        assertEquals(0, lab.run("pull", "toy").exit());
        user = hosts.runner(folder);
        user.with("HISTODS_MIRROR", folder.resolve("mine") + ":" + folder.resolve("lab"));
        project = Files.createDirectories(folder.resolve("project"));
        before = tree();
    }

    @AfterEach
    void labIsUnchanged() throws Exception {
        assertEquals(before, tree());
        hosts.close();
    }

    private void file(String id, String version, String text) {
        hosts.put("https://files.example/" + id + "/" + version + "/labels.csv", bytes(text));
        hosts.put("https://files.example/" + id + "/" + version + "/slide.svs", bytes("slide of " + id));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private void manifest(String version, String labels) throws Exception {
        Files.writeString(Files.createDirectories(folder.resolve("manifests")).resolve("toy.yaml"), """
                id: toy
                title: A toy
                version: "%s"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources:
                  - kind: http
                    record: https://files.example/toy/%s/
                    official: true
                    files:
                      - { path: labels.csv, sums: [{ sum: "md5:%s", by: us }] }
                      - { path: slide.svs, sums: [{ sum: "md5:%s", by: us }] }
                """.formatted(
                        version,
                        version,
                        ArchiveFixtures.hex("MD5", bytes(labels)),
                        ArchiveFixtures.hex("MD5", bytes("slide of toy"))));
    }

    private Map<String, Object> tree() throws Exception {
        Map<String, Object> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder.resolve("lab"))) {
            for (Path path : walk.toList()) {
                tree.put(path.toString(), Files.readAttributes(path, "unix:size,lastModifiedTime,ctime,mode,nlink"));
            }
        }
        return tree;
    }

    private Result run(int exit, String... command) {
        Result ran = user.run(project, command);
        assertEquals(exit, ran.exit(), () -> String.join(" ", command) + ": " + ran.all());
        return ran;
    }

    @Test
    void project_isSyncedLockedAndAuditedOnWhatTheLabHas() throws Exception {
        run(0, "init", "--purpose", "research");
        run(0, "add", "toy", "--role", "train");
        Result sync = run(0, "sync", "--offline");
        assertTrue(Files.isSameFile(
                folder.resolve("lab/datasets/toy/1/data/labels.csv"), project.resolve("data/toy/labels.csv")));
        assertTrue(sync.all().contains("histods.lock written"), sync.all());
        run(0, "lock", "--offline");
        run(0, "sync", "--locked", "--offline");
        Result audit = user.run(project, "audit", "--offline");
        assertTrue(audit.exit() == 0 || audit.exit() == 3, audit.all());
        assertTrue(audit.out().contains("toy"), audit.all());
        run(0, "run", "--", "cat", "data/toy/labels.csv");
        run(0, "drop", "toy");
        run(0, "sync", "--offline");
    }

    @Test
    void readingCommands_findWhatTheLabHas() {
        String data = folder.resolve("lab/datasets/toy/1/data").toString();
        assertEquals(data, run(0, "path", "toy").out().strip());
        assertTrue(run(0, "status").out().contains("toy"));
        run(0, "verify", "--full");
        run(0, "verify");
        // The slide is none.
        run(9, "verify", "toy", "--images");
        run(0, "provenance", "toy", "labels.csv");
        run(0, "identify", data + "/slide.svs");
        // Its host states neither checksums nor versions, which is not the same as being up to date.
        run(4, "outdated", "toy");
        run(
                0,
                "export",
                "toy",
                "--format",
                "bagit",
                "--to",
                folder.resolve("exported").toString());
        run(0, "index", "export", folder.resolve("lab.idx").toString(), "--by", "The lab");
        run(0, "doctor");
        Result again = run(0, "pull", "toy", "--offline");
        assertTrue(again.err().contains("nothing to download"), again.all());
    }

    @Test
    void changingCommands_refuseWhatTheLabHas_orLeaveItAlone() {
        Result removed = run(2, "remove", "toy", "--yes");
        assertTrue(removed.err().contains("shared mirror"), removed.all());
        run(0, "identify", folder.resolve("lab/datasets/toy/1/data/slide.svs").toString());
        assertEquals("", run(0, "gc").out(), "the index of what the lab has is in use");
        run(0, "gc", "--all");
        Result repair = user.run(project, "verify", "toy", "--repair", "--discard-extra");
        assertTrue(repair.exit() == 0 || repair.exit() == 2, repair.all());
        assertEquals(
                0,
                run(0, "status", "--json")
                        .out()
                        .lines()
                        .filter(l -> l.contains("mine"))
                        .count());
    }

    @Test
    void newerVersion_goesIntoOnesOwnMirror_andIsRemovedFromThere() throws Exception {
        manifest("2", "a,b,c\n");
        Result update = run(0, "pull", "toy");
        assertTrue(update.err().contains("taken from toy@1 in the mirror"), update.all());
        assertTrue(Files.exists(folder.resolve("mine/datasets/toy/2/data/slide.svs")));
        assertEquals(
                List.of(folder.resolve("mine/datasets/toy/2/data").toString()),
                run(0, "path", "toy").out().lines().toList());
        run(0, "verify");
        run(0, "remove", "toy@2", "--yes");
        assertTrue(run(0, "status").out().contains("toy"), "the lab's version is still there");
    }
}
