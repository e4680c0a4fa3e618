package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.serve.MirrorServer;
import org.histods.serve.ServeSettings;
import org.histods.serve.ServedMirror;
import org.histods.testing.ProgramRunner;
import org.histods.testing.SimulatedHosts;
import org.histods.testing.TestBags;
import org.histods.testing.ToyDataset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pull from a mirror that another machine serves. No test reaches a source: the manifest's host does not exist. */
final class PullFromMirrorTest {

    private static final String TOKEN = "0123456789abcdef0123";

    @TempDir
    Path folder;

    private Mirror lab;
    private BagRef bag;
    private MirrorServer server;
    private ProgramRunner user;

    @BeforeEach
    void serve() throws Exception {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        lab = new Mirror(folder.resolve("lab"), OwnerProcess.self("test"), false, Clock.systemUTC());
        Map<String, String> contents =
                new TreeMap<>(Map.of("labels.csv", "a,b\n", "more/inner.zip", "PK not unpacked"));
        for (int i = 0; i < 40; i++) {
            contents.put("tiles/100% #" + i + "+é.png", "tile " + i);
        }
        bag = TestBags.publish(lab, "toy", contents);
        Files.writeString(manifests.resolve("toy.yaml"), """
                id: toy
                title: A toy
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                splits: { labels: ["labels.csv"] }
                sources:
                  - kind: http
                    record: https://host.invalid/toy/
                    official: true
                    files:
                      - { path: all.zip, sums: [{ sum: "md5:6fd702d11df6292bc054397ae038a464", by: the author }] }
                      - path: labels.csv
                        sums: [{ sum: "%s", by: the author }]
                """.formatted(TestBags.sha256("a,b\n")));
        user = new ProgramRunner(Files.createDirectories(folder.resolve("user")), manifests);
        start(null);
    }

