package org.histods.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.testing.FakeAscp;
import org.histods.testing.TestTransports;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** FASP with a stand-in for IBM's program: the arguments that it gets, and how its exit is handled. */
final class FaspTransportTest {

    private static final byte[] BYTES = "0123456789".repeat(10_000).getBytes(StandardCharsets.US_ASCII);
    private static final String AT = "/store/a b & c.svs";

    private final Path temp;
    private final FakeAscp ascp;
    private HttpTransport transport;

    FaspTransportTest(@TempDir Path temp) throws Exception {
        this.temp = temp;
        ascp = new FakeAscp(temp.resolve("bin"));
        ascp.put(AT, BYTES);
        transport = open(ascp.aspera(), Duration.ofSeconds(20));
    }

    @AfterEach
    void close() {
        transport.close();
    }

    private static HttpTransport open(AscpInstallation ascp, Duration inactivity) throws Problem {
        return new TestTransports()
                .withAscp(ascp)
                .withRetryPolicy(new RetryPolicy(Duration.ofMinutes(1), 2, Duration.ofSeconds(5), inactivity))
                .open();
    }

    private static FaspFile file(String token, long bytes) {
        return new FaspFile("144.30.0.1", 33001, 33002, "faspex", AT, token, "biscuit", null, 5000, bytes);
    }

    private static FaspFile file() {
        return file(FakeAscp.TOKEN, BYTES.length);
    }

    private IOException broken(Response response) {
        return assertThrows(IOException.class, () -> response.body().readAllBytes());
    }

    @Test
    void wholeFile_comesFromItsStandardOutput() throws Exception {
        try (Response response = transport.open(file(), 0, -1)) {
            assertArrayEquals(BYTES, response.body().readAllBytes());
            assertEquals(200, response.status());
            assertEquals(BYTES.length, response.total());
            assertEquals(
                    "fasp://144.30.0.1:33001/store/a%20b%20&%20c.svs",
                    response.uri().toString());
        }
    }

    @Test
    void unknownSize_isReadToTheEnd() throws Exception {
        try (Response response = transport.open(file(FakeAscp.TOKEN, -1), 0, -1)) {
            assertEquals(-1, response.total());
            assertArrayEquals(BYTES, response.body().readAllBytes());
        }
    }

    @Test
    void rest_isRequestedByItsFirstByte() throws Exception {
        try (Response response = transport.open(file(), 99_995, -1)) {
            assertEquals("56789", new String(response.body().readAllBytes(), StandardCharsets.US_ASCII));
            assertEquals(206, response.status());
            assertEquals(99_995, response.from());
        }
        assertTrue(ascp.calls().get(0).contains("|-@|99995:|"), ascp.calls().toString());
    }

    @Test
    void part_endsWhereItWasRequested() throws Exception {
        try (Response response = transport.open(file(), 5, 7)) {
            assertEquals("567", new String(response.body().readAllBytes(), StandardCharsets.US_ASCII));
        }
    }

    @Test
    void commandLine_saysWhereToAndHoldsNoSecret() throws Exception {
        try (Response response = transport.open(file(), 0, -1)) {
            response.body().readAllBytes();
        }
        assertEquals(
                List.of(
                        "-q|--mode=recv|--host=144.30.0.1|--user=faspex|-P|33001|-O|33002|-l|5000k|--overwrite=always|-i|"
                                + ascp.aspera().key() + "|" + AT + "|stdio://"),
                ascp.calls());
        assertFalse(file().toString().contains(FakeAscp.TOKEN));
    }

    @Test
    void environment_isWhatItNeedsAndNoMore() throws Exception {
        try (Response response = transport.open(file(), 0, -1)) {
            response.body().readAllBytes();
        }
        Set<String> known = Set.of(
                "PATH",
                "HOME",
                "LANG",
                "LC_ALL",
                "LC_CTYPE",
                "TMPDIR",
                "LD_LIBRARY_PATH",
                "TZ",
                "ASPERA_SCP_TOKEN",
                "ASPERA_SCP_COOKIE",
                "PWD",
                "OLDPWD",
                "SHLVL",
                "_");
        assertEquals(
                List.of(),
                ascp.environment().stream()
                        .filter(name -> !known.contains(name))
                        .toList());
        assertTrue(ascp.environment().contains("ASPERA_SCP_COOKIE"));
    }

