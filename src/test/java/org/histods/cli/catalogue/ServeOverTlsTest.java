package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ServingProgram;
import org.histods.testing.TestBags;
import org.histods.testing.ToyDataset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code histods serve --certificate}: a mirror over https, as its clients meet it. */
final class ServeOverTlsTest {

    private static final String PASSWORD = "changeit";

    @TempDir
    Path folder;

    private Path manifests;

    @BeforeEach
    void mirror() throws Exception {
        manifests = Files.createDirectories(folder.resolve("manifests"));
        ToyDataset.writeUnreachable(manifests);
        TestBags.publish(
                new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), false, Clock.systemUTC()),
                "toy",
                Map.of("labels.csv", "a,b\n"));
    }

    /** Makes {@code NAME.pem} and {@code NAME.key}, for 127.0.0.1. */
    private void make(String name, String algorithm) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=mirror",
                        "-ext",
                        "san=ip:127.0.0.1",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        write(
                name + ".key",
                "PRIVATE KEY",
                keys.getKey("a", PASSWORD.toCharArray()).getEncoded());
        write(name + ".pem", "CERTIFICATE", keys.getCertificate("a").getEncoded());
    }

    private void write(String file, String kind, byte[] content) throws Exception {
        Files.writeString(
                folder.resolve(file),
                "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + kind + "-----\n");
    }

    private ServingProgram serve(String name) {
        return new ServingProgram(
                folder, manifests, "--listen", "127.0.0.1:0", "--certificate", name + ".pem", "--key", name + ".key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void clientThatTrustsTheCertificate_pullsOverTls_andOthersDoNot(String algorithm) throws Exception {
        make("own", algorithm);
        try (ServingProgram server = serve("own")) {
            assertTrue(server.url().startsWith("https://127.0.0.1:"), server.url());
            ProgramRunner user = new ProgramRunner(Files.createDirectories(folder.resolve("user")), manifests);
            ProgramRunner.Result stranger = user.run("pull", "toy", "--from-mirror", server.url());
            assertEquals(4, stranger.exit(), stranger.all());
            assertTrue(stranger.err().contains("is not used: "), stranger.err());
            assertTrue(stranger.err().contains("certificate"), stranger.err());
            ProgramRunner.Result plain =
                    user.run("pull", "toy", "--from-mirror", server.url().replace("https:", "http:"));
            assertEquals(4, plain.exit(), plain.all());
            user.with("SSL_CERT_FILE", folder.resolve("own.pem").toString());
            ProgramRunner.Result pulled = user.run("pull", "toy", "--from-mirror", server.url());
            assertEquals(0, pulled.exit(), pulled.all());
            assertTrue(Files.exists(folder.resolve("user/mirror/datasets/toy/1/data/labels.csv")));
        }
    }

    @Test
    void filesThatAreNoPair_areRefusedAtTheStart() throws Exception {
        make("own", "EC");
        make("other", "EC");
        make("rsa", "RSA");
        Files.writeString(
                folder.resolve("old.key"), "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
        Files.writeString(
                folder.resolve("broken.key"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        for (List<String> wrong : List.of(
                List.of("own.pem", "other.key", "is not that of the first certificate"),
                List.of("own.pem", "rsa.key", "is not that of the first certificate"),
                List.of("own.pem", "old.key", "openssl pkcs8 -topk8"),
                List.of("own.pem", "broken.key", "is neither of RSA nor of EC"),
                List.of("own.pem", "missing.key", "cannot read"),
                List.of("own.key", "own.key", "certificate"),
                List.of("missing.pem", "own.key", "cannot read"))) {
            ProgramRunner.Result result = new ProgramRunner(folder, manifests)
                    .run("serve", "--certificate", wrong.get(0), "--key", wrong.get(1));
            assertEquals(2, result.exit(), result.all());
            assertTrue(result.err().contains(wrong.get(2)), wrong + " " + result.err());
        }
        ProgramRunner.Result half = new ProgramRunner(folder, manifests).run("serve", "--certificate", "own.pem");
        assertEquals(2, half.exit(), half.all());
        assertTrue(half.err().contains("require each other"), half.err());
    }
}
