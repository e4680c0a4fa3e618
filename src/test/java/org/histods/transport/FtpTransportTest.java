package org.histods.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ftpserver.ftplet.DefaultFtplet;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.FtpRequest;
import org.apache.ftpserver.ftplet.FtpSession;
import org.apache.ftpserver.ftplet.FtpletResult;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.testing.AnonymousFtpServer;
import org.histods.testing.TestTransports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FTP, with a server on this machine. */
final class FtpTransportTest {

    @TempDir
    Path home = Path.of("");

    private final AtomicInteger logins = new AtomicInteger();
    private final AtomicInteger hangUps = new AtomicInteger();
    private AnonymousFtpServer server;
    private HttpTransport transport;
    private int port;

    FtpTransportTest() throws Problem {
        transport = open(new TestTransports());
    }

    /** Counts connections, and closes as many of them as the test asks for. */
    private final class Observer extends DefaultFtplet {
        @Override
        public FtpletResult onLogin(FtpSession session, FtpRequest request) {
            logins.incrementAndGet();
            return FtpletResult.DEFAULT;
        }

        @Override
        public FtpletResult onDownloadStart(FtpSession session, FtpRequest request) {
            return hangUps.getAndDecrement() > 0 ? FtpletResult.DISCONNECT : FtpletResult.DEFAULT;
        }
    }

    @BeforeEach
    void serve() throws FtpException, IOException {
        Files.createDirectories(home.resolve("WSI/sub"));
        Files.writeString(home.resolve("WSI/a b#1.svs"), "0123456789");
        Files.writeString(home.resolve("top.xlsx"), "x\r\ny\n");
        start(true);
    }

    private void start(boolean anonymous) throws FtpException {
        server = new AnonymousFtpServer(home, anonymous, new Observer());
        port = server.port();
    }

    @AfterEach
    void stop() {
        transport.close();
        server.close();
    }

    private static HttpTransport open(TestTransports transports) throws Problem {
        return transports.withAttempts(3).open();
    }

    private URI at(String path) {
        return URI.create("ftp://127.0.0.1:" + port + "/" + path);
    }

    private String text(Request request) throws Problem {
        return new String(transport.read(request, 1 << 20), StandardCharsets.UTF_8);
    }

    private Problem fails(Request request) {
        return assertThrows(Problem.class, () -> transport.read(request, 1 << 20));
    }

