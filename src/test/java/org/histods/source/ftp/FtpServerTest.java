package org.histods.source.ftp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.ftpserver.ftplet.DefaultFtplet;
import org.apache.ftpserver.ftplet.FtpException;
import org.apache.ftpserver.ftplet.FtpRequest;
import org.apache.ftpserver.ftplet.FtpSession;
import org.apache.ftpserver.ftplet.FtpletResult;
import org.histods.concurrent.TaskExecutor;
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.FetchListener;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.Fetcher;
import org.histods.fetch.Transfer;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.all.Sources;
import org.histods.testing.AnonymousFtpServer;
import org.histods.testing.SpecBuilder;
import org.histods.testing.TestTransports;
import org.histods.transport.Transport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real FTP server with many small files in folders, as BRACS has them, listed and fetched as by a pull. */
final class FtpServerTest {

    private static final int FOLDERS = 6;
    private static final int FILES = 20;
    private static final int JOBS = 4;

    @TempDir
    Path folder;

    private final AtomicInteger logins = new AtomicInteger();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private AnonymousFtpServer server;
    private Transport transport;
    private String record;

    /** Counts logins and records commands. */
    private final class Observer extends DefaultFtplet {
        @Override
        public FtpletResult onLogin(FtpSession session, FtpRequest request) {
            logins.incrementAndGet();
            return FtpletResult.DEFAULT;
        }

        @Override
        public FtpletResult beforeCommand(FtpSession session, FtpRequest request) throws FtpException, IOException {
            commands.add(session.getSessionId() + " " + request.getCommand() + " " + request.getArgument());
            return super.beforeCommand(session, request);
        }
    }

    @BeforeEach
    void serve() throws FtpException, IOException {
        for (int i = 0; i < FOLDERS; i++) {
            Path one = Files.createDirectories(folder.resolve("home/BRACS/roi/class " + i));
            for (int k = 0; k < FILES; k++) {
                Files.writeString(one.resolve("roi_" + k + ".png"), "image " + i + " " + k + "\r\n");
            }
        }
        server = new AnonymousFtpServer(folder.resolve("home"), true, new Observer());
        record = "ftp://127.0.0.1:" + server.port() + "/BRACS/";
    }

    @BeforeEach
    void connect() throws Problem {
        transport = new TestTransports().open();
    }

    @AfterEach
    void stop() {
        transport.close();
        server.close();
    }

    @Test
    void manySmallFiles_comeOverAsFewConnectionsAsThereAreJobs() throws Exception {
        Source source = Sources.of("ftp").orElseThrow();
        List<RemoteFile> files = source.resolve(SpecBuilder.spec("ftp", record).build(), transport);

        assertEquals(FOLDERS * FILES, files.size());
        assertEquals(11L, files.get(0).bytes());
        fetchAll(source, files);

        assertTrue(logins.get() <= JOBS, logins + " logins");
        assertTrue(commands.stream().noneMatch(c -> c.contains(" MLSD ") || c.contains(" MLST ")));
    }

    @Test
    void size_isRequestedAfterTheBinaryType() throws Exception {
        Source source = Sources.of("ftp").orElseThrow();
        List<RemoteFile> files = source.resolve(
                SpecBuilder.spec("ftp", record).include("roi/class 1/*").build(), transport);
        fetchAll(source, files.subList(0, 5));

        for (String size : commands.stream().filter(c -> c.contains(" SIZE ")).toList()) {
            String session = size.substring(0, size.indexOf(' '));
            int type = commands.indexOf(session + " TYPE I");
            assertTrue(type >= 0 && type < commands.indexOf(size), commands.toString());
        }
        assertTrue(commands.stream().anyMatch(c -> c.contains(" SIZE ")));
        assertTrue(
                commands.stream().noneMatch(c -> c.contains("class 2")),
                "a folder that no glob can keep was asked for");
    }

    private void fetchAll(Source source, List<RemoteFile> files) throws Exception {
        Mirror mirror = new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), true, Clock.systemUTC());
        mirror.check();
        ExecutorService jobs = Executors.newFixedThreadPool(JOBS);
        try (TaskExecutor tasks = new TaskExecutor("test")) {
            FetchSettings settings = new FetchSettings(uri -> 1, FetchSettings.Rate.unlimited(), tries -> {});
            Fetcher fetcher = new Fetcher(mirror, transport, settings, Clock.systemUTC());
            List<Future<String>> got = new ArrayList<>();
            for (RemoteFile file : files) {
                got.add(jobs.submit(() -> fetched(fetcher, new FetchCandidate(source, record, file), tasks)));
            }
            for (int i = 0; i < files.size(); i++) {
                Path there =
                        folder.resolve("home/BRACS").resolve(files.get(i).path().text());
                assertEquals(
                        Files.readString(there),
                        Objects.requireNonNull(got.get(i)).get());
            }
        } finally {
            jobs.shutdownNow();
        }
    }

    private static String fetched(Fetcher fetcher, FetchCandidate candidate, TaskExecutor tasks)
            throws Problem, IOException {
        try (Transfer transfer = fetcher.start(
                candidate,
                new FetchListener() {
                    @Override
                    public void bytes(long count, boolean overNetwork) {}

                    @Override
                    public void note(String text) {}
                },
                tasks)) {
            return Files.readString(transfer.await().file());
        }
    }
}
