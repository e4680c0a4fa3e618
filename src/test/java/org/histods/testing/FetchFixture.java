package org.histods.testing;

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
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.FetchListener;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.Fetcher;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.source.RemoteFile;
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
