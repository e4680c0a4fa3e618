package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.WireMockServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.histods.testing.FakeHosts;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** A server on its own, with a certificate for localhost that begins and ends then. */
    private static WireMockServer serverWith(String name, String... validity) throws Exception {
        String store = dir.resolve(name + ".p12").toString();
        List<String> arguments = new ArrayList<>(List.of(
                "-genkeypair",
                "-keystore",
                store,
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost"));
        arguments.addAll(List.of(validity));
        keytool(arguments.toArray(new String[0]));
        String pem = dir.resolve(name + ".pem").toString();
        keytool("-exportcert", "-rfc", "-keystore", store, "-alias", "a", "-file", pem);
        WireMockServer other = new WireMockServer(wireMockConfig()
                .dynamicPort()
                .dynamicHttpsPort()
                .bindAddress("127.0.0.1")
                .keystorePath(store)
                .keystorePassword("changeit")
                .keyManagerPassword("changeit"));
        other.start();
        other.stubFor(any(anyUrl()).willReturn(ok("data")));
        return other;
    }

    private static Problem failsAt(WireMockServer other, String trusted) throws Problem {
        List<CaFile> files = List.of(new CaFile(dir.resolve(trusted), "SSL_CERT_FILE", true));
        return FakeHosts.fails(
                HOSTS.transport(
                        settings -> settings.withRoutes(HostRewrites.none()).withCaFiles(files)),
                "https://localhost:" + other.httpsPort() + "/a");
    }

    @Test
    void certificateThatExpired_isNamedWithTheDay() throws Exception {
        WireMockServer other = serverWith("Expired", "-startdate", "2020/01/01 00:00:00", "-validity", "30");
        try {
            Problem problem = failsAt(other, "Expired.pem");
            assertTrue(problem.message().contains("expired on 2020-01-31"), problem::message);
            assertTrue(String.valueOf(problem.hint()).contains("clock"), problem::hint);
            assertEquals(1, problem.attempts().size());
        } finally {
            other.stop();
        }
    }

    @Test
    void certificateThatIsNotValidYet_isNamedWithTheDay() throws Exception {
        WireMockServer other = serverWith("Future", "-startdate", "2090/01/01 00:00:00", "-validity", "30");
        try {
            Problem problem = failsAt(other, "Future.pem");
            assertTrue(problem.message().contains("not valid before 2090-01-01"), problem::message);
            assertEquals(1, problem.attempts().size());
        } finally {
            other.stop();
        }
    }

    @Test
    void plainHttpAtAnHttpsUrl_isReportedOnce() throws Exception {
        Problem problem = FakeHosts.fails(trusting(true), "https://localhost:" + server.port() + "/a");
        assertTrue(problem.message().contains("does not support TLS on port " + server.port()), problem::message);
        assertEquals(1, problem.attempts().size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"})
    void hospitalsCaInAVariableOfOtherTools_isTrusted(String variable) throws Exception {
        Map<String, String> environment = Map.of(variable, dir.resolve("ca.pem").toString());
        List<CaFile> files = CaFile.of(null, environment, path -> path);
        HOSTS.transport(settings -> settings.withRoutes(HostRewrites.none()).withCaFiles(files))
                .open(FakeHosts.get(at("localhost")))
                .close();
    }

    @Test
    void folderOfCaFiles_isTrusted() throws Exception {
        Path folder = Files.createDirectories(dir.resolve("folder"));
        Files.copy(dir.resolve("ca.pem"), folder.resolve("a.pem"));
        List<CaFile> files = List.of(new CaFile(folder, "REQUESTS_CA_BUNDLE", false));
        HOSTS.transport(settings -> settings.withRoutes(HostRewrites.none()).withCaFiles(files))
                .open(FakeHosts.get(at("localhost")))
                .close();
    }

    @Test
    void variableThatNamesAMissingFile_isReportedAndStopsNothing() throws Exception {
        List<String> notices = new ArrayList<>();
        TransportListener listener = new TransportListener() {
            @Override
            public void waiting(String host, Duration length, String reason) {}

            @Override
            public void notice(String message) {
                notices.add(message);
            }
        };
        CaTrustManager.read(List.of(new CaFile(dir.resolve("gone.pem"), "SSL_CERT_FILE", false)), listener);
        assertTrue(
                notices.get(0).contains("gone.pem, named by SSL_CERT_FILE: there is no such file"), notices::toString);
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
        try (Response response = trusting(true).open(FakeHosts.get(at("localhost")))) {
            assertEquals(4, response.body().readAllBytes().length);
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
        assertTrue(problem.message().contains("for another name (localhost), not for 127.0.0.1"), problem::message);
        assertEquals(1, problem.attempts().size());
    }
}
