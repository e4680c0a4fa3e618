package org.histods.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Ranges, faults and the log, with hosts of a few bytes. */
class DemoServerTest {

    private static final byte[] BODY = "0123456789".repeat(1000).getBytes(StandardCharsets.UTF_8);

    private final HttpClient client = HttpClient.newHttpClient();
    private final DemoServer origin = start();

    private static DemoServer start() {
        List<GeneratedFile> files = List.of(
                GeneratedFile.of("a.bin", BODY),
                GeneratedFile.of("wrong.bin", BODY),
                GeneratedFile.of("breaks.bin", BODY));
        List<InjectedFault> faults = List.of(
                new InjectedFault(InjectedFault.Kind.WRONG_BYTES, "files.example", "/wrong.bin", 0),
                new InjectedFault(InjectedFault.Kind.BREAKS, "files.example", "/breaks.bin", 5000),
                new InjectedFault(InjectedFault.Kind.TOO_MANY, "busy.example", "", 0));
        DemoHost host = new PlainHost(files);
        DemoDatasets standIns = new DemoDatasets(Map.of("files.example", host, "busy.example", host), faults);
        try {
            return new DemoServer(standIns, 0);
        } catch (Problem e) {
            throw new AssertionError(e.message(), e);
        }
    }

    @AfterEach
    void stop() {
        origin.close();
    }

    private HttpResponse<byte[]> get(String hostAndPath, String... headers) throws IOException, InterruptedException {
        URI uri = URI.create(origin.route().replace("/{host}", "/" + hostAndPath));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void wholeFile_comesWithLengthAndValidator() throws Exception {
        HttpResponse<byte[]> response = get("files.example/a.bin");
        assertEquals(200, response.statusCode());
        assertArrayEquals(BODY, response.body());
        assertEquals("10000", header(response, "Content-Length"));
        assertEquals("bytes", header(response, "Accept-Ranges"));
        assertTrue(header(response, "ETag").matches("\"[0-9a-f]+\""));
    }

    @Test
    void range_comesAs206() throws Exception {
        HttpResponse<byte[]> middle = get("files.example/a.bin", "Range", "bytes=15-24");
        assertEquals(206, middle.statusCode());
        assertEquals("5678901234", new String(middle.body(), StandardCharsets.UTF_8));
        assertEquals("bytes 15-24/10000", header(middle, "Content-Range"));
        assertEquals(
                "bytes 9990-9999/10000", header(get("files.example/a.bin", "Range", "bytes=9990-"), "Content-Range"));
        assertEquals("bytes 9997-9999/10000", header(get("files.example/a.bin", "Range", "bytes=-3"), "Content-Range"));
    }

    @Test
    void rangeBehindTheEnd_is416WithTheLength() throws Exception {
        HttpResponse<byte[]> response = get("files.example/a.bin", "Range", "bytes=10000-");
        assertEquals(416, response.statusCode());
        assertEquals("bytes */10000", header(response, "Content-Range"));
    }

    @Test
    void rangeIfSomethingElse_comesWhole() throws Exception {
        String etag = header(get("files.example/a.bin"), "ETag");
        assertEquals(
                206,
                get("files.example/a.bin", "Range", "bytes=1-2", "If-Range", etag)
                        .statusCode());
        assertEquals(
                200,
                get("files.example/a.bin", "Range", "bytes=1-2", "If-Range", "\"x\"")
                        .statusCode());
    }

    @Test
    void head_saysTheLengthWithoutABody() throws Exception {
        URI uri = URI.create(origin.route().replace("{host}", "files.example/a.bin"));
        HttpRequest head = HttpRequest.newBuilder(uri)
                .method("HEAD", HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<byte[]> response = client.send(head, HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(200, response.statusCode());
        assertEquals("10000", header(response, "Content-Length"));
        assertEquals(0, response.body().length);
    }

    @Test
    void unknownHostAndFile_are404() throws Exception {
        assertEquals(404, get("other.example/a.bin").statusCode());
        assertEquals(404, get("files.example/none.bin").statusCode());
        assertEquals(404, get("").statusCode());
    }

    @Test
    void wrongBytes_haveTheSameLengthEachTime() throws Exception {
        for (int i = 0; i < 2; i++) {
            byte[] body = get("files.example/wrong.bin").body();
            assertEquals(BODY.length, body.length);
            assertNotEquals(Arrays.hashCode(BODY), Arrays.hashCode(body));
        }
    }

    @Test
    void firstResponse_breaksAndTheRestCanBeFetched() throws Exception {
        assertThrows(IOException.class, () -> get("files.example/breaks.bin"));
        HttpResponse<byte[]> rest = get("files.example/breaks.bin", "Range", "bytes=5000-");
        assertEquals(206, rest.statusCode());
        assertArrayEquals(Arrays.copyOfRange(BODY, 5000, 10000), rest.body());
        assertTrue(
                origin.log().get(0).contains("broken off after 5000 bytes"),
                origin.log().toString());
    }

    @Test
    void responseShorterThanTheBreak_staysWhole() throws Exception {
        HttpResponse<byte[]> probe = get("files.example/breaks.bin", "Range", "bytes=0-0");
        assertEquals(1, probe.body().length);
        assertThrows(IOException.class, () -> get("files.example/breaks.bin"));
    }

    @Test
    void busyHost_says429OnceAndThenResponds() throws Exception {
        HttpResponse<byte[]> refused = get("busy.example/a.bin", "Range", "bytes=0-9");
        assertEquals(429, refused.statusCode());
        assertEquals("1", header(refused, "Retry-After"));
        assertFalse(refused.headers().firstValue("Content-Range").isPresent());
        assertEquals(206, get("busy.example/a.bin", "Range", "bytes=0-9").statusCode());
    }

    @Test
    void log_namesEachRequestInOrder() throws Exception {
        get("files.example/a.bin", "Range", "bytes=2-3");
        get("files.example/none.bin?x=1");
        assertEquals(2, origin.requests());
        assertEquals(
                List.of("GET files.example/a.bin 206 bytes 2-3", "GET files.example/none.bin?x=1 404"), origin.log());
        assertEquals(3, origin.faults().size());
    }

    @Test
    void takenPort_isBusy() {
        DemoDatasets none = new DemoDatasets(Map.of(), List.of());
        Problem problem = assertThrows(Problem.class, () -> new DemoServer(none, origin.port()).close());
        assertEquals(Problem.Kind.BUSY, problem.kind());
    }
}
