package org.histods.cli.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.histods.testing.EchoingHosts;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Storing credentials with {@code histods login}, and what is sent to hosts. */
class LoginCommandTest {

    private static final String SECRET = "s3cr3t-0f-somebody";

    @TempDir
    Path home;

    private EchoingHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void setUp() throws Exception {
        hosts = new EchoingHosts();
        histods = new ProgramRunner(home, Path.of("manifests"));
    }

    @AfterEach
    void end() throws Exception {
        hosts.close();
    }

    private Path file() {
        return home.resolve(".config/histods/logins.json");
    }

    private ProgramRunner.Result login(String piped, String... more) {
        String[] args = new String[more.length + 1];
        args[0] = "login";
        System.arraycopy(more, 0, args, 1, more.length);
        return silent(histods.piping(piped).run(args));
    }

    /** Runs a login command and checks that its output never contains the secret. */
    private static ProgramRunner.Result silent(ProgramRunner.Result result) {
        assertFalse((result.out() + result.err()).contains(SECRET), () -> result.out() + result.err());
        return result;
    }

    /** The header that a pull sends to a host. */
    private String sent(String host, String header) throws Exception {
        Path manifest = Files.writeString(home.resolve("m.yaml"), """
                id: one
                title: One
                version: "1"
                license: {}
                access: { status: open }
                sources:
                  - kind: http
                    official: true
                    files: [{ path: a.bin, at: "https://%s/data" }]
                """.formatted(host));
        ProgramRunner.Result result = silent(histods.run("pull", manifest.toString(), "--route", hosts.route()));
        assertEquals(0, result.exit(), result.err());
        return hosts.requested().get(0).headers().getOrDefault(header, "none");
    }

    @ParameterizedTest
    @CsvSource({
        "kaggle,          api.kaggle.com,   authorization, Bearer s3cr3t-0f-somebody",
        "https://huggingface.co/datasets/x, huggingface.co, authorization, Bearer s3cr3t-0f-somebody",
        "GitHub.com,      api.github.com,   authorization, Bearer s3cr3t-0f-somebody",
        "https://www.kaggle.com/settings, api.kaggle.com, authorization, Bearer s3cr3t-0f-somebody",
        "figshare,        api.figshare.com, authorization, token s3cr3t-0f-somebody",
        "dataverse.harvard.edu, dataverse.harvard.edu, x-dataverse-key, s3cr3t-0f-somebody",
        "own.example.org, own.example.org,  authorization, Bearer s3cr3t-0f-somebody"
    })
    void token_isSentInTheFormOfItsHost(String name, String host, String header, String value) throws Exception {
        assertEquals(0, login(SECRET + "\n", name).exit());
        assertEquals(value, sent(host, header));
    }

    @Test
    void unknownHost_getsTheTokenInTheGivenForm() throws Exception {
        assertEquals(
                0, login(SECRET, "a.example", "--header", "X-Dataverse-key").exit());
        assertEquals(SECRET, sent("a.example", "x-dataverse-key"));
        assertEquals(0, login(SECRET, "a.example", "--scheme", "token").exit());
        hosts.forget();
        Files.move(home.resolve("mirror"), home.resolve("old"));
        assertEquals("token " + SECRET, sent("a.example", "authorization"));
        assertEquals(0, login(SECRET, "a.example", "--user", "me").exit());
        hosts.forget();
        Files.move(home.resolve("mirror"), home.resolve("older"));
        assertEquals("Basic bWU6czNjcjN0LTBmLXNvbWVib2R5", sent("a.example", "authorization"));
    }

    @Test
    void kaggleJsonOnStandardInput_isANameAndAKey() throws Exception {
        assertEquals(
                0,
                login("{\"username\":\"me\",\"key\":\"" + SECRET + "\"}", "kaggle")
                        .exit());
        assertEquals("Basic bWU6czNjcjN0LTBmLXNvbWVib2R5", sent("www.kaggle.com", "authorization"));
    }

    @Test
    void file_isReadableOnlyByItsOwner_andNoOtherFileIsLeft() throws Exception {
        ProgramRunner.Result result = login(SECRET, "zenodo");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
        assertTrue(result.err().contains("sent only to zenodo.org"), result.err());
        assertTrue(result.err().contains("https://zenodo.org/account/settings/applications/"), result.err());
        try (var beside = Files.list(file().getParent())) {
            assertEquals(1, beside.count());
        }
    }