    @Test
    void programThatDies_isABrokenTransferWithItsLastOutputAndWithoutTheToken() throws Exception {
        ascp.next(AT, "die 1000");

        IOException broken = broken(transport.open(file(), 0, -1));

        String result = String.valueOf(broken.getMessage());
        assertTrue(result.contains("code 1") && result.contains("data transfer timeout"), result);
        assertTrue(result.contains("1000 of 100000 bytes"), result);
        assertFalse(result.contains(FakeAscp.TOKEN), result);
    }

    @Test
    void programThatDiesBeforeAByte_isRunAgain() throws Exception {
        ascp.next(AT, "die 0");

        try (Response response = transport.open(file(), 0, -1)) {
            assertArrayEquals(BYTES, response.body().readAllBytes());
        }
        assertEquals(2, ascp.calls().size());
    }

    @Test
    void programThatAlwaysDies_isNetworkAndSaysWhichPortsItNeeds() throws Exception {
        ascp.next(AT, "die 0", "die 0");

        Problem problem = assertThrows(Problem.class, () -> transport.open(file(), 0, -1));

        assertEquals(Kind.NETWORK, problem.kind());
        assertEquals(2, problem.attempts().size());
        assertTrue(String.valueOf(problem.hint()).contains("UDP port 33002"), problem.hint());
        assertFalse((problem.message() + problem.attempts()).contains(FakeAscp.TOKEN), problem.message());
    }

    @Test
    void sizeUnknownAndProgramDies_isNotTakenForTheEnd() throws Exception {
        ascp.next(AT, "die 1000");

        broken(transport.open(file(FakeAscp.TOKEN, -1), 0, -1));
    }

    @Test
    void programThatIgnoresTheRange_isABrokenTransfer() throws Exception {
        ascp.next(AT, "deaf");

        String result =
                String.valueOf(broken(transport.open(file(), 50_000, -1)).getMessage());

        assertTrue(result.contains("more than the 50000 expected bytes"), result);
    }

    @Test
    void programThatHangs_isABrokenTransferAndIsKilled() throws Exception {
        // A busy machine takes a while to start the stand-in.
        transport = open(ascp.aspera(), Duration.ofSeconds(3));
        ascp.next(AT, "hang 1000");

        IOException broken =
                assertTimeoutPreemptively(Duration.ofSeconds(60), () -> broken(transport.open(file(), 0, -1)));

        assertTrue(String.valueOf(broken.getMessage()).contains("sent nothing for"), broken.getMessage());
        assertGone();
    }

    private void assertGone() throws Exception {
        assertEquals(1, ascp.hanging().size());
        for (long pid : ascp.hanging()) {
            ProcessHandle process = ProcessHandle.of(pid).orElse(null);
            if (process != null) {
                process.onExit().get(60, TimeUnit.SECONDS);
            }
        }
    }

