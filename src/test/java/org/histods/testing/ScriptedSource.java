package org.histods.testing;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** A source whose responses are made in memory, by the scripts of a test. Nothing is sent. */
public final class ScriptedSource implements Source {

    /**
     * One request.
     *
     * @param to the last requested byte, -1 for the end
     */
    public record Call(
            URI uri, long from, long to, @Nullable String ifRange) {

        /** Such as {@code 0-99}; {@code 0-} is a request without a range. */
        public String range() {
            return from + "-" + (to < 0 ? "" : to);
        }
    }

    /** How to respond to a request. */
    public interface Script {
        Response respond(Call call) throws Problem, IOException;
    }

    /** Reads the body of a response, at whose position something may happen. */
    public interface Reading {
        void at(long position) throws IOException;
    }

    private final List<Call> calls = new CopyOnWriteArrayList<>();
    private final Deque<Script> next = new ArrayDeque<>();
    private Script always = call -> {
        throw new Problem(Problem.Kind.NETWORK, "there is no such file");
    };

    /** The requests so far, in order. */
    public List<Call> calls() {
        return List.copyOf(calls);
    }

    /** The ranges of the requests so far. */
    public List<String> ranges() {
        return calls().stream().map(Call::range).toList();
    }

    /** Responds with that script to all requests for which there is no other one. */
    public synchronized void always(Script script) {
        always = script;
    }

    /** Responds with that script to the next request; several scripts are used in order. */
    public synchronized void next(Script script) {
        next.add(script);
    }

    /** Drops the recorded requests. */
    public void forget() {
        calls.clear();
    }

    /** What a host with ranges sends, with headers as names and values in turn. */
    public static Script serves(byte[] bytes, String... headers) {
        return call -> part(call, bytes, headers);
    }

    /** The requested part of these bytes. */
    public static Response part(Call call, byte[] bytes, String... headers) {
        boolean whole = call.from() == 0 && call.to() < 0;
        int end = call.to() < 0 ? bytes.length : (int) Math.min(bytes.length, call.to() + 1);
        return response(whole ? 200 : 206, call.uri(), bytes, (int) call.from(), end, bytes.length, headers);
    }

    /** A response with the bytes from {@code from} to {@code end}, of a file that the host says has {@code total} bytes. */
    public static Response response(
            int status, URI uri, byte[] bytes, int from, int end, long total, String... headers) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        InputStream body = new ByteArrayInputStream(bytes, from, end - from);
        return new Response(status, uri, List.of(), all, from, end - from, total, body);
    }

    /** The same response, whose connection breaks after so many bytes. */
    public static Response breaksAfter(int count, Response response) throws IOException {
        InputStream before = new ByteArrayInputStream(response.body().readNBytes(count));
        return response.withBody(new FilterInputStream(before) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                int count = super.read(buffer, offset, length);
                if (count < 0) {
                    throw new IOException("the connection was reset");
                }
                return count;
            }
        });
    }

    /** The same response, whose body comes in pieces of at most {@code most} bytes; before each, its position is given. */
    public static Response watched(Response response, int most, Reading reading) {
        InputStream body = response.body();
        return response.withBody(new InputStream() {
            private long position = response.from();

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                reading.at(position);
                int count = body.read(buffer, offset, Math.min(most, length));
                position += Math.max(0, count);
                return count;
            }

            @Override
            public void close() throws IOException {
                body.close();
            }
        });
    }

    @Override
    public String kind() {
        return "scripted";
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) {
        return List.of();
    }

    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        Call call = new Call(uri, from, to, ifRange);
        calls.add(call);
        Script script;
        synchronized (this) {
            script = next.isEmpty() ? always : next.poll();
        }
        try {
            return script.respond(call);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.NETWORK, "the request failed", null, e);
        }
    }
}
