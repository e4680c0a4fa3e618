package org.histods.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The world's hosts on this machine: what is put under {@code https://host/path} is served as {@code /host/path}. */
public final class SimulatedHosts implements AutoCloseable {

    /** An answer; a redirect where {@code to} is set. */
    private record Reply(
            byte[] body,
            Map<String, String> headers,
            @Nullable String to) {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Map<String, Reply> replies = new ConcurrentHashMap<>();
    private final Map<String, Integer> requests = new ConcurrentHashMap<>();

    public SimulatedHosts() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** The route for every host, for the settings file. */
    public String route() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/{host}";
    }

    /** The program with these hosts. The pace that it promises the real ones would only cost time, so it is higher. */
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
     * Serves these bytes, to any method. An address without a query answers every query that no other address has.
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
     * Serves what is at the addresses of that pattern, with another text, at others too.
     *
     * @param from a regular expression that is searched in {@code /host/path?query}
     * @param to replaces what was found; groups as in {@link String#replaceAll}
     */
    public void again(String from, String to, UnaryOperator<String> edit) {
        Pattern pattern = Pattern.compile(from);
        Map<String, Reply> more = new HashMap<>();
        replies.forEach((address, reply) -> {
            if (pattern.matcher(address).find()) {
                String text = edit.apply(new String(reply.body(), StandardCharsets.UTF_8));
                more.put(
                        pattern.matcher(address).replaceAll(to),
                        new Reply(text.getBytes(StandardCharsets.UTF_8), reply.headers(), reply.to()));
            }
        });
        if (more.isEmpty()) {
            throw new IllegalArgumentException("nothing is served at " + from);
        }
        replies.putAll(more);
    }

    /** How often each address was asked for, with its query. */
    public Map<String, Integer> requests() {
        return Map.copyOf(requests);
    }

    private static String key(String address) {
        return address.replaceFirst("^[a-z]+:/", "");
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String query = exchange.getRequestURI().getRawQuery();
            requests.merge(query == null ? path : path + "?" + query, 1, Integer::sum);
            Reply exact = replies.get(path + "?" + query);
            Reply reply = exact == null ? replies.get(path) : exact;
            exchange.getRequestBody().readAllBytes();
            if (reply == null) {
                send(exchange, 404, "{\"error\": \"no such thing\"}".getBytes(StandardCharsets.UTF_8));
            } else if (reply.to() != null) {
                exchange.getResponseHeaders().set("Location", reply.to());
                send(exchange, 302, reply.body());
            } else {
                reply.headers().forEach(exchange.getResponseHeaders()::set);
                ranged(exchange, reply.body());
            }
        }
    }

    private static void ranged(HttpExchange exchange, byte[] body) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        if (range == null || body.length == 0) {
            send(exchange, 200, body);
            return;
        }
        String[] ends = range.replaceFirst("bytes=", "").split("-", 2);
        int from = Integer.parseInt(ends[0]);
        int to = ends[1].isEmpty() ? body.length - 1 : Math.min(body.length - 1, Integer.parseInt(ends[1]));
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + body.length);
        send(exchange, 206, Arrays.copyOfRange(body, from, to + 1));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        boolean head = exchange.getRequestMethod().equals("HEAD");
        if (head) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
        }
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head && body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
