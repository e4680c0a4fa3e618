package org.histods.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.source.all.Sources;
import org.histods.transport.Credentials.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where credentials are found, which take precedence, which host gets them, and what happens with damaged files. */
class CredentialChainTest {

    private static final String SECRET = "s3cr3t-0f-somebody";

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();
    private final List<Problem> damaged = new ArrayList<>();

    private CredentialChain logins() {
        UserEnvironment around = new UserEnvironment(environment, home);
        Path file = home.resolve(".config/histods/logins.json");
        return new CredentialChain(
                Sources.loginServices(),
                Sources.hostsWithoutCredentials(),
                around,
                new CredentialFile(file, around.shown(file)),
                damaged::add);
    }

    private void file(String path, String text) throws Exception {
        Path file = home.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    }

    private static String shown(Optional<Header> header) {
        return header.map(h -> h.name() + ": " + plain(h.value()) + " from " + h.from())
                .orElse("none");
    }

    private static String plain(String value) {
        return value.startsWith("Basic ")
                ? new String(Base64.getDecoder().decode(value.substring(6)), StandardCharsets.ISO_8859_1)
                : value;
    }

    private String at(String host) {
        return shown(logins().forHost(host));
    }

    @ParameterizedTest
    @CsvSource({
        "KAGGLE_API_TOKEN,       www.kaggle.com,      Authorization: Bearer",
        "HF_TOKEN,               huggingface.co,      Authorization: Bearer",
        "HUGGING_FACE_HUB_TOKEN, huggingface.co,      Authorization: Bearer",
        "GH_TOKEN,               api.github.com,      Authorization: Bearer",
        "GITHUB_TOKEN,           api.github.com,      Authorization: Bearer",
        "GRAND_CHALLENGE_AUTHORIZATION, grand-challenge.org, Authorization: BEARER",
        "ZENODO_TOKEN,           zenodo.org,          Authorization: Bearer",
        "OSF_TOKEN,              api.osf.io,          Authorization: Bearer"
    })
    void variable_isSentAsItsHostWantsIt(String variable, String host, String form) {
        environment.put(variable, " " + SECRET + "\n");
        assertEquals(form + " " + SECRET + " from " + variable, at(host));
    }

    @ParameterizedTest
    @CsvSource({
        ".kaggle/access_token,           www.kaggle.com",
        ".kaggle/access_token.txt,       api.kaggle.com",
        ".cache/huggingface/token,       huggingface.co"
    })
    void fileOfATool_isRead(String path, String host) throws Exception {
        file(path, SECRET + "\n");
        assertEquals("Authorization: Bearer " + SECRET + " from ~/" + path, at(host));
    }

    @Test
    void fileThatAVariableNames_isRead() throws Exception {
        file("elsewhere/token", SECRET);
        environment.put("HF_HOME", home.resolve("elsewhere").toString());
        assertEquals("Authorization: Bearer " + SECRET + " from ~/elsewhere/token", at("huggingface.co"));
        environment.put("HF_TOKEN_PATH", home.resolve("none").toString());
        environment.put("KAGGLE_API_TOKEN", home.resolve("elsewhere/token").toString());
        assertEquals("Authorization: Bearer " + SECRET + " from ~/elsewhere/token", at("www.kaggle.com"));
    }

    @Test
    void kaggleJson_isANameAndAKey() throws Exception {
        file(".kaggle/kaggle.json", "{\"username\":\"me\",\n\t\"key\":\"" + SECRET + "\", \"more\": 1}");
        assertEquals("Authorization: me:" + SECRET + " from ~/.kaggle/kaggle.json", at("www.kaggle.com"));
        environment.put("KAGGLE_CONFIG_DIR", home.resolve("k").toString());
        file("k/kaggle.json", "{\"username\":\"you\",\"key\":\"" + SECRET + "\"}");
        assertEquals("Authorization: you:" + SECRET + " from ~/k/kaggle.json", at("www.kaggle.com"));
    }

    @Test
    void kaggleNameWithoutItsKey_givesNoCredentials() {
        environment.put("KAGGLE_USERNAME", "me");
        assertEquals("none", at("www.kaggle.com"));
        assertEquals(List.of(), damaged);
    }

    @Test
    void tokenOfTheGithubProgram_isRead_andMayBeMissing() throws Exception {
        file(".config/gh/hosts.yml", "github.com:\n    user: me\n    oauth_token: " + SECRET + "\n");
        assertEquals("Authorization: Bearer " + SECRET + " from ~/.config/gh/hosts.yml", at("api.github.com"));
        file(".config/gh/hosts.yml", "github.com:\n    user: me\n");
        assertEquals("none", at("api.github.com"));
        assertEquals(List.of(), damaged);
    }

    @Test
    void wordBeforeAToken_isNotSentTwice() {
        environment.put("GRAND_CHALLENGE_AUTHORIZATION", "Bearer " + SECRET);
        assertTrue(at("grand-challenge.org").startsWith("Authorization: BEARER " + SECRET));
    }

