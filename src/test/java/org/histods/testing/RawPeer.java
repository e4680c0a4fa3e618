package org.histods.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A server whose socket behaviour a test scripts completely, right or wrong. */
public final class RawPeer implements AutoCloseable {

    /** What to write once a request has come; the socket is closed when it returns. */
    @FunctionalInterface
    public interface Script {
        void respond(OutputStream out, RawPeer peer) throws Exception;
    }

    public final AtomicInteger requests = new AtomicInteger();
    public final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);
    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    public RawPeer(Script script) {
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        threads.execute(() -> {
            while (!socket.isClosed()) {
                try {
                    Socket one = socket.accept();
                    threads.execute(() -> serve(one, script));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private void serve(Socket one, Script script) {
        try (one) {
            BufferedReader in = new BufferedReader(new InputStreamReader(one.getInputStream(), ISO_8859_1));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            requests.incrementAndGet();
            asked.countDown();
            script.respond(one.getOutputStream(), this);
        } catch (Exception e) {
            // The client closed the connection, as some tests intend.
        }
    }

    /** Blocks the script until the test is over. */
    public void silence() throws InterruptedException {
        end.await();
    }

    public static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/file");
    }

    @Override
    public void close() throws IOException {
        end.countDown();
        socket.close();
        threads.shutdownNow();
    }
}