    private void start(@Nullable String token) throws Exception {
        server = MirrorServer.start(
                new ServeSettings("127.0.0.1", 0, token, null, 64),
                new ServedMirror(lab, any -> true),
                (path, bags) -> Optional.empty(),
                null,
                null,
                "1");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String url() {
        return "http://127.0.0.1:" + server.port();
    }

    private Path pulled() {
        return folder.resolve("user/mirror/datasets/toy/1");
    }

    private ProgramRunner.Result pull(String... more) {
        String[] command = new String[more.length + 4];
        System.arraycopy(new String[] {"pull", "toy", "--from-mirror", url()}, 0, command, 0, 4);
        System.arraycopy(more, 0, command, 4, more.length);
        return user.run(command);
    }

    private static String read(Path file) throws Exception {
        return Files.readString(file);
    }

    @Test
    void bag_isTheSame_andKeepsTheRecordOfWhereItCameFrom() throws Exception {
        ProgramRunner.Result result = pull();
        assertEquals(0, result.exit(), result.all());
        assertEquals(read(bag.path().resolve("manifest-sha256.txt")), read(pulled().resolve("manifest-sha256.txt")));
        assertEquals(
                read(bag.path().resolve("receipts/0001-pull.json")), read(pulled().resolve("receipts/0001-pull.json")));
        ProgramRunner.Result verify = user.run("verify", "toy", "--full");
        assertEquals(0, verify.exit(), verify.all());
        ProgramRunner.Result where = user.run("provenance", "toy", "labels.csv");
        assertTrue(where.out().contains(url()), where.all());
        assertTrue(where.out().contains("the author"), where.all());
        assertTrue(where.out().contains("https://host.example/all.zip"), where.all());
        ProgramRunner.Result again = user.run("pull", "toy");
        assertEquals(0, again.exit(), again.all());
        assertTrue(again.err().contains("nothing to download"), again.err());
    }

    /** The mirror's checksums came the same way as its files, so they say nothing of changes on the way. */
    @Test
    void checksumsOfTheMirrorItself_areNotCalledPublished() {
        ProgramRunner.Result result = pull();
        assertTrue(result.err().contains("no published checksum was compared for 41 of them"), result.err());
        ProgramRunner.Result where = user.run("provenance", "toy");
        assertTrue(where.out().contains("received with the files and not checked"), where.all());
    }

    @Test
    void mirrorOfTheSettings_isAskedFirst() throws Exception {
        Files.writeString(folder.resolve("config.yaml"), "mirrors: [\"" + url() + "\"]\n");
        user.with("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        ProgramRunner.Result result = user.run("pull", "toy");
        assertEquals(0, result.exit(), result.all());
        assertTrue(Files.exists(pulled()));
    }

    @Test
    void dryRun_listsTheFilesOfTheMirror() throws Exception {
        ProgramRunner.Result result = pull("--dry-run");
        assertEquals(0, result.exit(), result.all());
        assertTrue(result.out().contains("42 files"), result.out());
        assertFalse(result.out().contains("to unpack"), result.out());
        assertFalse(Files.exists(pulled()));
    }

    @Test
    void part_canBeChosen() throws Exception {
        ProgramRunner.Result result = pull("--only", "labels");
        assertEquals(0, result.exit(), result.all());
        assertEquals(1, read(pulled().resolve("manifest-sha256.txt")).lines().count());
    }

    @Test
    void fileThatIsWrongInTheMirror_isNotTaken() throws Exception {
        Path tile = bag.data().resolve("tiles/100% #3+é.png");
        assertTrue(tile.toFile().setWritable(true));
        Files.writeString(tile, "evil 3");
        ProgramRunner.Result result = pull();
        assertEquals(4, result.exit(), result.all());
        assertTrue(result.err().contains("is not used further"), result.err());
        assertFalse(Files.exists(pulled()));
    }

    /** Its bytes arrived over the network although none of them is used. */
    @Test
    void fileThatIsWrongInTheMirror_countsAsTransferred_ifTheSourceDelivers() throws Exception {
        String csv = "x".repeat(1000);
        BagRef plain = TestBags.publish(lab, "plain", Map.of("a.csv", csv));
        Path there = plain.data().resolve("a.csv");
        assertTrue(there.toFile().setWritable(true));
        Files.writeString(there, "y".repeat(1000));
        ToyDataset.write(folder.resolve("manifests"), "plain", "open", """

                  - kind: http
                    record: https://host.invalid/plain/
                    official: true
                    files: [{ path: a.csv, sums: [{ sum: "%s", by: the author }] }]
                """.formatted(TestBags.sha256(csv)));
        try (SimulatedHosts hosts = new SimulatedHosts()) {
            hosts.put("https://host.invalid/plain/a.csv", csv.getBytes(StandardCharsets.UTF_8));
            Path settings = folder.resolve("config.yaml");
            Files.writeString(settings, "routes: { host.invalid: \"" + hosts.route() + "\" }\n");
            user.with("HISTODS_CONFIG", settings.toString());
            ProgramRunner.Result result = user.run("pull", "plain", "--from-mirror", url(), "--json");
            assertEquals(0, result.exit(), result.all());
            assertTrue(result.err().contains("is not used further"), result.err());
            assertTrue(result.out().contains("\"transferred\":2000,"), result.out());
        }
    }

    @Test
    void recordThatWasForged_isNotBelievedAgainstTheManifest() throws Exception {
        TestBags.publish(lab, "other", Map.of("labels.csv", "forged\n"));
        Path forged = folder.resolve("lab/datasets/other/1");
        Path shown = folder.resolve("lab/datasets/toy/1");
        for (String file : new String[] {"manifest-sha256.txt", "origins.jsonl", "bag-info.txt", "data/labels.csv"}) {
            assertTrue(shown.resolve(file).toFile().setWritable(true));
            Files.copy(forged.resolve(file), shown.resolve(file), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        ProgramRunner.Result result = pull();
        assertEquals(4, result.exit(), result.all());
        assertTrue(result.err().contains("labels.csv"), result.err());
        assertFalse(Files.exists(pulled()));
    }

    @Test
    void mirrorWithoutTheDataset_orAway_leavesItToTheSource() throws Exception {
        String[] wrong = {"http://127.0.0.1:1/", url() + "/bags/"};
        for (String mirror : wrong) {
            ProgramRunner.Result result = user.run("pull", "toy", "--from-mirror", mirror);
            assertEquals(4, result.exit(), result.all());
            assertTrue(result.err().contains("the mirror " + mirror + " is not used: "), result.err());
            assertTrue(result.err().contains("host.invalid"), result.err());
        }
    }

    @Test
    void token_isThatOfNetrc() throws Exception {
        server.close();
        start(TOKEN);
        ProgramRunner.Result without = pull();
        assertEquals(4, without.exit(), without.all());
        Path netrc = folder.resolve("user/.netrc");
        Files.writeString(netrc, "machine 127.0.0.1:" + server.port() + " login any password " + TOKEN + "\n");
        Files.setPosixFilePermissions(netrc, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        ProgramRunner.Result with = pull();
        assertEquals(0, with.exit(), with.all());
    }

    @Test
    void lockWithAnotherFingerprint_doesNotUseTheMirror() throws Exception {
        assertEquals(0, pull().exit());
        Path project = Files.createDirectories(folder.resolve("user/project"));
        assertEquals(0, user.run(project, "init").exit());
        assertEquals(0, user.run(project, "add", "toy").exit());
        ProgramRunner.Result lock = user.run(project, "lock");
        assertEquals(0, lock.exit(), lock.all());
        Files.writeString(folder.resolve("config.yaml"), "mirrors: [\"" + url() + "\"]\n");
        user.with("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        user.mirror("second");
        ProgramRunner.Result same = user.run(project, "sync", "--locked");
        assertEquals(0, same.exit(), same.all());

        user.mirror("third");
        Path tags = lab.bags().get(0).path().resolve("bag-info.txt");
        assertTrue(tags.toFile().setWritable(true));
        Files.writeString(tags, read(tags).replaceFirst("Histods-Fingerprint: .{4}", "Histods-Fingerprint: 0000"));
        ProgramRunner.Result other = user.run(project, "sync", "--locked");
        assertEquals(4, other.exit(), other.all());
        assertTrue(other.err().contains("another fingerprint than the lock"), other.err());
    }

    /** The source of the manifest does not exist. */
    @Test
    void brokenFiles_areRepairedFromAMirrorOfTheSettings_ifItHasTheSameBag() throws Exception {
        assertEquals(0, pull().exit());
        Path labels = pulled().resolve("data/labels.csv");
        assertTrue(labels.toFile().setWritable(true));
        Files.writeString(labels, "changed\n");
        Files.delete(pulled().resolve("data/more/inner.zip"));
        ProgramRunner.Result alone = user.run("verify", "toy", "--repair");
        assertEquals(4, alone.exit(), alone.all());

        Files.writeString(folder.resolve("config.yaml"), "mirrors: [\"" + url() + "\"]\n");
        user.with("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        ProgramRunner.Result repaired = user.run("verify", "toy", "--repair");
        assertEquals(0, repaired.exit(), repaired.all());
        assertEquals("a,b\n", read(labels));
        assertEquals(0, user.run("verify", "toy", "--full").exit());
        String receipt = read(pulled().resolve("receipts/0003-repair.json"));
        assertTrue(receipt.contains(url()), receipt);

        assertTrue(labels.toFile().setWritable(true));
        Files.writeString(labels, "changed\n");
        Path tags = lab.bags().get(0).path().resolve("bag-info.txt");
        assertTrue(tags.toFile().setWritable(true));
        Files.writeString(tags, read(tags).replaceFirst("Histods-Fingerprint: .{4}", "Histods-Fingerprint: 0000"));
        ProgramRunner.Result other = user.run("verify", "toy", "--repair");
        assertEquals(4, other.exit(), other.all());
    }

    @Test
    void urlThatIsNone_isRefused() throws Exception {
        ProgramRunner.Result result = user.run("pull", "toy", "--from-mirror", "lab-server");
        assertEquals(2, result.exit(), result.all());
        assertTrue(result.err().contains("lab-server"), result.err());
    }
}