    @Test
    void file_comesWholeAndByteForByte() throws Exception {
        try (Response response = transport.open(Request.get(at("WSI/a%20b%231.svs")))) {
            assertEquals(200, response.status());
            assertEquals(10, response.length());
            assertEquals(10, response.total());
            assertEquals("0123456789", new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals("x\r\ny\n", text(Request.get(at("top.xlsx"))));
    }

    @Test
    void part_startsWhereItWasRequested() throws Exception {
        try (Response response =
                transport.open(Request.get(at("WSI/a%20b%231.svs")).range(4, -1))) {
            assertEquals(206, response.status());
            assertEquals(4, response.from());
            assertEquals(10, response.total());
            assertEquals("456789", new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals("45", text(Request.get(at("WSI/a%20b%231.svs")).range(4, 5)));
        assertEquals("x\r\ny\n", text(Request.get(at("top.xlsx"))));
    }

    @Test
    void partOfAnotherFileThanBefore_comesWhole() throws Exception {
        String validator;
        try (Response response = transport.open(Request.get(at("top.xlsx")))) {
            validator = response.validator();
        }
        Request rest = Request.get(at("top.xlsx")).range(2, -1).ifRange(validator);
        assertEquals("\ny\n", text(rest));

        Files.writeString(home.resolve("top.xlsx"), "another");

        assertEquals("another", text(rest));
    }

    @Test
    void folder_isListedWithKindsAndSizes() throws Exception {
        assertEquals(
                "# listing of an FTP folder: kind, size, name\nd 0 sub\nf 10 a b#1.svs\n",
                text(Request.get(at("WSI/"))).lines().sorted().reduce("", (a, b) -> a + b + "\n"));
        assertEquals("# listing of an FTP folder: kind, size, name\n", text(Request.get(at("WSI/sub/"))));
    }

    @Test
    void manyFiles_comeOverOneConnection() throws Exception {
        for (int i = 0; i < 5; i++) {
            text(Request.get(at("top.xlsx")));
            text(Request.get(at("WSI/")));
        }

        assertEquals(1, logins.get());
    }

    @Test
    void responseClosedEarly_doesNotSpoilTheNext() throws Exception {
        try (Response response = transport.open(Request.get(at("WSI/a%20b%231.svs")))) {
            assertEquals('0', response.body().read());
        }

        assertEquals("x\r\ny\n", text(Request.get(at("top.xlsx"))));
    }

    @Test
    void connectionThatWasClosedMeanwhile_isOpenedAgain() throws Exception {
        text(Request.get(at("top.xlsx")));
        server.listener()
                .getActiveSessions()
                .forEach(session -> session.closeNow().awaitUninterruptibly());

        assertEquals("x\r\ny\n", text(Request.get(at("top.xlsx"))));
    }

    @Test
    void missingFileAndFolder_areNetworkAndRequestedOnce() {
        for (String path : new String[] {"none.svs", "none/"}) {
            Problem problem = fails(Request.get(at(path)));

            assertEquals(Kind.NETWORK, problem.kind());
            assertEquals(1, problem.attempts().size());
            assertTrue(problem.message().contains("550"), problem.message());
        }
    }

    @Test
    void partBeyondTheEnd_isNotRequestedAgain() {
        Problem problem = fails(Request.get(at("top.xlsx")).range(6, -1));

        assertEquals(1, problem.attempts().size());
        assertTrue(problem.message().contains("5 bytes"), problem.message());
    }

    @Test
    void serverThatHangsUp_isRequestedAgain() throws Exception {
        hangUps.set(2);
        assertEquals("x\r\ny\n", text(Request.get(at("top.xlsx"))));

        hangUps.set(99);
        Problem problem = fails(Request.get(at("top.xlsx")));
        assertEquals(Kind.NETWORK, problem.kind());
        assertEquals(3, problem.attempts().size());
    }

    @Test
    void serverThatWantsAnAccount_needsManualAction() throws Exception {
        server.close();
        start(false);

        assertEquals(Kind.PERSON, fails(Request.get(at("top.xlsx"))).kind());
    }

    @Test
    void interruptedThread_endsTheTransfer() throws Exception {
        try (Response response = transport.open(Request.get(at("top.xlsx")))) {
            Thread.currentThread().interrupt();
            assertThrows(InterruptedIOException.class, () -> response.body().read());
        } finally {
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void hostThatIsNotAllowedWithoutEncryption_isNotRequested() {
        Problem problem = fails(Request.get(URI.create("ftp://histoimage.na.icar.cnr.it/a")));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.hint() != null && problem.hint().contains("allow-http"), problem.hint());
    }

    @Test
    void urlInAManifest_isRequestedWithoutEncryption() throws Exception {
        // Not this machine by its name, so that the rule counts, and this machine all the same.
        URI elsewhere = URI.create("ftp://0.0.0.0:" + port + "/top.xlsx");

        assertEquals(Kind.USAGE, fails(Request.get(elsewhere)).kind());
        assertEquals(0, logins.get());
        assertEquals("x\r\ny\n", text(Request.get(elsewhere).allowUnencrypted()));
    }

    @Test
    void offline_sendsNoRequest() throws Exception {
        try (HttpTransport offline = open(new TestTransports().withOffline(true))) {
            Problem problem = assertThrows(Problem.class, () -> offline.open(Request.get(at("top.xlsx"))));

            assertTrue(problem.message().contains("--offline forbids requests"), problem.message());
            assertEquals(0, logins.get());
        }
    }
}