    @Test
    void secondLoginForAHost_replacesTheFirst_andKeepsOthers() throws Exception {
        login("first-token", "zenodo");
        login("other-token", "osf");
        login(SECRET, "zenodo.org");
        String text = Files.readString(file());
        assertFalse(text.contains("first-token"));
        assertTrue(text.contains("other-token"));
        assertEquals("Bearer " + SECRET, sent("zenodo.org", "authorization"));
    }

    @Test
    void fileThatOthersCanRead_isNotUsedNorWritten() throws Exception {
        login(SECRET, "zenodo");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-r--r--"));
        ProgramRunner.Result result = login("another", "osf");
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("other users can read"), result.err());
        assertTrue(result.err().contains("chmod 600 ~/.config/histods/logins.json"), result.err());
        assertEquals("none", sent("zenodo.org", "authorization"));
    }

    @Test
    void list_showsHostsAndLocations() throws Exception {
        login(SECRET, "figshare");
        histods.with("HF_TOKEN", SECRET);
        ProgramRunner.Result result = silent(histods.run("login"));
        assertEquals(0, result.exit());
        assertTrue(result.out().contains("huggingface.co    Authorization: Bearer …  HF_TOKEN"), result.out());
        assertTrue(
                result.out().contains("api.figshare.com  Authorization: token …   ~/.config/histods/logins.json"),
                result.out());
        JsonNode first = new JsonMapper()
                .readTree(silent(histods.run("login", "--json"))
                        .out()
                        .lines()
                        .findFirst()
                        .orElse(""));
        assertEquals("api.figshare.com", first.path("host").asString(""));
        assertEquals("~/.config/histods/logins.json", first.path("from").asString(""));
        assertEquals(3, first.size());
    }

    @Test
    void listWithADamagedFile_reportsItAndExitsWith2() throws Exception {
        Files.createDirectories(home.resolve(".kaggle"));
        Files.writeString(home.resolve(".kaggle/kaggle.json"), SECRET);
        ProgramRunner.Result result = silent(histods.run("login"));
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("~/.kaggle/kaggle.json"), result.err());
    }

    @Test
    void listWithoutCredentials_showsServices() {
        ProgramRunner.Result result = histods.run("login");
        assertEquals(0, result.exit());
        assertEquals("", result.out());
        assertTrue(result.err().contains("kaggle "), result.err());
    }

    @Test
    void remove_deletesAndReportsOtherCredentialsForTheHost() throws Exception {
        login(SECRET, "zenodo");
        histods.with("ZENODO_TOKEN", SECRET);
        ProgramRunner.Result result = login("", "zenodo", "--remove");
        assertEquals(0, result.exit());
        assertTrue(
                result.err().contains("the credentials from ZENODO_TOKEN are still sent to zenodo.org"), result.err());
        assertFalse(Files.readString(file()).contains(SECRET));
        assertEquals(2, login("", "zenodo", "--remove").exit());
    }

    @Test
    void variableThatTakesPrecedence_isReported() {
        histods.with("ZENODO_TOKEN", "x");
        assertTrue(login(SECRET, "zenodo").err().contains("ZENODO_TOKEN is set and is used instead"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zenodo " + SECRET,
                "zenodo --token " + SECRET,
                "zenodo --token=" + SECRET,
                "--password " + SECRET + " zenodo",
                SECRET,
                "zenodo --header " + SECRET + ":"
            })
    void secretAsAnArgument_isRefusedAndNotShown(String line) {
        ProgramRunner.Result result = login("", line.split(" "));
        assertEquals(2, result.exit(), result.err());
        assertFalse(Files.exists(file()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  \n",
                SECRET + " " + SECRET,
                SECRET + "\n" + SECRET,
                "{\"" + SECRET + "\":",
                "{}",
                SECRET + "\u00f6"
            })
    void invalidToken_isNotStored(String piped) {
        ProgramRunner.Result result = login(piped, "kaggle");
        assertEquals(2, result.exit(), result.err());
        assertTrue(result.err().contains("nothing was stored"), result.err());
        assertFalse(Files.exists(file()));
    }
}
