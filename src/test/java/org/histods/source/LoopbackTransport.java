package org.histods.source;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Answer;
import org.histods.transport.Request;
import org.histods.transport.Transport;

/**
 * Sends every request for {@code https://host/path} to {@code http://localhost:port/host/path} and maps the answer as
 * {@link Transport} says. It asks once and does not wait.
 */
final class LoopbackTransport implements Transport {

    private static final Pattern RANGE = Pattern.compile("bytes ([0-9]+)-([0-9]+)/([0-9]+|\\*)");

    private final int port;
    private final HttpClient client = HttpClient.newHttpClient();

    LoopbackTransport(int port) {
        this.port = port;
    }

    @Override
    public Answer open(Request request) throws Problem {
        List<URI> via = new ArrayList<>();
        URI uri = request.uri();
        for (int hop = 0; hop < 6; hop++) {
            HttpResponse<InputStream> response = send(request, uri);
            int status = response.statusCode();
            String location = response.headers().firstValue("location").orElse(null);
            if (status >= 300 && status < 400 && location != null) {
                via.add(uri);
                uri = uri.resolve(location);
                continue;
            }
            if (status == 200 || status == 206) {
                return answer(response, uri, via);
            }
            throw refused(request, uri, response);
        }
        throw new Problem(Kind.NETWORK, "too many redirects from " + request.uri());
    }

    private HttpResponse<InputStream> send(Request request, URI uri) throws Problem {
        URI routed = URI.create("http://localhost:" + port + "/" + uri.getRawAuthority() + uri.getRawPath()
                + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()));
        byte[] body = request.body();
        HttpRequest.Builder builder = HttpRequest.newBuilder(routed)
                .method(request.method(), body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        request.headers().forEach(builder::header);
        if (request.ranged()) {
            builder.header("Range", "bytes=" + request.from() + "-" + (request.to() < 0 ? "" : request.to()));
        }
        try {
            return client.send(builder.build(), BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, "no answer from " + uri, null, List.of(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Kind.INTERRUPTED, "interrupted", null, List.of(), e);
        }
    }

    private static Answer answer(HttpResponse<InputStream> response, URI uri, List<URI> via) {
        Map<String, String> headers = new TreeMap<>();
        response.headers().map().forEach((name, values) -> headers.put(name, String.join(", ", values)));
        long length = response.headers().firstValueAsLong("content-length").orElse(-1);
        Matcher range = RANGE.matcher(headers.getOrDefault("content-range", ""));
        boolean part = response.statusCode() == 206 && range.matches();
        long from = part ? Long.parseLong(range.group(1)) : 0;
        long total = part && !range.group(3).equals("*") ? Long.parseLong(range.group(3)) : part ? -1 : length;
        return new Answer(response.statusCode(), uri, via, headers, from, length, total, response.body());
    }

    private static Problem refused(Request request, URI uri, HttpResponse<InputStream> response) throws Problem {
        int status = response.statusCode();
        String said;
        try (InputStream body = response.body()) {
            said = new String(body.readNBytes(300), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, uri + " broke off", null, List.of(), e);
        }
        Kind kind = status == 401 || status == 403 ? Kind.PERSON : Kind.NETWORK;
        Attempt attempt = new Attempt("http", request.uri().toString(), status, null, status + " " + said);
        return new Problem(kind, uri + " answered " + status, null, List.of(attempt), null);
    }

    @Override
    public byte[] read(Request request, int most) throws Problem {
        try (Answer answer = open(request)) {
            byte[] body = answer.body().readNBytes(most + 1);
            if (body.length > most) {
                throw new Problem(Kind.NETWORK, request.uri() + " is longer than " + most + " bytes");
            }
            return body;
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, request.uri() + " broke off", null, List.of(), e);
        }
    }

    @Override
    public void close() {}
}
