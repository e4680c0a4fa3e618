package org.histods.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/**
 * Simulates all hosts on one loopback port; each sends back what it received: in the status line, in
 * headers, in bodies and in the URLs that it redirects to. The path says how.
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

    private final FakeOrigin server = new FakeOrigin();

    public EchoingHosts() throws IOException {
        server.everywhere((call, out) -> out.write(response(asked(call)).getBytes(StandardCharsets.UTF_8)));
    }

    public String route() {
        return "*=http://127.0.0.1:" + server.port() + "/{host}";
    }

    public int port() {
        return server.port();
    }

    public List<Asked> requested() {
        return server.calls().stream().map(EchoingHosts::asked).toList();
    }

    public void forget() {
        server.forget();
    }

    /** A proxy receives the whole URL. */
    private static Asked asked(FakeOrigin.Call call) {
        return new Asked(call.path().replaceFirst("^(http:/)?/", ""), call.headers());
    }

    private static String response(Asked one) {
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
