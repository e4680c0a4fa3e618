package org.histods.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.histods.testing.FakeOrigin.Call;
import org.histods.testing.FakeOrigin.ResetException;
import org.histods.testing.FakeOrigin.Script;

/**
 * A host with all the wrong responses that hosts, proxies and portals are known to send instead of a file. Which fault
 * a request meets depends on the seed, the path and how often that path was requested, so that a run can be repeated.
 */
public final class ChaosOrigin {

    /** How long a stalling response is silent: longer than a client under test may wait. */
    private static final long STALL_MILLIS = 400;

    /** A file as it is, and as it is after its publisher replaced it; both of the same length. */
    public record Versions(byte[] now, byte[] later) {

        /** Whether these bytes are one of the two and not a mixture. */
        public boolean has(byte[] bytes) {
            return Arrays.equals(bytes, now) || Arrays.equals(bytes, later);
        }
    }

    /** What cannot be noticed without a published checksum: another whole file under the same entity tag. */
    private static final Set<String> UNNOTICEABLE =
            Set.of("gzip that grows without end", "range and If-Range ignored, new bytes", "replaced, same tag");

    /** One way to fail. */
    private record Fault(String name, Script script) {}

    private final FakeOrigin origin;
    private final long seed;
    private final Map<String, Versions> files = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> met = new ConcurrentHashMap<>();
    private volatile double share = 0.7;

    /** Sets the responses of the origin. */
    public ChaosOrigin(FakeOrigin origin, long seed) {
        this.origin = origin;
        this.seed = seed;
        origin.everywhere(this::respond);
    }

    /** Serves a file, with faults. Nothing is published of one whose name begins with {@code bare}. */
    public void put(String path, Versions versions) {
        files.put(path, versions);
    }

    /** Responds without faults from now on. */
    public void calm() {
        share = 0;
    }

    /** How often each fault was sent. */
    public Map<String, AtomicInteger> met() {
        return Map.copyOf(met);
    }

    /** Requests for what no client may ask: targets of redirects into the network of the client's machine. */
    public List<Call> forbidden() {
        return origin.calls().stream()
                .filter(call -> call.path().contains("/metadata/secret"))
                .toList();
    }

    private void respond(Call call, OutputStream out) throws IOException {
        Versions versions = files.get(call.path().replaceAll("\\?.*", ""));
        if (versions == null) {
            FakeOrigin.status("404 Not Found", "<html>no such thing</html>").respond(call, out);
            return;
        }
        int count =
                requests.computeIfAbsent(call.path(), p -> new AtomicInteger()).incrementAndGet();
        Random random = new Random(seed * 31 + call.path().hashCode() * 131L + count);
        // Random starts alike for near seeds.
        random.nextInt();
        if (random.nextDouble() >= share) {
            new FakeOrigin.ServedFile(versions.now(), "\"now\"").respond(call, out);
            return;
        }
        boolean bare = call.path().contains("/bare");
        List<Fault> faults = faults(versions, random).stream()
                .filter(fault -> !bare || !UNNOTICEABLE.contains(fault.name()))
                .toList();
        Fault fault = faults.get(random.nextInt(faults.size()));
        met.computeIfAbsent(fault.name(), n -> new AtomicInteger()).incrementAndGet();
        fault.script().respond(call, out);
    }

