package org.histods.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Simulates all hosts on loopback: content for {@code https://host/path} is served as {@code /host/path}. */
public final class SimulatedHosts implements AutoCloseable {

    /** A response; a redirect where {@code to} is set. */
    private record Reply(
            byte[] body,
            Map<String, String> headers,
            @Nullable String to) {}

    private final FakeOrigin server = new FakeOrigin();
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final Map<String, Integer> requests = new ConcurrentHashMap<>();

    public SimulatedHosts() throws IOException {
        server.everywhere(this::respond);
    }

    /** The route for every host, for the settings file. */
    public String route() {
        return "http://127.0.0.1:" + server.port() + "/{host}";
    }

    /** The program with these hosts. Its request limits for the real ones are raised, because they would only cost time. */
    public ProgramRunner runner(Path folder) throws IOException {
        Path settings = folder.resolve("config.yaml");
        Files.writeString(
                settings,
                "routes:\n  \"*\": \"" + route() + "\"\nrecord-user: false\nhosts:\n"
                        + Stream.of("zenodo.org", "api.figshare.com", "api.osf.io", "osf.io", "data.mendeley.com")
                                .map(host -> "  " + host + ": { requests-per-minute: 6000 }\n")
                                .reduce("", String::concat));
        return new ProgramRunner(folder, Files.createDirectories(folder.resolve("manifests")))
                .with("HISTODS_CONFIG", settings.toString())
                .with("XDG_STATE_HOME", folder.resolve("state").toString());
    }

    /**
     * Serves these bytes, to any method. A URL without a query is used for every query that no other URL has.
     *
     * @param headers names and values in turn
     */
    public void put(String address, byte[] body, String... headers) {
        Map<String, String> map = new ConcurrentHashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            map.put(headers[i], headers[i + 1]);
        }
        replies.put(key(address), new Reply(body, map, null));
    }

    public void text(String address, String body) {
        put(address, body.getBytes(StandardCharsets.UTF_8), "Content-Type", "application/json");
    }

    void page(String address, String body) {
        put(address, body.getBytes(StandardCharsets.UTF_8), "Content-Type", "text/html; charset=utf-8");
    }

    public void redirect(String address, String to) {
        replies.put(key(address), new Reply(new byte[0], Map.of(), to));
    }

    /**
     * Serves what is at the URLs of that pattern at others too, with another text.
     *
     * @param from a regular expression that is searched in {@code /host/path?query}
     * @param to replaces what was found; groups as in {@link String#replaceAll}
     */
    public void again(String from, String to, UnaryOperator<String> edit) {
        Pattern pattern = Pattern.compile(from);
        Map<String, Reply> more = new HashMap<>();
        replies.forEach((address, reply) -> {
            if (pattern.matcher(address).find()) {
                // Any bytes as text, so that pictures survive.
                String text = edit.apply(new String(reply.body(), StandardCharsets.ISO_8859_1));
                more.put(
                        pattern.matcher(address).replaceAll(to),
                        new Reply(text.getBytes(StandardCharsets.ISO_8859_1), reply.headers(), reply.to()));
            }
        });
        if (more.isEmpty()) {
            throw new IllegalArgumentException("nothing is served at " + from);
        }
        replies.putAll(more);
    }

    /** Replaces these bytes by others wherever they are served. */
    void replace(byte[] others, byte[] bytes) {
        replies.replaceAll((address, reply) ->
                Arrays.equals(reply.body(), others) ? new Reply(bytes, reply.headers(), reply.to()) : reply);
    }

    /** How often each URL was requested, with its query. */
    public Map<String, Integer> requests() {
        return Map.copyOf(requests);
    }

    private static String key(String address) {
        return address.replaceFirst("^[a-z]+:/", "");
    }

    private void respond(FakeOrigin.Call call, OutputStream out) throws IOException {
        requests.merge(call.path(), 1, Integer::sum);
        Reply exact = replies.get(call.path());
        Reply reply = exact == null ? replies.get(call.path().replaceFirst("\\?.*", "")) : exact;
        if (reply == null) {
            send(
                    call,
                    out,
                    "404 Not Found",
                    List.of(),
                    "{\"error\": \"no such thing\"}".getBytes(StandardCharsets.UTF_8));
        } else if (reply.to() != null) {
            send(call, out, "302 Found", List.of("Location: " + reply.to()), reply.body());
        } else {
            List<String> headers = new ArrayList<>();
            reply.headers().forEach((name, value) -> headers.add(name + ": " + value));
            int length = reply.body().length;
            if (call.range() == null || length == 0) {
                send(call, out, "200 OK", headers, reply.body());
            } else {
                int from = (int) call.from();
                int to = (int) call.to(length);
                headers.add("Content-Range: bytes " + from + "-" + (to - 1) + "/" + length);
                send(call, out, "206 Partial Content", headers, Arrays.copyOfRange(reply.body(), from, to));
            }
        }
    }

    private static void send(FakeOrigin.Call call, OutputStream out, String status, List<String> headers, byte[] body)
            throws IOException {
        List<String> all = new ArrayList<>(headers);
        all.add("Content-Length: " + body.length);
        FakeOrigin.head(out, status, all.toArray(String[]::new));
        if (!call.method().equals("HEAD")) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
