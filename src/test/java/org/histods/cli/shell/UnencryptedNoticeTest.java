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

/** Unencrypted transfers: only from URLs in the manifest, without credentials, and reported. */
class UnencryptedNoticeTest {

    @TempDir
    Path home;

    private EchoingHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void setUp() throws Exception {
        hosts = new EchoingHosts();
        // The proxy sees what anybody between the user and the host would see.
        histods = new ProgramRunner(home, Path.of("manifests")).with("http_proxy", "http://127.0.0.1:" + hosts.port());
        Files.writeString(home.resolve(".netrc"), "machine plain.example login me password pa55word\n");
    }

    @AfterEach
    void end() throws Exception {
        hosts.close();
    }

    private Path manifest(String address, String checksums) throws Exception {
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
                """.formatted(address, checksums));
    }

    private ProgramRunner.Result pull(String address, String checksums, String... more) throws Exception {
        String[] args = new String[more.length + 2];
        args[0] = "pull";
        args[1] = manifest(address, checksums).toString();
        System.arraycopy(more, 0, args, 2, more.length);
        return histods.run(args);
    }

    @Test
    void urlInTheManifest_isRequestedWithoutCredentials_andThatIsReported() throws Exception {
        ProgramRunner.Result result = pull("http://plain.example/data", "");
        assertEquals(0, result.exit(), result.err());
        assertTrue(
                result.err()
                        .contains(
                                "1 file transferred without encryption from plain.example; no published checksum was compared"
                                        + " to detect changes on the way"),
                result.err());
        assertEquals(1, hosts.requested().size());
        assertEquals("", hosts.requested().get(0).secrets());
    }

    @Test
    void record_saysIt() throws Exception {
        JsonMapper json = new JsonMapper();
        ProgramRunner.Result result = pull("http://plain.example/data", "", "--json");
        JsonNode file = json.readTree(result.out().lines().toList().get(1));
        assertFalse(file.path("encrypted").asBoolean(true), result.out());
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
    void pinnedChecksum_isReportedToCoverIt() throws Exception {
        ProgramRunner.Result result =
                pull("http://plain.example/data", ", sums: [{ sum: \"md5:" + md5() + "\", by: Us }]");
        assertEquals(0, result.exit(), result.err());
        assertTrue(result.err().contains("verified against published checksums"), result.err());
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
        ProgramRunner.Result result = pull("https://zenodo.org/data", "", "--json", "--route", hosts.route());
        assertEquals(0, result.exit(), result.err());
        assertFalse(result.err().contains("encryption"), result.err());
        assertTrue(new JsonMapper()
                .readTree(result.out().lines().toList().get(1))
                .path("encrypted")
                .asBoolean(false));
    }

    @Test
    void redirectFromAnEncryptedUrl_isRefused() throws Exception {
        String route = "zenodo.org=http://127.0.0.1:" + hosts.port() + "/{host}";
        ProgramRunner.Result result = pull("https://zenodo.org/downgrade", "", "--route", route);
        assertEquals(4, result.exit(), result.err());
        assertTrue(result.err().contains("from https to plain http"), result.err());
        assertEquals(1, hosts.requested().size());
    }

    @Test
    void redirectFromAPlainUrlToAnother_isFollowedAndNamed() throws Exception {
        ProgramRunner.Result result = pull("http://old.example/downgrade", "");
        assertEquals(0, result.exit(), result.err());
        assertTrue(result.err().contains("without encryption from plain.example"), result.err());
        assertEquals(
                List.of("old.example/downgrade", "plain.example/data"),
                hosts.requested().stream().map(EchoingHosts.Asked::place).toList());
    }

    @Test
    void routeToAnotherMachine_isRefused() throws Exception {
        ProgramRunner.Result result =
                pull("https://zenodo.org/data", "", "--route", "zenodo.org=http://proxy.lab/{host}");
        assertEquals(2, result.exit(), result.err());
        assertTrue(result.err().contains("allow-http"), result.err());
        assertEquals(0, hosts.requested().size());
    }
}
