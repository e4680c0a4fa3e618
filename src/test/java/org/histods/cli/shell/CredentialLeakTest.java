package org.histods.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.testing.EchoingHosts;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Credentials of every kind, with hosts that send them back in every possible way: only their own host ever sees them.
 */
class CredentialLeakTest {

    private static final String TOKEN = "tok-3n/of+a-person";
    private static final String KEY = "k3y of=a&person";
    private static final String PASSWORD = "pa55word-of-a-person";

    @TempDir
    Path folder;

    private EchoingHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void setUp() throws Exception {
        hosts = new EchoingHosts();
        histods = new ProgramRunner(folder.resolve("home"), Path.of("manifests"));
        Files.createDirectories(folder.resolve("home"));
        histods.with("KAGGLE_USERNAME", "somebody")
                .with("KAGGLE_KEY", KEY)
                .with("HF_TOKEN", TOKEN)
                .with("GITHUB_TOKEN", TOKEN)
                .with("GRAND_CHALLENGE_AUTHORIZATION", "BEARER " + TOKEN)
                .with("ZENODO_TOKEN", TOKEN)
                .with("OSF_TOKEN", TOKEN)
                .with("XDG_STATE_HOME", folder.resolve("state").toString())
                .with("HISTODS_MIRROR", folder.resolve("mirror").toString());
        Files.writeString(
                folder.resolve("home/.netrc"), "machine netrc.example login somebody password " + PASSWORD + "\n");
        histods.piping(TOKEN);
        assertEquals(0, histods.run("login", "figshare").exit());
        assertEquals(
                0,
                histods.run("login", "dataverse.example", "--header", "X-Dataverse-key")
                        .exit());
        assertEquals(0, histods.run("login", "own.example").exit());
    }

    @AfterEach
    void end() throws IOException {
        hosts.close();
    }