    private static List<Fault> faults(Versions file, Random random) {
        byte[] now = file.now();
        byte[] later = file.later();
        int cut = now.length == 0 ? 0 : random.nextInt(now.length);
        return List.of(
                // Connections.
                fault("no response", (call, out) -> {}),
                fault("reset at once", (call, out) -> {
                    throw new ResetException();
                }),
                fault("reset in the head", (call, out) -> {
                    say(out, "HTTP/1.1 200 OK\r\nContent-Le");
                    throw new ResetException();
                }),
                fault("reset in the body", (call, out) -> {
                    body(call, out, now, "\"now\"", cut);
                    throw new ResetException();
                }),
                fault("ends in the body", (call, out) -> body(call, out, now, "\"now\"", cut)),
                fault("stalls in the body", (call, out) -> {
                    body(call, out, now, "\"now\"", cut);
                    stall();
                }),
                fault("stalls in the head", (call, out) -> {
                    say(out, "HTTP/1.1 200 OK\r\n");
                    stall();
                }),
                // Lengths.
                raw("length -5", "200 OK", "Content-Length: -5", now),
                raw("length of 2^63", "200 OK", "Content-Length: 9223372036854775808", now),
                raw("length that is no number", "200 OK", "Content-Length: many", now),
                raw("two lengths", "200 OK", "Content-Length: 3\r\nContent-Length: 5", now),
                raw("length that is too large", "200 OK", "Content-Length: " + (now.length + 10), now),
                raw("length and chunks", "200 OK", "Content-Length: 3\r\nTransfer-Encoding: chunked", chunked(now)),
                raw("bytes behind the length", "200 OK", "Content-Length: " + now.length, concat(now, later)),
                raw(
                        "chunk size that is no number",
                        "200 OK",
                        "Transfer-Encoding: chunked",
                        text("zz\r\nabc\r\n0\r\n\r\n")),
                raw(
                        "chunk size beyond all numbers",
                        "200 OK",
                        "Transfer-Encoding: chunked",
                        text("FFFFFFFFFFFFFFFFFFFF\r\nabc")),
                raw("negative chunk size", "200 OK", "Transfer-Encoding: chunked", text("-5\r\nabc\r\n0\r\n\r\n")),
                raw("chunks without an end", "200 OK", "Transfer-Encoding: chunked", withoutEnd(chunked(now))),
                // Ranges.
                fault("range ignored", (call, out) -> whole(out, now, "\"now\"")),
                fault("range and If-Range ignored, new bytes", (call, out) -> part(call, out, later, "\"now\"", 0, 0)),
                fault("range that starts earlier", (call, out) -> part(call, out, now, "\"now\"", -7, 0)),
                fault("range that starts later", (call, out) -> part(call, out, now, "\"now\"", 7, 0)),
                fault("range of a larger file", (call, out) -> part(call, out, now, "\"now\"", 0, 60_000)),
                raw("206 without a range", "206 Partial Content", "Content-Length: " + now.length, now),
                raw(
                        "206 with nonsense",
                        "206 Partial Content",
                        "Content-Range: bytes x-y/z\r\nContent-Length: " + now.length,
                        now),
                raw(
                        "206 with a range backwards",
                        "206 Partial Content",
                        "Content-Range: bytes 9-2/10\r\nContent-Length: 3",
                        text("abc")),
                raw(
                        "416 for everything",
                        "416 Range Not Satisfiable",
                        "Content-Range: bytes */3\r\nContent-Length: 0",
                        text("")),
                raw("416 that says nothing", "416 Range Not Satisfiable", "Content-Length: 0", text("")),
                // Files that change.
                fault(
                        "replaced, new tag",
                        (call, out) -> new FakeOrigin.ServedFile(later, "\"later\"").respond(call, out)),
                fault(
                        "replaced, same tag",
                        (call, out) -> new FakeOrigin.ServedFile(later, "\"now\"").respond(call, out)),
                fault("replaced, no tag", (call, out) -> new FakeOrigin.ServedFile(later, null).respond(call, out)),
                fault("weak tag", (call, out) -> new FakeOrigin.ServedFile(now, "W/\"now\"").respond(call, out)),
                fault(
                        "tag of 100,000 bytes",
                        (call, out) ->
                                new FakeOrigin.ServedFile(now, "\"" + "t".repeat(100_000) + "\"").respond(call, out)),
                // Something else than the file.
                raw(
                        "page",
                        "200 OK",
                        "Content-Type: text/html",
                        text("<!DOCTYPE html><html><title>Sorry</title>quota</html>")),
                raw(
                        "page that is called data",
                        "200 OK",
                        "Content-Type: application/octet-stream",
                        text("<html><head><title>Log\u001b[2Jin\u009b31m</title></head></html>")),
                raw("nothing", "200 OK", "Content-Length: 0", text("")),
                raw(
                        "202 of a robot check",
                        "202 Accepted",
                        "x-amzn-waf-action: challenge\r\nContent-Length: 0",
                        text("")),
                raw("204", "204 No Content", "X-None: 1", text("")),
                raw("205", "205 Reset Content", "Content-Length: 0", text("")),
                raw("304", "304 Not Modified", "ETag: \"now\"", text("")),
                raw(
                        "pointer of Git LFS",
                        "200 OK",
                        "Content-Type: text/plain",
                        text("version https://git-lfs.github.com/spec/v1\noid sha256:" + "0".repeat(64)
                                + "\nsize 5\n")),
                // Limits and failures.
                raw("429", "429 Too Many Requests", "Retry-After: 1\r\nContent-Length: 0", text("")),
                raw("429 for hours", "429 Too Many Requests", "Retry-After: 36000\r\nContent-Length: 0", text("")),
                raw(
                        "429 until the end of time",
                        "429 Too Many Requests",
                        "Retry-After: 99999999999999999999\r\nContent-Length: 0",
                        text("")),
                raw(
                        "503 with an invalid Retry-After",
                        "503 Service Unavailable",
                        "Retry-After: soon\r\nContent-Length: 0",
                        text("")),
                raw(
                        "503 with a date long ago",
                        "503 Service Unavailable",
                        "Retry-After: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Length: 0",
                        text("")),
                raw(
                        "allowance that is renewed in another age",
                        "200 OK",
                        "X-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 99999999999999999\r\nContent-Length: "
                                + now.length,
                        now),
                raw("500", "500 Internal Server Error", "Content-Length: 4", text("oops")),
                raw("403", "403 Forbidden", "Content-Length: 2", text("no")),
                raw("404", "404 Not Found", "Content-Length: 2", text("no")),
                raw("status 999", "999 Odd", "Content-Length: 2", text("no")),
                raw("status that is none", "OK 200", "Content-Length: 2", text("no")),
                fault("no HTTP at all", (call, out) -> out.write(now, 0, Math.min(5000, now.length))),
                fault("interim responses without end", (call, out) -> {
                    for (int i = 0; i < 500; i++) {
                        say(out, "HTTP/1.1 100 Continue\r\n\r\n");
                    }
                    whole(out, now, "\"now\"");
                }),
                // Heads.
                raw("head of 400,000 bytes", "200 OK", "X-Long: " + "x".repeat(400_000), now),
                raw("20,000 header lines", "200 OK", "X-Many: 1\r\n".repeat(20_000) + "X-Last: 1", now),
                raw("header without a name", "200 OK", ": nothing\r\nContent-Length: " + now.length, now),
                raw(
                        "header with control characters",
                        "200 OK",
                        "X-Odd: \u0007\u001b[31m\u0001\r\nContent-Length: " + now.length,
                        now),
                raw(
                        "name that leads out",
                        "200 OK",
                        "Content-Disposition: attachment; filename=\"../../../../etc/passwd\"\r\nContent-Length: "
                                + now.length,
                        now),
                raw(
                        "checksum in a header that is wrong",
                        "200 OK",
                        "Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==\r\nContent-Length: " + now.length,
                        now),
                raw(
                        "checksum in a header that is none",
                        "200 OK",
                        "Content-MD5: ?\r\nDigest: sha-256=!\r\nContent-Length: " + now.length,
                        now),
                // Codings.
                raw("gzip nobody asked for", "200 OK", "Content-Encoding: gzip", gzip(now)),
                raw("gzip that is none", "200 OK", "Content-Encoding: gzip\r\nContent-Length: " + now.length, now),
                raw("gzip that ends early", "200 OK", "Content-Encoding: gzip", Arrays.copyOf(gzip(now), 15)),
                raw("gzip that grows without end", "200 OK", "Content-Encoding: gzip", gzip(new byte[5_000_000])),
                raw("coding that nobody knows", "200 OK", "Content-Encoding: br\r\nContent-Length: " + now.length, now),
                raw(
                        "coding with an escape",
                        "200 OK",
                        "Content-Encoding: \u009b31m\r\nContent-Length: " + now.length,
                        now),
                // Redirects.
                raw("redirect without a place", "302 Found", "Content-Length: 0", text("")),
                raw("redirect to nowhere", "302 Found", "Location: http://[::\r\nContent-Length: 0", text("")),
                raw(
                        "redirect to a script",
                        "302 Found",
                        "Location: javascript:alert(1)\r\nContent-Length: 0",
                        text("")),
                raw("redirect to a file", "302 Found", "Location: file:///etc/passwd\r\nContent-Length: 0", text("")),
                fault(
                        "redirect in a circle",
                        (call, out) -> raw(
                                        "",
                                        "302 Found",
                                        "Location: " + call.path().replaceFirst("/[^/]*", "") + "\r\nContent-Length: 0",
                                        text(""))
                                .script()
                                .respond(call, out)),
                inside("http://127.0.0.1/"),
                inside("https://localhost/"),
                inside("https://2130706433/"),
                inside("https://0177.0.0.1/"),
                inside("https://[::1]/"),
                inside("https://[::ffff:169.254.169.254]/"),
                inside("https://169.254.169.254/"),
                inside("//10.0.0.1/"));
    }

