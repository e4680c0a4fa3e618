package org.histods.testing;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP server for all hosts of a test: serves {@code https://host/path} as {@code /host/path}, with ranges and entity
 * tags, and with the faults that a test scripts. It uses a plain socket, because a fault may be a connection that breaks
 * in the middle of a body.
 */
public final class FakeOrigin implements Closeable {

    /**
     * One request.
     *
     * @param path with its query
     * @param headers by lower-case name
     */
    public record Call(String method, String path, Map<String, String> headers) {

        public @Nullable String range() {
            return headers.get("range");
        }

        /** The first requested byte; 0 without a range. */
        public long from() {
            String range = range();
            return range == null ? 0 : Long.parseLong(range.replaceAll("bytes=(\\d+)-.*", "$1"));
        }

        /** The byte after the last requested one. */
        public long to(long length) {
            String range = range();
            String end = range == null ? "" : range.replaceAll(".*-(\\d*)", "$1");
            return end.isEmpty() ? length : Math.min(length, Long.parseLong(end) + 1);
        }
    }

    /** How to respond to a request. */
    public interface Script {
        void respond(Call call, OutputStream out) throws IOException;
    }

    /** Content that is served without faults. */
    public record ServedFile(byte[] bytes, @Nullable String etag) implements Script {

        @Override
        public void respond(Call call, OutputStream out) throws IOException {
            String ifRange = call.headers().get("if-range");
            boolean part = call.range() != null && (ifRange == null || ifRange.equals(etag));
            if (part && call.from() >= bytes.length) {
                head(out, "416 Range Not Satisfiable", "Content-Range: bytes */" + bytes.length, "Content-Length: 0");
                return;
            }
            int from = part ? (int) call.from() : 0;
            int to = part ? (int) call.to(bytes.length) : bytes.length;
            head(
                    out,
                    part ? "206 Partial Content" : "200 OK",
                    "Content-Length: " + (to - from),
                    "Accept-Ranges: bytes",
                    etag == null ? "X-None: 1" : "ETag: " + etag,
                    part ? "Content-Range: bytes " + from + "-" + (to - 1) + "/" + bytes.length : "X-Whole: 1");
            out.write(bytes, from, to - from);
        }
    }

    private final ServerSocket socket;
    private final ExecutorService threads = Executors.newCachedThreadPool(r -> {
        Thread thread = new Thread(r, "origin");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Script> things = new ConcurrentHashMap<>();
    private volatile Script elsewhere = status("404 Not Found", "<html>no such thing</html>");
    private final Map<String, Deque<Script>> next = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private volatile long bytesPerSecond = Long.MAX_VALUE;

    public FakeOrigin() throws IOException {
        socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** Serves these bytes from now on, with an entity tag that names them. */
    public void put(String path, byte[] bytes) {
        put(path, bytes, "\"" + Integer.toHexString(Arrays.hashCode(bytes)) + "\"");
    }

    public void put(String path, byte[] bytes, @Nullable String etag) {
        things.put(path, new ServedFile(bytes, etag));
    }

    /** Responds with that script from now on. */
    public void always(String path, Script script) {
        things.put(path, script);
    }

    /** Responds with that script to all other paths. */
    public void everywhere(Script script) {
        elsewhere = script;
    }

    /** Responds with that script to the next request; several scripts are used in order. */
    public void next(String path, Script script) {
        next.computeIfAbsent(path, k -> new ConcurrentLinkedDeque<>()).add(script);
    }

    /** Drops the scripts for the next requests. */
    public void quiet(String path) {
        next.remove(path);
    }

    public List<Call> calls() {
        return List.copyOf(calls);
    }

    public List<Call> calls(String path) {
        return calls.stream().filter(c -> c.path().equals(path)).toList();
    }

    /** How many bytes were written to sockets, heads and bodies. */
    public long sent() {
        return sent.get();
    }

    /** Sends at that pace from now on, with little in the buffers of the system. */
    public void sendSlowly(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Ends the script that throws it, and the connection with a reset. */
    public static final class ResetException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Counts what is sent and keeps the pace. */
    private final class Wire extends FilterOutputStream {
        private static final int BLOCK = 1 << 15;

        private Wire(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            for (int at = 0; at < length; at += BLOCK) {
                int count = Math.min(BLOCK, length - at);
                out.write(bytes, from + at, count);
                sent.addAndGet(count);
                if (bytesPerSecond < Long.MAX_VALUE) {
                    LockSupport.parkNanos(1_000_000_000L * count / bytesPerSecond);
                }
            }
        }
    }

    /** Drops the recorded requests. */
    public void forget() {
        calls.clear();
    }

    /** The whole with a promise of its length, of which only the first bytes come before the connection breaks. */
    public static Script breaksAfter(int count, byte[] bytes, @Nullable String etag) {
        return (call, out) -> {
            int from = (int) call.from();
            head(
                    out,
                    from > 0 ? "206 Partial Content" : "200 OK",
                    "Content-Length: " + (bytes.length - from),
                    etag == null ? "X-None: 1" : "ETag: " + etag,
                    "Content-Range: bytes " + from + "-" + (bytes.length - 1) + "/" + bytes.length);
            out.write(bytes, from, count);
            out.flush();
        };
    }

    public static Script status(String status, String body) {
        return (call, out) -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            head(out, status, "Content-Length: " + bytes.length, "Content-Type: text/html");
            out.write(bytes);
        };
    }

    public static void head(OutputStream out, String status, String... headers) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + "\r\nConnection: close\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
    }

    private void accept() {
        try {
            while (true) {
                Socket peer = socket.accept();
                open.add(peer);
                threads.execute(() -> serve(peer));
            }
        } catch (IOException e) {
            // The test is over.
            return;
        }
    }

    private void serve(Socket peer) {
        try (peer) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(peer.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            if (line == null) {
                return;
            }
            Map<String, String> headers = new TreeMap<>();
            for (String h = in.readLine(); h != null && !h.isEmpty(); h = in.readLine()) {
                headers.put(
                        h.substring(0, h.indexOf(':')).toLowerCase(Locale.ROOT),
                        h.substring(h.indexOf(':') + 1).strip());
            }
            long body = Long.parseLong(headers.getOrDefault("content-length", "0"));
            if (in.skip(body) < body) {
                return;
            }
            String[] words = line.split(" ", -1);
            Call call = new Call(words[0], words[1], headers);
            calls.add(call);
            Deque<Script> queue = next.get(call.path());
            Script script = queue == null ? null : queue.poll();
            if (script == null) {
                script = things.getOrDefault(call.path(), elsewhere);
            }
            if (bytesPerSecond < Long.MAX_VALUE) {
                peer.setSendBufferSize(1 << 16);
            }
            script.respond(call, new Wire(peer.getOutputStream()));
        } catch (ResetException e) {
            reset(peer);
        } catch (IOException e) {
            // The client closed the connection, which it may.
            return;
        } finally {
            open.remove(peer);
        }
    }

    private static void reset(Socket peer) {
        try {
            peer.setSoLinger(true, 0);
            peer.close();
        } catch (IOException e) {
            // Already closed.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        threads.shutdownNow();
        for (Socket peer : open) {
            peer.close();
        }
    }
}