    private Throwable endOf(Response response, java.util.function.Consumer<Thread> stop) throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        assertEquals('0', response.body().read());
        Thread reader = new Thread(() -> thrown.set(broken(response)));
        reader.start();
        // So that the stand-in has come to where it hangs, and has said which process it is.
        while (ascp.hanging().isEmpty()) {
            Thread.onSpinWait();
        }
        stop.accept(reader);
        reader.join(60_000);
        Throwable end = thrown.get();
        return end == null ? new IllegalStateException("it goes on") : end;
    }

    @Test
    void interruptedReader_killsTheProgram() throws Exception {
        ascp.next(AT, "hang 1000");

        Throwable end = endOf(transport.open(file(), 0, -1), Thread::interrupt);

        assertTrue(end instanceof InterruptedIOException, end.toString());
        assertGone();
    }

    @Test
    void closedTransport_killsTheProgram() throws Exception {
        ascp.next(AT, "hang 1000");

        Throwable end = endOf(transport.open(file(), 0, -1), thread -> transport.close());

        assertTrue(end instanceof InterruptedIOException, end.toString());
        assertGone();
    }

    @Test
    void responseThatIsClosedEarly_killsTheProgram() throws Exception {
        ascp.next(AT, "hang 1000");

        try (Response response = transport.open(file(), 0, -1)) {
            assertEquals('0', response.body().read());
            // So that the stand-in has come to where it hangs.
            response.body().readNBytes(999);
            while (ascp.hanging().isEmpty()) {
                Thread.onSpinWait();
            }
        }
        assertGone();
    }

    @Test
    void tokenThatIsRefused_needsManualAction() {
        Problem problem = assertThrows(Problem.class, () -> transport.open(file("another", 10), 0, -1));

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("failed to authenticate"), problem.message());
        assertTrue(String.valueOf(problem.hint()).contains("ascp-key"), problem.hint());
        assertEquals(1, problem.attempts().size());
    }

    @Test
    void missingFile_isNetworkAndRequestedOnce() throws Exception {
        Files.delete(temp.resolve("bin/files" + AT));

        Problem problem = assertThrows(Problem.class, () -> transport.open(file(), 0, -1));

        assertEquals(Kind.NETWORK, problem.kind());
        assertEquals(1, ascp.calls().size());
    }

    @Test
    void noProgram_needsManualAction() throws Exception {
        transport = open(AscpInstallation.none(), Duration.ofSeconds(5));

        assertFalse(transport.supportsFasp());
        assertEquals(
                Kind.PERSON,
                assertThrows(Problem.class, () -> transport.open(file(), 0, -1)).kind());
    }

    @Test
    void programThatCannotBeRun_needsManualAction() throws Exception {
        Files.writeString(ascp.program(), "#!/no/such/interpreter");

        Problem problem = assertThrows(Problem.class, () -> transport.open(file(), 0, -1));

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("cannot be run"), problem.message());
    }

    @Test
    void partsThatCouldBeReadAsOptions_areRefused() {
        for (String source : List.of("-L-", "", "a\nb")) {
            assertThrows(
                    IllegalArgumentException.class, () -> new FaspFile("h", 1, 1, "u", source, "t", "", null, 1, 1));
        }
        assertThrows(IllegalArgumentException.class, () -> new FaspFile("-h", 1, 1, "u", "/a", "t", "", null, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new FaspFile("h", 1, 1, "u -x", "/a", "t", "", null, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new FaspFile("h", 0, 1, "u", "/a", "t", "", null, 1, 1));
    }

    @Test
    void program_isFoundOnThePathAndInIbmsPlacesWithTheKeyBesideIt() throws Exception {
        Path home = temp.resolve("home");
        assertNull(AscpInstallation.find(null, null, "", home).program());

        new FakeAscp(home.resolve(".aspera/sdk"));
        assertEquals(
                home.resolve(".aspera/sdk/ascp"),
                AscpInstallation.find(null, null, "", home).program());

        AscpInstallation onPath = AscpInstallation.find(null, null, "/nowhere:" + temp.resolve("bin"), home);
        assertEquals(ascp.program(), onPath.program());
        assertEquals(temp.resolve("bin/aspera_bypass_rsa.pem"), onPath.key());
    }

    @Test
    void keyInTheFolderBesideTheProgramsFolder_isFoundThroughALink() throws Exception {
        Path home = temp.resolve("home");
        Path client = home.resolve("client");
        new FakeAscp(client.resolve("bin"));
        Files.delete(client.resolve("bin/aspera_bypass_rsa.pem"));
        Files.createDirectories(client.resolve("etc"));
        Files.writeString(client.resolve("etc/aspera_tokenauth_id_rsa"), "k");
        Files.createDirectories(home.resolve("bin"));
        Files.createSymbolicLink(home.resolve("bin/ascp"), client.resolve("bin/ascp"));

        AscpInstallation found =
                AscpInstallation.find(null, null, home.resolve("bin").toString(), home);

        assertEquals(
                client.resolve("etc/aspera_tokenauth_id_rsa").toRealPath(),
                String.valueOf(found.key()).isEmpty()
                        ? null
                        : java.util.Objects.requireNonNull(found.key()).toRealPath());
    }

    @Test
    void namedProgramThatIsNotThere_isUsage() {
        assertEquals(
                Kind.USAGE,
                assertThrows(Problem.class, () -> AscpInstallation.find(temp.resolve("no"), null, "", temp))
                        .kind());
        assertEquals(
                Kind.USAGE,
                assertThrows(Problem.class, () -> AscpInstallation.find(null, temp.resolve("no"), "", temp))
                        .kind());
    }
}
