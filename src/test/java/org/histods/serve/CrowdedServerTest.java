package org.histods.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients at once, a slow one and a hostile one. By default, each of 16 clients sends 20 requests; with
 * {@code -Dhistods.serve.clients=64 -Dhistods.serve.seconds=60}, 64 clients send requests for a minute.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
final class CrowdedServerTest {

    private static final int CLIENTS = Integer.getInteger("histods.serve.clients", 16);
    private static final int SECONDS = Integer.getInteger("histods.serve.seconds", 0);
    private static final long SEED = Long.getLong("histods.seed", 1);
    private static final int LEAST = 20;

    /** Beside the mirror, and in the folder of the bag without being listed. */
    private static final String SECRET = "not of the dataset";

    private static final String LARGE = "large.svs";

    @TempDir
    Path folder;

    private final Map<String, byte[]> contents = new HashMap<>();
    private Mirror mirror;

    @BeforeEach
    void publish() throws Exception {
        mirror = new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), false, Clock.systemUTC());
        Map<String, String> texts = new HashMap<>();
        for (int i = 0; i < 40; i++) {
            texts.put("tile" + i + ".png", ("tile " + i + " ").repeat(3000 + i));
        }
        texts.put(LARGE, "0123456789abcdef".repeat(1 << 18));
        texts.forEach((name, text) -> contents.put(name, text.getBytes(UTF_8)));
        Path bag = TestBags.publish(mirror, "tiles", texts).path();
        Files.writeString(folder.resolve("secret"), SECRET);
        Files.writeString(bag.resolve("data/secret"), SECRET);
    }

    @Test
    void manyClients_withASlowAndAHostileOne_getTheRightBytes() throws Exception {
        ServeSettings settings = new ServeSettings("127.0.0.1", 0, null, null, 256);
        ExecutorService threads = Executors.newCachedThreadPool();
        try (MirrorServer server = MirrorServer.start(
                settings, new ServedMirror(mirror, any -> true), (path, bags) -> Optional.empty(), null, null, "1.2")) {
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
            AtomicLong requests = new AtomicLong();
            AtomicLong bytes = new AtomicLong();
            Semaphore turns = new Semaphore(0);
            List<Future<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Random random = new Random(SEED + i);
                clients.add(threads.submit(() -> {
                    HttpClient client = HttpClient.newHttpClient();
                    for (int n = 0; n < LEAST || System.nanoTime() < end; n++) {
                        bytes.addAndGet(request(client, server.port(), random));
                        requests.incrementAndGet();
                        turns.release();
                    }
                    return null;
                }));
            }
            Future<byte[]> slow = threads.submit(slow(server.port(), turns));
            Future<Long> hostile = threads.submit(hostile(server.port(), clients));
            for (Future<Void> client : clients) {
                client.get();
            }
            assertTrue(hostile.get() > 0);
            turns.release(Integer.MAX_VALUE / 2);
            assertEquals(-1, Arrays.mismatch(contents.get(LARGE), slow.get()));
            System.out.printf(
                    "%d clients, %d requests, %d MB, all right; %d of a hostile client; seed %d%n",
                    CLIENTS, requests.get(), bytes.get() / 1_000_000, hostile.get(), SEED);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Requests a file, or a range of one, and compares what comes; the number of bytes. */
    private long request(HttpClient client, int port, Random random) throws Exception {
        String name = random.nextInt(200) == 0 ? LARGE : "tile" + random.nextInt(40) + ".png";
        byte[] content = Objects.requireNonNull(contents.get(name));
        String sha256 = TestBags.sha256(new String(content, UTF_8)).hex();
        boolean byChecksum = random.nextBoolean();
        String path = byChecksum ? "sha256/" + sha256 : "bags/tiles/1/data/" + name;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path));
        int from = 0;
        int to = content.length;
        boolean range = random.nextInt(3) == 0;
        if (range) {
            from = random.nextInt(content.length);
            to = from + 1 + random.nextInt(content.length - from);
            request.header("Range", "bytes=" + from + "-" + (to - 1));
        }
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(range ? 206 : 200, response.statusCode(), path);
        assertEquals(
                -1, Arrays.mismatch(Arrays.copyOfRange(content, from, to), response.body()), path + " from " + from);
        if (byChecksum) {
            assertEquals(
                    '"' + sha256 + '"', response.headers().firstValue("ETag").orElse(""));
        }
        return response.body().length;
    }

    /** Reads the large file a kilobyte for each request that others have finished. */
    private static Callable<byte[]> slow(int port, Semaphore turns) {
        return () -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream()
                        .write(("GET /bags/tiles/1/data/" + LARGE + " HTTP/1.0\r\n\r\n").getBytes(ISO_8859_1));
                InputStream in = socket.getInputStream();
                int newlines = 0;
                while (newlines < 2) {
                    int one = in.read();
                    if (one < 0) {
                        throw new IOException("the server closed the connection");
                    }
                    newlines = one == '\n' ? newlines + 1 : one == '\r' ? newlines : 0;
                }
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                byte[] some = new byte[1024];
                int count = 0;
                while (count >= 0) {
                    body.write(some, 0, count);
                    turns.acquire();
                    count = in.read(some);
                }
                return body.toByteArray();
            }
        };
    }

    /** Requests that are not, or that ask for what is not served; the number of them. */
    private static Callable<Long> hostile(int port, List<Future<Void>> clients) {
        List<String> nasty = List.of(
                "GET /" + "a".repeat(100_000) + "\r\n",
                "GET /bags/tiles/1/data/tile1.png HTTP/1.1\r\nHost: x\r\n",
                "GET /bags/tiles/1/data/large.svs HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /bags/tiles/1/data/secret HTTP/1.0\r\n\r\n",
                "GET /bags/tiles/1/data/../../../../../../secret HTTP/1.0\r\n\r\n",
                "GET /bags/tiles/1/%2e%2e/%2e%2e/%2e%2e/%2e%2e/secret HTTP/1.0\r\n\r\n",
                "GET /bags/tiles/1/data/tile1.png HTTP/1.1\r\nHost: x\r\nRange: bytes=" + "0-1,".repeat(1500)
                        + "0-1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: x\r\n" + "X-Y: z\r\n".repeat(5000) + "\r\n",
                "POST /bags/tiles/1/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n{}",
                "DELETE /bags/tiles/1/data/tile1.png HTTP/1.0\r\n\r\n",
                "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003",
                "\r\n".repeat(10_000),
                "\u0000".repeat(10_000));
        return () -> {
            long sent = 0;
            while (sent < nasty.size() || !clients.stream().allMatch(Future::isDone)) {
                String text = nasty.get((int) (sent++ % nasty.size()));
                try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
                    if (text.contains("secret")) {
                        String response = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
                        assertFalse(response.contains(SECRET), text);
                        assertTrue(response.matches("(?s)HTTP/1\\.[01] 4[0-9][0-9] .*"), text + response);
                    }
                } catch (IOException e) {
                    // The server closed the connection, which it may.
                }
            }
            return sent;
        };
    }
}