    private static Map<String, String> secrets() {
        Map<String, String> all = new LinkedHashMap<>();
        for (String secret : List.of(TOKEN, KEY, PASSWORD)) {
            all.put(secret, secret);
            all.put("encoded " + secret, URLEncoder.encode(secret, StandardCharsets.UTF_8));
            all.put("start of " + secret, secret.substring(0, 9));
            String pair = "somebody:" + secret;
            all.put("base64 " + secret, Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
        }
        return all;
    }

    private static void assertNone(String where, String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        secrets()
                .forEach((what, secret) -> assertFalse(
                        lower.contains(secret.toLowerCase(Locale.ROOT)), () -> what + " in " + where + ":\n" + text));
    }

    private void assertNothingKept() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String below : new String[] {"mirror", "state"}) {
            if (Files.exists(folder.resolve(below))) {
                try (Stream<Path> walk = Files.walk(folder.resolve(below))) {
                    walk.forEach(all::add);
                }
            }
        }
        assertTrue(all.stream().anyMatch(p -> p.endsWith("journal.jsonl")) || all.size() > 2, all::toString);
        for (Path file : all) {
            assertNone("the name of a file", file.toString());
            if (Files.isRegularFile(file)) {
                assertNone(file.toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
    }

    /** A manifest with a file for each way, to be had in that way first and then by the next. */
    private Path manifest(String host, String next, String... ways) throws IOException {
        StringBuilder text = new StringBuilder("""
                id: echo
                title: An echo
                version: "1"
                license: {}
                access: { status: open }
                sources:
                """);
        for (String by : next.isEmpty() ? new String[] {""} : new String[] {"", next}) {
            text.append("  - kind: http\n    official: true\n    record: https://" + host + "/\n    files:\n");
            for (String way : ways) {
                text.append("      - { path: " + way + ".dat, at: \"https://" + host + "/" + (by.isEmpty() ? way : by)
                        + "/" + way + "\" }\n");
            }
        }
        return Files.writeString(folder.resolve("echo.yaml"), text);
    }

    private ProgramRunner.Result pull(Path manifest) throws IOException {
        ProgramRunner.Result result =
                histods.run("pull", manifest.toString(), "--route", hosts.route(), "--json", "--jobs", "1");
        assertNone("standard output", result.out());
        assertNone("standard error", result.err());
        assertNothingKept();
        return result;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "www.kaggle.com",
                "api.kaggle.com",
                "huggingface.co",
                "api.github.com",
                "grand-challenge.org",
                "zenodo.org",
                "api.osf.io",
                "api.figshare.com",
                "dataverse.example",
                "own.example",
                "netrc.example"
            })
    void credentialsThatHostsSendBack_appearNowhere(String host) throws Exception {
        String[] ways = {"status", "forbidden", "long", "missing", "quote", "page"};
        ProgramRunner.Result result = pull(manifest(host, "redirect", ways));
        assertEquals(0, result.exit(), result.err());
        List<EchoingHosts.Asked> own =
                hosts.requested().stream().filter(a -> a.host().equals(host)).toList();
        assertEquals(ways.length * 2 - 1, own.size());
        own.forEach(a -> assertFalse(a.secrets().isEmpty(), a::place));
        List<EchoingHosts.Asked> others =
                hosts.requested().stream().filter(a -> !a.host().equals(host)).toList();
        assertEquals(ways.length - 1, others.size());
        others.forEach(a -> assertEquals("", a.secrets(), a::place));
        assertNone("the record", histods.run("provenance", "echo").out());
        assertNone("the record", histods.run("provenance", "echo", "--json").out());
    }

    @Test
    void refusedCredentials_areNamedByLocation_andNotShown() throws Exception {
        ProgramRunner.Result result = pull(manifest("www.kaggle.com", "", "unauthorized"));
        assertEquals(3, result.exit());
        assertTrue(
                result.err().contains("the credentials from KAGGLE_USERNAME and KAGGLE_KEY were refused"),
                result.err());
        assertTrue(result.err().contains("put a new token into KAGGLE_USERNAME and KAGGLE_KEY"), result.err());
        assertEquals(2, hosts.requested().size());
        assertEquals("", hosts.requested().get(1).secrets());
    }

    @Test
    void refusedCredentials_doNotBlockOpenFiles() throws Exception {
        ProgramRunner.Result result = pull(manifest("zenodo.org", "data", "unauthorized"));
        assertEquals(0, result.exit(), result.err());
        assertTrue(
                result.err().contains("zenodo.org refused the credentials from ZENODO_TOKEN; trying without them"),
                result.err());
    }

    @Test
    void insufficientCredentials_areNamed() throws Exception {
        ProgramRunner.Result result = pull(manifest("dataverse.example", "", "forbidden"));
        assertEquals(3, result.exit());
        assertTrue(result.err().contains("the credentials from ~/.config/histods/logins.json were sent"), result.err());
        assertTrue(result.err().contains("`histods login dataverse.example` replaces them"), result.err());
    }

    @Test
    void missingCredentials_hintsAtLogin() throws Exception {
        ProgramRunner.Result result = pull(manifest("dataverse.harvard.edu", "", "forbidden"));
        assertEquals(3, result.exit());
        assertTrue(result.err().contains("no credentials for dataverse.harvard.edu were sent"), result.err());
        assertTrue(result.err().contains("`histods login dataverse-harvard` stores credentials"), result.err());
    }

    @Test
    void storageHost_getsNoHintAtLogin() throws Exception {
        ProgramRunner.Result result = pull(manifest("bucket.s3.amazonaws.com", "", "forbidden"));
        assertEquals(3, result.exit());
        assertFalse(result.err().contains("histods login"), result.err());
    }

    @Test
    void errorPageInPlaceOfAFile_isNotQuoted() throws Exception {
        ProgramRunner.Result result = pull(manifest("own.example", "", "error"));
        assertEquals(5, result.exit(), result.err());
        assertTrue(result.err().contains("an error message: "), result.err());
    }

    @Test
    void descriptionThatQuotesCredentials_isRedacted() throws Exception {
        Path manifest = folder.resolve("dv.yaml");
        Files.writeString(manifest, """
                id: echo
                title: An echo
                version: "1"
                license: {}
                access: { status: open }
                sources:
                  - kind: zenodo
                    official: true
                    record: "123"
                    options: { host: own.example }
                """);
        // Every path of it begins with api/, which is data here: the interface answers with no JSON.
        ProgramRunner.Result result = pull(manifest);
        assertEquals(4, result.exit(), result.err());
        assertFalse(hosts.requested().get(0).secrets().isEmpty());
    }
}
