package org.histods.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Every host of the world on one loopback port, each of which sends back what it was sent: in the status line, in
 * headers, in bodies and in the addresses it redirects to. The path says how.
 */
public final class EchoingHosts implements AutoCloseable {

    /** A request as it came: {@code zenodo.org/path}, and its headers by lower-case name. */
    public record Asked(String place, Map<String, String> headers) {

        public String host() {
            return place.substring(0, place.indexOf('/'));
        }

        /** All that a host might quote: each header's value, and what Basic stands for. */
        public String secrets() {
            StringBuilder all = new StringBuilder();
            headers.forEach((name, value) -> {
                if (name.contains("auth") || name.contains("key") || name.contains("token")) {
                    all.append(value).append(' ');
                    if (value.startsWith("Basic ")) {
                        all.append(new String(Base64.getDecoder().decode(value.substring(6)), StandardCharsets.UTF_8));
                    }
                }
            });
            return all.toString().strip();
        }
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Asked> asked = new CopyOnWriteArrayList<>();

    public EchoingHosts() throws IOException {
        Thread thread = new Thread(this::serve, "echoing-hosts");
        thread.setDaemon(true);
        thread.start();
    }

    public String route() {
        return "*=http://127.0.0.1:" + server.getLocalPort() + "/{host}";
    }

    public int port() {
        return server.getLocalPort();
    }

    public List<Asked> asked() {
        return asked;
    }

    private void serve() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                answer(socket);
            } catch (IOException ignored) {
                // Closed, or somebody went away.
            }
        }
    }

    private void answer(Socket socket) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String first = in.readLine();
        if (first == null) {
            return;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        // A proxy is asked with the whole address.
        String place = first.split(" ")[1].replaceFirst("^(http:/)?/", "");
        Asked one = new Asked(place, headers);
        asked.add(one);
        OutputStream out = socket.getOutputStream();
        out.write(answer(one).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static String answer(Asked one) {
        String secret = one.secrets();
        String inUrl = java.net.URLEncoder.encode(secret.isEmpty() ? "nothing" : secret, StandardCharsets.UTF_8);
        String way = one.place().substring(one.place().indexOf('/') + 1).replaceFirst("[/?].*", "");
        return switch (way) {
            case "status" -> text("403 no entry with " + secret, "text/plain", "", "");
            case "forbidden" -> text("403 Forbidden", "application/json", "", "{\"message\":\"no " + secret + "\"}");
            // Only so much of a body is looked at, and here that ends within the secret.
            case "long" ->
                text(
                        "403 Forbidden",
                        "application/json",
                        "",
                        "{\"pad\":\"" + "x".repeat(2013) + "\",\"message\":\"" + secret);
            case "unauthorized" -> text("401 Unauthorized", "text/plain", "", "bad credential " + secret);
            case "missing" -> text("404 Not Found", "text/html", "", "<title>none with " + secret + "</title>");
            case "page" -> text("200 OK", "text/html", "", "<html><title>Log in, " + secret + "</title></html>");
            case "quote" ->
                text("200 OK", "text/plain", "ETag: \"" + secret + "\"\r\nX-You: " + secret + "\r\n", "some data");
            case "error" -> text("200 OK", "application/json", "", "{\"error\":\"" + secret + "\"}");

            case "downgrade" -> text("302 Found", "text/plain", "Location: http://plain.example/data\r\n", "");
            case "redirect" ->
                text("302 Found", "text/plain", "Location: https://evil.example/" + inUrl + "?q=" + inUrl + "\r\n", "");
            default -> text("200 OK", "application/octet-stream", "ETag: \"e\"\r\n", "some data");
        };
    }

    private static String text(String status, String type, String headers, String body) {
        return "HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n" + headers + "\r\n" + body;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
