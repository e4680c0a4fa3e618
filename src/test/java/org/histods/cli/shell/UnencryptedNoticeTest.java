package org.histods.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.testing.EchoingHosts;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What comes without encryption: only from an address that stands in the manifest, without a login, and it is said. */
class UnencryptedNoticeTest {

    @TempDir
    Path home;

    private EchoingHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void world() throws Exception {
        hosts = new EchoingHosts();
        // The proxy stands for the fix: it sees what anybody on the way would.
        histods = new ProgramRunner(home, Path.of("manifests")).with("http_proxy", "http://127.0.0.1:" + hosts.port());
        Files.writeString(home.resolve(".netrc"), "machine plain.example login me password pa55word\n");
    }

    @AfterEach
    void end() throws Exception {
        hosts.close();
    }

    private Path manifest(String address, String sums) throws Exception {
        return Files.writeString(home.resolve("m.yaml"), """
                id: one
                title: One
                version: "1"
                license: {}
                access: { status: open }
                sources:
                  - kind: http
                    official: true
                    files: [{ path: a.bin, at: "%s"%s }]
                """.formatted(address, sums));
    }

    private ProgramRunner.Result pull(String address, String sums, String... more) throws Exception {
        String[] args = new String[more.length + 2];
        args[0] = "pull";
        args[1] = manifest(address, sums).toString();
        System.arraycopy(more, 0, args, 2, more.length);
        return histods.run(args);
    }

    @Test
    void addressInTheManifest_isAsked_withoutALogin_andItIsSaid() throws Exception {
        ProgramRunner.Result said = pull("http://plain.example/data", "");
        assertEquals(0, said.exit(), said.err());
        assertTrue(
                said.err()
                        .contains(
                                "1 file transferred without encryption from plain.example; no published checksum was compared"
                                        + " to detect changes on the way"),
                said.err());
        assertEquals(1, hosts.asked().size());
        assertEquals("", hosts.asked().get(0).secrets());
    }

    @Test
    void record_saysIt() throws Exception {
        JsonMapper json = new JsonMapper();
        ProgramRunner.Result said = pull("http://plain.example/data", "", "--json");
        JsonNode file = json.readTree(said.out().lines().toList().get(1));
        assertFalse(file.path("encrypted").asBoolean(true), said.out());
        assertTrue(histods.run("provenance", "one").out().contains("transferred without encryption"));
        JsonNode receipt = json.readTree(histods.run("provenance", "one", "--json")
                .out()
                .lines()
                .findFirst()
                .orElse(""));
        JsonNode fetch =
                receipt.path("receipt").path("predicate").path("fetches").path(0);
        assertFalse(fetch.path("encrypted").asBoolean(true), receipt::toString);
    }

    @Test
    void checksumThatIsPinned_isSaidToCoverIt() throws Exception {
        ProgramRunner.Result said =
                pull("http://plain.example/data", ", sums: [{ sum: \"md5:" + md5() + "\", by: Us }]");
        assertEquals(0, said.exit(), said.err());
        assertTrue(said.err().contains("verified against published checksums"), said.err());
    }

    private static String md5() throws Exception {
        byte[] digest = java.security.MessageDigest.getInstance("MD5")
                .digest("some data".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return java.util.HexFormat.of().formatHex(digest);
    }

    @Test
    void dryRun_saysItBefore() throws Exception {
        assertTrue(pull("http://plain.example/data", "", "--dry-run").out().contains("without encryption"));
    }

    @Test
    void encryptedTransfer_saysNothing() throws Exception {
        ProgramRunner.Result said = pull("https://zenodo.org/data", "", "--json", "--route", hosts.route());
        assertEquals(0, said.exit(), said.err());
        assertFalse(said.err().contains("encryption"), said.err());
        assertTrue(new JsonMapper()
                .readTree(said.out().lines().toList().get(1))
                .path("encrypted")
                .asBoolean(false));
    }

    @Test
    void redirectFromAnEncryptedAddress_isRefused() throws Exception {
        String route = "zenodo.org=http://127.0.0.1:" + hosts.port() + "/{host}";
        ProgramRunner.Result said = pull("https://zenodo.org/downgrade", "", "--route", route);
        assertEquals(4, said.exit(), said.err());
        assertTrue(said.err().contains("from https to plain http"), said.err());
        assertEquals(1, hosts.asked().size());
    }

    @Test
    void redirectFromAPlainAddressToAnother_isFollowedAndNamed() throws Exception {
        ProgramRunner.Result said = pull("http://old.example/downgrade", "");
        assertEquals(0, said.exit(), said.err());
        assertTrue(said.err().contains("without encryption from plain.example"), said.err());
        assertEquals(
                List.of("old.example/downgrade", "plain.example/data"),
                hosts.asked().stream().map(EchoingHosts.Asked::place).toList());
    }

    @Test
    void routeToAnotherMachine_isRefused() throws Exception {
        ProgramRunner.Result said =
                pull("https://zenodo.org/data", "", "--route", "zenodo.org=http://proxy.lab/{host}");
        assertEquals(2, said.exit(), said.err());
        assertTrue(said.err().contains("allow-http"), said.err());
        assertEquals(0, hosts.asked().size());
    }
}
