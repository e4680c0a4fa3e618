package org.histods.demo;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One request and its response. */
final class DemoExchange {

    private final HttpExchange exchange;
    private final Map<String, DemoHost> hosts;
    private final FaultPlan faultPlan;
    private final Consumer<String> log;
    private final boolean head;

    DemoExchange(HttpExchange exchange, Map<String, DemoHost> hosts, FaultPlan faultPlan, Consumer<String> log) {
        this.exchange = exchange;
        this.hosts = hosts;
        this.faultPlan = faultPlan;
        this.log = log;
        head = exchange.getRequestMethod().equals("HEAD");
    }

    void respond() throws IOException {
        String[] target = exchange.getRequestURI().getRawPath().split("/", 3);
        String host = target.length > 1 ? target[1] : "";
        String path = "/" + (target.length > 2 ? target[2] : "");
        DemoResponse response = response(host, path);
        RequestedRange part = response.status() == 200 && response.ranged() ? part(response) : null;
        if (part != null && part.none()) {
            int length = response.body().length;
            response = DemoResponse.text(416, "text/plain", "").with("Content-Range", "bytes */" + length);
            part = null;
        }
        RequestedRange sent = part == null ? new RequestedRange(0, response.body().length) : part;
        InjectedFault fault =
                head || response.status() != 200 ? null : faultPlan.next(host, path, sent.to() - sent.from());
        if (fault != null && fault.kind() == InjectedFault.Kind.TOO_MANY) {
            response = DemoResponse.text(429, "text/plain; charset=utf-8", "Too Many Requests")
                    .with("Retry-After", "1");
            part = null;
            sent = new RequestedRange(0, response.body().length);
        }
        int status = part == null ? response.status() : 206;
        log.accept(line(host, part, fault, status));
        headers(response, part);
        send(response, status, sent, fault);
    }

    private DemoResponse response(String host, String path) {
        DemoHost simulated = hosts.get(host);
        if (simulated == null) {
            String text = "The demo simulates no host named '" + host + "'.";
            return DemoResponse.text(404, "text/plain; charset=utf-8", text);
        }
        if (!head && !exchange.getRequestMethod().equals("GET")) {
            return DemoResponse.text(405, "text/plain", "Method Not Allowed").with("Allow", "GET, HEAD");
        }
        try {
            return simulated.respond(decoded(path.replace("+", "%2B")), query());
        } catch (IllegalArgumentException e) {
            return DemoResponse.text(400, "text/plain; charset=utf-8", "Bad Request: " + e.getMessage());
        }
    }

    private @Nullable RequestedRange part(DemoResponse response) {
        String ifRange = exchange.getRequestHeaders().getFirst("If-Range");
        boolean same = ifRange == null || ifRange.equals(response.etag());
        return same ? RequestedRange.of(exchange.getRequestHeaders().getFirst("Range"), response.body().length) : null;
    }

    private Map<String, String> query() {
        Map<String, String> query = new HashMap<>();
        String raw = exchange.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            query.put(decoded(name), equals < 0 ? "" : decoded(pair.substring(equals + 1)));
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private void headers(DemoResponse response, @Nullable RequestedRange part) {
        response.headers()
                .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        if (response.etag() != null) {
            exchange.getResponseHeaders().set("ETag", response.etag());
            exchange.getResponseHeaders().set("Accept-Ranges", "bytes");
        }
        if (part != null) {
            String range = "bytes " + part.from() + "-" + (part.to() - 1) + "/" + response.body().length;
            exchange.getResponseHeaders().set("Content-Range", range);
        }
    }

    private void send(DemoResponse response, int status, RequestedRange sent, @Nullable InjectedFault fault)
            throws IOException {
        int length = sent.to() - sent.from();
        if (head) {
            if (response.ranged()) {
                exchange.getResponseHeaders().set("Content-Length", String.valueOf(length));
            }
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        // For the JDK's server a length of 0 means that it is not known, and -1 that there is no body.
        exchange.sendResponseHeaders(status, response.ranged() ? (length == 0 ? -1 : length) : 0);
        boolean breaks = fault != null && fault.kind() == InjectedFault.Kind.BREAKS;
        boolean wrong = fault != null && fault.kind() == InjectedFault.Kind.WRONG_BYTES;
        byte[] body = wrong ? flipped(response.body()) : response.body();
        if (length > 0) {
            OutputStream out = exchange.getResponseBody();
            out.write(body, sent.from(), breaks && fault != null ? fault.bytes() : length);
            out.flush();
            if (!breaks) {
                out.close();
            }
        }
    }

    /** A copy in which one byte in every 4,096 is another. */
    private static byte[] flipped(byte[] body) {
        byte[] other = body.clone();
        for (int i = body.length % 4096 / 2; i < body.length; i += 4096) {
            other[i] ^= 0x55;
        }
        return other;
    }

    private String line(String host, @Nullable RequestedRange part, @Nullable InjectedFault fault, int status) {
        String uri = exchange.getRequestURI().toString();
        String at = uri.length() > host.length() + 1 ? uri.substring(host.length() + 1) : "/";
        String bytes = part == null ? "" : " bytes " + part.from() + "-" + (part.to() - 1);
        String what = fault == null
                ? ""
                : switch (fault.kind()) {
                    case BREAKS -> ", broken off after " + fault.bytes() + " bytes";
                    case WRONG_BYTES -> ", with wrong bytes";
                    case TOO_MANY -> "";
                };
        return exchange.getRequestMethod() + " " + host + at + " " + status + bytes + what;
    }
}
