package org.histods.objectstore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.histods.credentials.UserEnvironment;
import org.histods.problem.Problem;
import org.histods.settings.Settings;
import org.histods.transport.Credentials;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the server and the access key of a bucket are found. */
final class EndpointFinderTest {

    @TempDir
    Path home;

    private final Map<String, String> environment = new HashMap<>();
    private Credentials stored = Credentials.none();
    private Settings.@Nullable Bucket settings;

    private StoreEndpoint find(String bucket) throws Problem {
        return new EndpointFinder(new UserEnvironment(environment, home), stored, settings).find(bucket);
    }

    private void file(String name, String text) throws IOException {
        Path file = home.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static AccessKey key(StoreEndpoint endpoint) {
        AccessKey key = endpoint.key();
        assertNotNull(key);
        return key;
    }

    @Test
    void nothingSet_isAmazon_withoutAKey() throws Exception {
        StoreEndpoint found = find("our-lab");
        assertNull(found.key());
        assertEquals(
                URI.create("https://our-lab.s3.us-east-1.amazonaws.com/x/a%20b"), found.object("our-lab", "x/a b"));
    }

    @Test
    void bucketWithADot_isInThePath() throws Exception {
        environment.put("AWS_REGION", "eu-central-1");
        assertEquals(
                URI.create("https://s3.eu-central-1.amazonaws.com/our.lab/x"),
                find("our.lab").object("our.lab", "x"));
    }

    @Test
    void regionInChina_hasItsOwnDomain() throws Exception {
        environment.put("AWS_DEFAULT_REGION", "cn-north-1");
        assertEquals(
                URI.create("https://lab.s3.cn-north-1.amazonaws.com.cn/x"),
                find("lab").object("lab", "x"));
    }

    @Test
    void otherServer_hasTheBucketInThePath_unlessTheSettingsSayElse() throws Exception {
        environment.put("AWS_ENDPOINT_URL", "https://minio.example:9000/");
        assertEquals(URI.create("https://minio.example:9000/lab/x"), find("lab").object("lab", "x"));
        settings = new Settings.Bucket(null, null, false, null);
        assertEquals(URI.create("https://lab.minio.example:9000/x"), find("lab").object("lab", "x"));
    }

    @Test
    void settings_overrideVariables_whichOverrideFiles() throws Exception {
        file(".aws/config", """
                [default]
                region = file-region
                endpoint_url = https://file.example
                """);
        assertEquals("file-region", find("lab").region());
        assertEquals(URI.create("https://file.example"), find("lab").url());
        environment.put("AWS_ENDPOINT_URL", "https://general.example");
        environment.put("AWS_ENDPOINT_URL_S3", "https://variable.example");
        environment.put("AWS_REGION", "variable-region");
        assertEquals("variable-region", find("lab").region());
        assertEquals(URI.create("https://variable.example"), find("lab").url());
        settings = new Settings.Bucket("settings.example", "settings-region", null, null);
        assertEquals("settings-region", find("lab").region());
        assertEquals(URI.create("https://settings.example"), find("lab").url());
    }

    @Test
    void key_isOfVariables_elseOfLogin_elseOfTheProfile() throws Exception {
        file(".aws/credentials", """
                [default]
                aws_access_key_id = FILE
                aws_secret_access_key = s1
                aws_session_token = token
                """);
        AccessKey fromFile = key(find("lab"));
        assertEquals("FILE", fromFile.id());
        assertEquals("token", fromFile.sessionToken());
        environment.put("AWS_ENDPOINT_URL", "https://minio.example:9000");
        stored = host -> host.equals("minio.example:9000")
                ? Optional.of(Credentials.Header.basic("LOGIN", "a:b", StandardCharsets.UTF_8, "logins.json"))
                : Optional.empty();
        assertEquals("LOGIN", key(find("lab")).id());
        assertEquals("a:b", key(find("lab")).secret());
        environment.put("AWS_ACCESS_KEY_ID", "VARIABLE");
        environment.put("AWS_SECRET_ACCESS_KEY", "s2");
        assertEquals("VARIABLE", key(find("lab")).id());
        assertFalse(key(find("lab")).toString().contains("s2"));
    }

    @Test
    void profileOfTheSettings_overridesAllKeys() throws Exception {
        file(".aws/credentials", """
                [lab]
                aws_access_key_id = LAB
                aws_secret_access_key = s1
                """);
        environment.put("AWS_ACCESS_KEY_ID", "VARIABLE");
        environment.put("AWS_SECRET_ACCESS_KEY", "s2");
        settings = new Settings.Bucket(null, null, null, "lab");
        assertEquals("LAB", key(find("lab")).id());
    }

    @Test
    void profileThatDoesNotExist_isNamed() {
        environment.put("AWS_PROFILE", "lab");
        Problem problem = assertThrows(Problem.class, () -> find("lab"));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("'lab'"), problem.message());
    }

    @Test
    void profileThatLogsInElsewhere_isExplained() throws Exception {
        file(".aws/config", """
                [profile lab]
                sso_start_url = https://login.example
                """);
        environment.put("AWS_PROFILE", "lab");
        Problem problem = assertThrows(Problem.class, () -> find("lab"));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("export-credentials"), problem.hint());
    }

    @Test
    void damagedFile_isNamed_andNotShown() throws Exception {
        file(".aws/credentials", "secret = s3cret\n");
        Problem problem = assertThrows(Problem.class, () -> find("lab"));
        assertTrue(problem.message().contains("~/.aws/credentials"), problem.message());
        assertFalse(problem.message().contains("s3cret"), problem.message());
    }

    @Test
    void endpointThatIsNotAUrl_isInvalidUsage() {
        environment.put("AWS_ENDPOINT_URL", "ftp://x");
        Problem problem = assertThrows(Problem.class, () -> find("lab"));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("ftp://x"), problem.message());
    }
}
