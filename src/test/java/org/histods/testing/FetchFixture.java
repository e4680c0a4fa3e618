package org.histods.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.histods.concurrent.TaskExecutor;
import org.histods.digest.Hasher;
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.FetchListener;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.Fetcher;
import org.histods.fetch.Transfer;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Transport;

/** A fetcher over a mirror, a source that a test scripts, and what they report. Nothing is sent, and nothing sleeps. */
public final class FetchFixture implements Closeable, FetchListener {

    public static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");

    public final ScriptedSource source = new ScriptedSource();
    public final TaskExecutor tasks = new TaskExecutor("test");
    public final List<String> notes = new CopyOnWriteArrayList<>();
    public final AtomicLong network = new AtomicLong();
    public final AtomicLong local = new AtomicLong();
    /** How many bytes the rate limit heard of. */
    public final AtomicLong spent = new AtomicLong();
    /** The number of attempts before each pause. */
    public final List<Integer> pauses = new CopyOnWriteArrayList<>();
    /** What happens in a pause. */
    public volatile Runnable inPause = () -> {};
    /** How many of the connections of one file are open. */
    public final AtomicLong connections = new AtomicLong();
    /** Open until one of them ended. */
    public final CountDownLatch oneEnded = new CountDownLatch(1);
    /** How many connections to a URL are allowed. */
    public volatile ToIntFunction<URI> segments = uri -> 1;

    private final Path root;

    /** @param root the folder of the mirror */
    public FetchFixture(Path root) {
        this.root = root;
    }

    /** A fetcher with all new objects, as in another run of the program. */
    public Fetcher fetcher() {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        FetchSettings settings = new FetchSettings(uri -> segments.applyAsInt(uri), spent::addAndGet, attempts -> {
            pauses.add(attempts);
            inPause.run();
        });
        Mirror mirror = new Mirror(root, OwnerProcess.self("test"), false, clock);
        return new Fetcher(mirror, Transport.refusing(), settings, clock);
    }

    public FetchCandidate candidate(RemoteFile file) {
        return new FetchCandidate(source, "https://one.example/", file);
    }

    /** The SHA-256 of these bytes, as published. */
    public static List<Stated> stated(byte[] bytes) {
        return List.of(new Stated(Hasher.sha256(bytes), "Publisher"));
    }

    public Transfer start(RemoteFile file) throws Problem {
        return fetcher().start(candidate(file), this, tasks);
    }

    /** Pulls the file, and deletes it as after the publishing of its bag; what was fetched. */
    public FetchedFile assertFetched(byte[] expected, RemoteFile file) throws Exception {
        Path target = root.resolve("target");
        FetchedFile fetched;
        try (Transfer transfer = start(file)) {
            fetched = transfer.await();
            transfer.put(target, false);
            transfer.discard();
        }
        assertArrayEquals(expected, Files.readAllBytes(target));
        assertEquals(expected.length, fetched.bytes());
        assertEquals(Hasher.sha256(expected), fetched.sha256());
        assertEquals(Optional.empty(), partial("part"));
        return fetched;
    }

    public Problem assertFails(RemoteFile file) throws Exception {
        try (Transfer transfer = start(file)) {
            return assertThrows(Problem.class, transfer::await);
        }
    }

    /** The file or folder of that name that was left of a transfer. */
    public Optional<Path> partial(String name) throws IOException {
        if (!Files.isDirectory(root.resolve("partial"))) {
            return Optional.empty();
        }
        try (Stream<Path> walk = Files.walk(root.resolve("partial"))) {
            return walk.filter(path -> path.endsWith(name)).findFirst();
        }
    }

    /** Waits for an event of the test, which fails if it does not come. */
    public static void await(CountDownLatch event) throws IOException {
        try {
            if (!event.await(20, TimeUnit.SECONDS)) {
                throw new IOException("it did not happen");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    @Override
    public void bytes(long count, boolean overNetwork) {
        if (count <= 0) {
            throw new IllegalArgumentException(count + " bytes are reported");
        }
        (overNetwork ? network : local).addAndGet(count);
    }

    @Override
    public void connections(int change) {
        connections.addAndGet(change);
        if (change < 0) {
            oneEnded.countDown();
        }
    }

    @Override
    public void note(String text) {
        notes.add(text);
    }

    @Override
    public void close() {
        tasks.close();
    }
}
