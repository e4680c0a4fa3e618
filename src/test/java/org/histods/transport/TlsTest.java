package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.testing.FakeHosts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A network that signs with its own certificate, as companies and hospitals do. */
class TlsTest {

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    @TempDir
    static Path dir;

    static WireMockServer server = new WireMockServer();

    @BeforeAll
    static void startWithACertificateForLocalhostOnly() throws Exception {
        String store = dir.resolve("store.p12").toString();
        keytool(
                "-genkeypair",
                "-keystore",
                store,
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=Hospital",
                "-ext",
                "san=dns:localhost");
        keytool(
                "-exportcert",
                "-rfc",
                "-keystore",
                store,
                "-alias",
                "a",
                "-file",
                dir.resolve("ca.pem").toString());
        server = new WireMockServer(wireMockConfig()
                .dynamicPort()
                .dynamicHttpsPort()
                .bindAddress("127.0.0.1")
                .keystorePath(store)
                .keystorePassword("changeit")
                .keyManagerPassword("changeit"));
        server.start();
        server.stubFor(any(anyUrl()).willReturn(ok("data")));
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    private static void keytool(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storepass", "changeit"));
        assertEquals(0, new ProcessBuilder(command).start().waitFor());
    }

    private static HttpTransport trusting(boolean hospital) throws Problem {
        return HOSTS.transport(settings -> settings.withRoutes(HostRewrites.none())
                .withCaFiles(
                        hospital
                                ? List.of(new CaFile(dir.resolve("ca.pem"), "ca-file in the settings file", true))
                                : List.of()));
    }

    private static String at(String host) {
        return "https://" + host + ":" + server.httpsPort() + "/a";
    }

    @Test
    void certificateOfTheUsersFile_isTrusted() throws Exception {
        try (Response answer = trusting(true).open(FakeHosts.get(at("localhost")))) {
            assertEquals(4, answer.body().readAllBytes().length);
        }
    }

    @Test
    void certificateOfTheUsersFile_isNotTrustedWithoutIt() throws Exception {
        Problem problem = FakeHosts.fails(trusting(false), at("localhost"));
        assertTrue(problem.message().contains("issued by CN=Hospital"), problem::message);
    }

    @Test
    void trustedCertificateForAnotherName_isRefused() throws Exception {
        Problem problem = FakeHosts.fails(trusting(true), at("127.0.0.1"));
        assertTrue(problem.message().contains("for another name"), problem::message);
        assertEquals(1, problem.attempts().size());
    }
}