    @Test
    void variable_overridesOurFile_whichOverridesTheTools_whichOverrideNetrc() throws Exception {
        UserEnvironment around = new UserEnvironment(environment, home);
        file(".netrc", "machine huggingface.co login me password netrc");
        assertTrue(at("huggingface.co").contains("netrc"));
        file(".cache/huggingface/token", "theirs");
        assertTrue(at("huggingface.co").contains("theirs"));
        new CredentialFile(home.resolve(".config/histods/logins.json"), "ours")
                .put(List.of("huggingface.co"), TokenScheme.BEARER, Secret.token("ours"), java.time.LocalDate.EPOCH);
        assertTrue(at("huggingface.co").contains("Bearer ours"));
        environment.put("HF_TOKEN", "variable");
        assertTrue(at("huggingface.co").contains("variable"));
        assertEquals(Map.of(), around.environment());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cdn-lfs.huggingface.co",
                "cas-bridge.xethub.hf.co",
                "github.com",
                "codeload.github.com",
                "raw.githubusercontent.com",
                "storage.googleapis.com",
                "kaggle.com.evil.example",
                "evil-zenodo.org",
                "sandbox.zenodo.org",
                "zenodo.org:8443",
                "www.osf.io",
                "ndownloader.figshare.com"
            })
    void hostThatIsNotTheTokens_getsNone(String host) {
        for (LoginService service : Sources.loginServices()) {
            service.variables().forEach(place -> environment.put(place.name(), SECRET));
        }
        environment.put("KAGGLE_USERNAME", "me");
        environment.put("KAGGLE_KEY", SECRET);
        assertEquals("none", at(host));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ".kaggle/kaggle.json        | www.kaggle.com | s3cr3t-0f-somebody                        | is not JSON",
                ".kaggle/kaggle.json        | www.kaggle.com | {\"username\":\"me\",\"key\":\"s3cr3t-0f-somebody   | is not JSON",
                ".kaggle/kaggle.json        | www.kaggle.com | {\"username\":\"me\",\"k\":\"s3cr3t-0f-somebody\"}  | does not contain a user and a key",
                ".kaggle/access_token       | www.kaggle.com | s3cr3t-0f somebody                        | does not contain a token",
                ".cache/huggingface/token   | huggingface.co | s3cr3t-0f-s\u00f6mebody                   | does not contain a token",
                ".config/gh/hosts.yml       | api.github.com | - s3cr3t-0f-somebody                      | is not YAML",
                ".config/histods/logins.json| huggingface.co | {\"logins\":[{\"s3cr3t-0f-somebody\":1}]}     | was not written by"
            })
    void damagedFile_isNamedOnceWithoutItsContent_andGivesNoCredentials(
            String path, String host, String text, String what) throws Exception {
        file(path, text);
        Path file = home.resolve(path);
        Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
        CredentialChain logins = logins();
        assertEquals("none", shown(logins.forHost(host)));
        logins.forHost(host);
        logins.known();
        assertEquals(1, damaged.size(), damaged::toString);
        Problem problem = damaged.get(0);
        assertTrue(problem.message().contains("~/" + path), problem::message);
        assertTrue(problem.message().contains(what), problem::message);
        assertFalse(
                (problem + String.valueOf(problem.hint()) + problem.getCause()).contains("s3cr3t"), problem::message);
        assertTrue(logins.advice(host).orElse("").contains("~/" + path));
    }

    @Test
    void damagedFile_isNoMatterForOtherHosts() throws Exception {
        file(".kaggle/kaggle.json", "nonsense");
        assertEquals("none", at("zenodo.org"));
        assertEquals(List.of(), damaged);
    }

    @Test
    void fileOfOursThatOthersCanRead_isNotUsed() throws Exception {
        CredentialFile stored = new CredentialFile(home.resolve(".config/histods/logins.json"), "ours");
        stored.put(List.of("own.example"), TokenScheme.BEARER, Secret.token(SECRET), java.time.LocalDate.EPOCH);
        assertTrue(at("own.example").contains(SECRET));
        Files.setPosixFilePermissions(
                home.resolve(".config/histods/logins.json"),
                java.nio.file.attribute.PosixFilePermissions.fromString("rw-r-----"));
        assertEquals("none", at("own.example"));
        assertTrue(damaged.get(0).message().contains("other users can read that file"));
        assertTrue(String.valueOf(damaged.get(0).hint()).contains("chmod 600"));
    }

    @Test
    void netrc_isReadInEachOfItsLayouts() throws Exception {
        file(".netrc", """
                # comment machine a
                machine zenodo.org login me password p:w
                macdef init
                machine macro.example login no password no

                machine
                  Synapse.org
                  login y\u00f6u
                  account x
                  password secret
                """);
        assertEquals("Authorization: me:p:w from ~/.netrc", at("zenodo.org"));
        assertEquals("Authorization: y\u00f6u:secret from ~/.netrc", at("synapse.org"));
        assertEquals("none", at("macro.example"));
        assertEquals("none", at("sub.zenodo.org"));
    }

    @Test
    void netrcDefault_isNeverSent() throws Exception {
        file(".netrc", "machine a.org login x password y default login me password pw");
        assertEquals("none", at("evil.example"));
    }

    @Test
    void netrcThatIsCut_givesNoCredentials_andOneElsewhereIsRead() throws Exception {
        file(".netrc", "machine zenodo.org login me password");
        assertEquals("none", at("zenodo.org"));
        file("n", "machine zenodo.org login me password pw");
        environment.put("NETRC", home.resolve("n").toString());
        assertEquals("Authorization: me:pw from ~/n", at("zenodo.org"));
    }
}
