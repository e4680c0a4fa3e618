package org.histods.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** Passes requests on to a server on loopback with their own {@code Host} header, and fails where a rule says so. */
public final class FaultyProxy implements AutoCloseable {

    /** What happens to a request. */
    public interface Rule {
        /** Null to pass it on. */
        @Nullable
        Fault fault(String method, String path);
    }

    /** What goes wrong with a request. */
    public sealed interface Fault {}

    /** The connection closes before a response. */
    public record Drop() implements Fault {}

    /** The request is passed on, and the connection closes before its response. */
    public record Lose() implements Fault {}

    /** The request is passed on, and its response has another body. */
    public record Body(String text) implements Fault {}

    /** Another response. */
    public record Response(int status, Map<String, String> headers, String body) implements Fault {
        public Response {
            headers = Map.copyOf(headers);
        }

        /** An error of S3. */
        public static Response error(int status, String code) {
            String body = "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>made up</Message></Error>";
            return new Response(status, Map.of("Content-Type", "application/xml"), body);
        }
    }

    /** The response has another value for a header. */
    public record Header(String name, String value) implements Fault {}

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final int target;
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<String> responded = new ArrayList<>();
    private volatile Rule rule = (method, path) -> null;

    /**
     * Requests for multipart uploads are passed on one at a time: S3Proxy, unlike S3, fails to list or to finish an upload while
     * another request for it is under way.
     */
    private final Object uploads = new Object();

    public FaultyProxy(int target) throws IOException {
        this.target = target;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public void rule(Rule other) {
        rule = other;
    }

    /** The requests so far, as {@code PUT /path?query}. */
    public List<String> requests() {
        return List.copyOf(requests);
    }

    /** Waits until a request with that text in its path was passed on and the server has responded. */
    public void await(String text) {
        synchronized (responded) {
            try {
                while (responded.stream().noneMatch(path -> path.contains(text))) {
                    responded.wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    public void forget() {
        requests.clear();
        synchronized (responded) {
            responded.clear();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        String path = exchange.getRequestURI().toString();
        requests.add(method + " " + path);
        byte[] body = exchange.getRequestBody().readAllBytes();
        Fault fault = rule.fault(method, path);
        if (fault instanceof Drop) {
            exchange.close();
            return;
        }
        if (fault instanceof Response other) {
            other.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            send(exchange, other.status(), other.body());
            return;
        }
        byte[] response;
        if (path.contains("upload")) {
            synchronized (uploads) {
                response = pass(exchange, method, path, body);
            }
        } else {
            response = pass(exchange, method, path, body);
        }
        synchronized (responded) {
            responded.add(path);
            responded.notifyAll();
        }
        if (fault instanceof Lose) {
            exchange.close();
            return;
        }
        if (fault instanceof Body other) {
            send(exchange, 200, other.text());
            return;
        }
        send(exchange, response, fault instanceof Header header ? header : null);
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
        exchange.close();
    }

    private byte[] pass(HttpExchange exchange, String method, String path, byte[] body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), target)) {
            StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.0\r\n");
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("Connection")) {
                    values.forEach(value ->
                            head.append(name).append(": ").append(value).append("\r\n"));
                }
            });
            head.append("Connection: close\r\n\r\n");
            OutputStream out = socket.getOutputStream();
            out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            out.write(body);
            out.flush();
            return socket.getInputStream().readAllBytes();
        }
    }

    private static void send(HttpExchange exchange, byte[] response, @Nullable Header replaced) throws IOException {
        int end = new String(response, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n");
        String[] lines = new String(response, 0, end, StandardCharsets.ISO_8859_1).split("\r\n", -1);
        long length = -1;
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            String name = lines[i].substring(0, colon);
            String value = lines[i].substring(colon + 1).strip();
            switch (name.toLowerCase(Locale.ROOT)) {
                case "content-length" -> length = Long.parseLong(value);
                case "connection", "transfer-encoding" -> {}
                default -> exchange.getResponseHeaders().add(name, value);
            }
        }
        if (replaced != null) {
            exchange.getResponseHeaders().set(replaced.name(), replaced.value());
        }
        int status = Integer.parseInt(lines[0].split(" ", 3)[1]);
        int bytes = response.length - end - 4;
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
        }
        exchange.sendResponseHeaders(status, bytes == 0 ? -1 : bytes);
        if (bytes > 0) {
            exchange.getResponseBody().write(response, end + 4, bytes);
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