    private static Fault fault(String name, Script script) {
        return new Fault(name, script);
    }

    private static Fault raw(String name, String status, String headers, byte[] body) {
        return new Fault(name, (call, out) -> {
            FakeOrigin.head(out, status, headers);
            out.write(body);
            out.flush();
        });
    }

    private static Fault inside(String base) {
        return raw(
                "redirect to " + base,
                "302 Found",
                "Location: " + base + "metadata/secret\r\nContent-Length: 0",
                text(""));
    }

    private static void whole(OutputStream out, byte[] bytes, String tag) throws IOException {
        FakeOrigin.head(out, "200 OK", "ETag: " + tag, "Content-Length: " + bytes.length);
        out.write(bytes);
        out.flush();
    }

    /** The range that was asked for, moved, and of a file that is that much larger; the whole if none was asked for. */
    private static void part(Call call, OutputStream out, byte[] bytes, String tag, int moved, int larger)
            throws IOException {
        int from = (int) Math.max(0, Math.min(bytes.length - 1L, call.from() + moved));
        int to = (int) Math.max(from + 1L, Math.min(bytes.length, call.to(bytes.length)));
        if (call.range() == null || bytes.length == 0) {
            whole(out, bytes, tag);
            return;
        }
        FakeOrigin.head(
                out,
                "206 Partial Content",
                "ETag: " + tag,
                "Content-Length: " + (to - from),
                "Content-Range: bytes " + from + "-" + (to - 1) + "/" + (bytes.length + larger));
        out.write(bytes, from, to - from);
        out.flush();
    }

    /** The start of a good response, up to that byte. */
    private static void body(Call call, OutputStream out, byte[] bytes, String tag, int end) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        new FakeOrigin.ServedFile(bytes, tag).respond(call, all);
        byte[] whole = all.toByteArray();
        int head = new String(whole, ISO_8859_1).indexOf("\r\n\r\n") + 4;
        out.write(whole, 0, Math.min(whole.length, head + end));
        out.flush();
    }

    private static void stall() throws IOException {
        try {
            Thread.sleep(STALL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    private static byte[] text(String text) {
        return text.getBytes(ISO_8859_1);
    }

    private static byte[] concat(byte[] a, byte[] b) {
        byte[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static byte[] chunked(byte[] bytes) {
        return concat(concat(text(Integer.toHexString(bytes.length) + "\r\n"), bytes), text("\r\n0\r\n\r\n"));
    }

    private static byte[] withoutEnd(byte[] chunks) {
        return Arrays.copyOf(chunks, chunks.length - 7);
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return packed.toByteArray();
    }
}
