package org.histods.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.histods.dataset.DatasetId;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.testing.TestBags;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The HTTP interface of the server. */
final class MirrorServerTest {

    private static final String TOKEN = "0123456789abcdef0123";
    private static final String SLIDE = "the bytes of a slide";

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private Mirror mirror;
    private BagRef bag;
    private @Nullable MirrorServer server;

    @BeforeEach
    void publish() throws Exception {
        mirror = new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), false, Clock.systemUTC());
        bag = TestBags.publish(mirror, "toy", Map.of("a/slide 100% #1+é;x?.svs", SLIDE, "b/page.html", "<script>"));
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private int port() {
        return Objects.requireNonNull(server).port();
    }

    private void start(@Nullable String token, Predicate<BagRef> allowed) throws Problem {
        server = MirrorServer.start(
                new ServeSettings("127.0.0.1", 0, token, null, 64),
                new ServedMirror(mirror, allowed),
                (path, bags) -> path.equals("index.html")
                        ? Optional.of(ServedPage.html(
                                "<p>" + bags.apply(new DatasetId("toy")).size() + " bags"))
                        : Optional.empty(),
                folder.resolve("audits"),
                null,
                "1.2");
    }

    private void start() throws Problem {
        start(null, any -> true);
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + "/" + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String encoded(String path) {
        return URLEncoder.encode(path, UTF_8).replace("+", "%20").replace("%2F", "/");
    }

    private String slide() {
        return "bags/toy/1/data/" + encoded("a/slide 100% #1+é;x?.svs");
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void fileOfABag_isSent_wholeAndInRanges() throws Exception {
        start();
        HttpResponse<String> whole = get(slide());
        assertEquals(200, whole.statusCode());
        assertEquals(SLIDE, whole.body());
        assertEquals("bytes", header(whole, "Accept-Ranges"));
        HttpResponse<String> part = get(slide(), "Range", "bytes=4-8");
        assertEquals(206, part.statusCode());
        assertEquals("bytes", part.body());
        assertEquals("bytes 4-8/" + SLIDE.length(), header(part, "Content-Range"));
        assertEquals(416, get(slide(), "Range", "bytes=999-").statusCode());
    }

    @Test
    void anyFile_isFoundByItsSha256_andMayBeCachedForEver() throws Exception {
        start();
        HttpResponse<String> found = get("sha256/" + TestBags.sha256(SLIDE).hex());
        assertEquals(SLIDE, found.body());
        assertEquals('"' + TestBags.sha256(SLIDE).hex() + '"', header(found, "ETag"));
        assertTrue(header(found, "Cache-Control").contains("immutable"));
        assertEquals(404, get("sha256/" + TestBags.sha256("another").hex()).statusCode());
    }

    @Test
    void bagThatIsPulledWhileTheServerRuns_isServed() throws Exception {
        start();
        assertEquals(404, get("sha256/" + TestBags.sha256("late").hex()).statusCode());
        TestBags.publish(mirror, "later", Map.of("x.png", "late"));
        assertEquals("late", get("bags/later/1/data/x.png").body());
        assertTrue(get("mirror.json").body().contains("\"later\""));
    }

    @Test
    void entityTag_asked_savesTheBody_andAnotherOneGetsAllBytes() throws Exception {
        start();
        String tag = header(get(slide()), "ETag");
        assertTrue(tag.startsWith("\""), tag);
        assertEquals(304, get(slide(), "If-None-Match", tag).statusCode());
        assertEquals(206, get(slide(), "Range", "bytes=4-8", "If-Range", tag).statusCode());
        HttpResponse<String> other = get(slide(), "Range", "bytes=4-8", "If-Range", "\"of-another-version\"");
        assertEquals(200, other.statusCode());
        assertEquals(SLIDE, other.body());
    }

    @Test
    void fileThatChanged_hasAnotherEntityTag() throws Exception {
        start();
        String tag = header(get(slide()), "ETag");
        Path file = bag.data().resolve("a/slide 100% #1+é;x?.svs");
        Files.writeString(file, SLIDE + ", longer");
        assertFalse(tag.equals(header(get(slide()), "ETag")));
    }

    @Test
    void damagedFile_isNotSentAsTheContentThatItHadBefore() throws Exception {
        start();
        Path file = bag.data().resolve("a/slide 100% #1+é;x?.svs");
        String path = "sha256/" + TestBags.sha256(SLIDE).hex();
        assertEquals(200, get(path).statusCode());
        FileTime before = Files.getLastModifiedTime(file);
        Files.writeString(file, SLIDE.replace('b', 'd'));
        Files.setLastModifiedTime(file, before);
        assertEquals(404, get(path).statusCode());
        Files.writeString(file, SLIDE);
        assertEquals(SLIDE, get(path).body());
    }

    /** Which is not read before each response. */
    @Test
    void damagedLargeFile_isNotSentAsTheContentThatItHadBefore() throws Exception {
        String content = "x".repeat(65 << 20);
        BagRef large = TestBags.publish(mirror, "large", Map.of("large.svs", content));
        mirror.stamps(large).take(FileStamps.look(large.data(), List.of(new FilePath("large.svs"))), List.of());
        start();
        String path = "sha256/" + TestBags.sha256(content).hex();
        assertEquals(content.length(), get(path).body().length());
        Files.writeString(large.data().resolve("large.svs"), "y" + content.substring(1));
        assertEquals(404, get(path).statusCode());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void fileThatIsWrittenToWhileItIsSent_isNotSentToItsEnd(boolean range) throws Exception {
        int size = 60_000_000;
        BagRef large = TestBags.publish(mirror, "large", Map.of("large.svs", "x".repeat(size)));
        start();
        String request = "GET /bags/large/1/data/large.svs HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                + (range ? "Range: bytes=5-\r\n" : "") + "\r\n";
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.getOutputStream().flush();
            try (InputStream in = socket.getInputStream()) {
                assertTrue(new String(in.readNBytes(100), UTF_8).startsWith("HTTP/1.1 20"));
                Files.writeString(large.data().resolve("large.svs"), "y".repeat(size));
                long total = 0;
                byte[] buffer = new byte[1 << 16];
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    total += n;
                }
                assertTrue(total < size - 5 - 100, "the file was sent as if nothing had happened");
            } catch (SocketException reset) {
                // The connection ended before the file did.
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bags/toy/1/manifest-sha256.txt",
                "bags/toy/1/tagmanifest-sha256.txt",
                "bags/toy/1/bagit.txt",
                "bags/toy/1/bag-info.txt",
                "bags/toy/1/receipts/0001-pull.json"
            })
    void tagFile_isSent(String path) throws Exception {
        start();
        assertEquals(200, get(path).statusCode(), path);
    }

    @Test
    void whatTheRecordDoesNotList_isNotSent() throws Exception {
        Files.writeString(bag.path().resolve("notes.txt"), "mine");
        Files.writeString(bag.data().resolve("a/mine.txt"), "mine");
        Files.writeString(folder.resolve("secret.txt"), "secret");
        Path page = bag.data().resolve("b/page.html");
        Files.delete(page);
        Files.createSymbolicLink(page, folder.resolve("secret.txt"));
        start();
        for (String path : List.of("notes.txt", "data/a/mine.txt", "data/b/page.html")) {
            assertEquals(404, get("bags/toy/1/" + path).statusCode(), path);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../etc/passwd",
                "bags/toy/1/../../../mirror.json/..",
                "bags/toy/1/%2e%2e/%2e%2e/x",
                "bags/toy/1/data/..%2f..%2fx",
                "bags/toy/1/%2Fetc/passwd",
                "bags/toy/1/data/a%5C..%5Cx",
                "bags/toy/1/data/%00",
                "bags/toy/1//etc/passwd",
                "bags/..;/..;/etc/passwd",
                "audits/../mirror.json",
                "audits/%2e%2e%2fsecret.html",
                "sha256/../../x",
                "%ff%fe"
            })
    void pathThatLeadsElsewhere_getsNoFile(String path) throws Exception {
        Files.createDirectories(folder.resolve("audits"));
        Files.writeString(folder.resolve("secret.html"), "secret");
        start();
        String response = raw("GET /" + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        String status = response.substring(9, 12);
        assertTrue(List.of("400", "404", "200").contains(status), response);
        assertFalse(response.contains("secret") || response.contains("root:"), response);
        if (status.equals("200")) {
            // The path was cleaned before it was looked up.
            assertTrue(response.contains("histods-mirror/1"), response);
        }
    }

    private String raw(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream().write(request.getBytes(UTF_8));
            socket.getOutputStream().flush();
            try (InputStream in = socket.getInputStream()) {
                return new String(in.readAllBytes(), UTF_8);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
    void requestThatWrites_isRefused(String method) throws Exception {
        start();
        String response = raw(method + " /" + slide() + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nx");
        assertTrue(response.startsWith("HTTP/1.1 405 "), response);
        assertTrue(response.contains("Allow: GET, HEAD"), response);
        assertEquals(SLIDE, Files.readString(bag.data().resolve("a/slide 100% #1+é;x?.svs")));
    }

    @Test
    void token_isNeededForEverythingButHealth() throws Exception {
        start(TOKEN, any -> true);
        for (String path : List.of(
                "",
                "mirror.json",
                "metrics",
                slide(),
                "sha256/" + TestBags.sha256(SLIDE).hex())) {
            assertEquals(401, get(path).statusCode(), path);
            assertEquals(
                    401, get(path, "Authorization", "Bearer " + TOKEN + "4").statusCode(), path);
            assertEquals(401, get(path, "Authorization", "Basic %%%").statusCode(), path);
        }
        assertEquals("ok\n", get("health").body());
        HttpResponse<String> right = get(slide(), "Authorization", "Bearer " + TOKEN);
        assertEquals(SLIDE, right.body());
        assertTrue(
                header(right, "Cache-Control").startsWith("private"),
                right.headers().toString());
        String browser = Base64.getEncoder().encodeToString(("anybody:" + TOKEN).getBytes(UTF_8));
        assertEquals(200, get("index.html", "Authorization", "Basic " + browser).statusCode());
    }

    @Test
    void bagThatMayNotBeServed_isNowhere() throws Exception {
        TestBags.publish(mirror, "gated", Map.of("x.png", "not for all"));
        start(null, one -> !one.id().text().equals("gated"));
        assertEquals(404, get("bags/gated/1/data/x.png").statusCode());
        assertEquals(404, get("bags/gated/1/").statusCode());
        assertEquals(404, get("sha256/" + TestBags.sha256("not for all").hex()).statusCode());
        assertFalse(get("mirror.json").body().contains("gated"));
        assertEquals("<p>1 bags", get("index.html").body());
    }

    @Test
    void listing_namesEachBagWithItsFingerprint() throws Exception {
        start();
        JsonNode listing = JsonMapper.shared().readTree(get("mirror.json").body());
        assertEquals("histods-mirror/1", listing.path("format").asString());
        JsonNode row = listing.path("bags").get(0);
        assertEquals("toy", row.path("id").asString());
        String manifest =
                get(row.path("path").asString() + "manifest-sha256.txt").body();
        assertEquals(TestBags.sha256(manifest).hex(), row.path("fingerprint").asString());
    }

    @Test
    void datasetsOwnPage_cannotRunAScriptInABrowser() throws Exception {
        start();
        HttpResponse<String> page = get("bags/toy/1/data/b/page.html");
        assertEquals("<script>", page.body());
        assertTrue(header(page, "Content-Security-Policy").startsWith("sandbox"));
        assertEquals("nosniff", header(page, "X-Content-Type-Options"));
    }

    @Test
    void folders_areListed_andAFolderWithoutSlashLeadsThere() throws Exception {
        start();
        assertTrue(get("bags/toy/1/").body().contains("Fingerprint"));
        assertTrue(get("bags/toy/1/data/a/").body().contains("slide%20100%25%20%231%2B%C3%A9%3Bx%3F.svs"));
        HttpResponse<String> without = get("bags/toy/1/data");
        assertEquals(302, without.statusCode());
        assertTrue(header(without, "Location").endsWith("/bags/toy/1/data/"));
    }

    @Test
    void metrics_countResponses() throws Exception {
        start();
        get(slide());
        get("nothing");
        String metrics = get("metrics").body();
        assertTrue(metrics.contains("histods_bags 1\n"), metrics);
        assertTrue(metrics.contains("histods_responses_total{class=\"4xx\"} 1\n"), metrics);
        assertTrue(metrics.contains("# TYPE histods_sent_bytes_total counter\n"), metrics);
    }

    @Test
    void audits_ofTheFolder_areServed_andNothingElseOfIt() throws Exception {
        Path audits = Files.createDirectories(folder.resolve("audits"));
        Files.writeString(audits.resolve("paper 1.html"), "<h1>audit");
        Files.writeString(audits.resolve("token.txt"), TOKEN);
        start();
        assertEquals("<h1>audit", get("audits/paper%201.html").body());
        assertTrue(get("audits/").body().contains("paper 1.html"));
        assertEquals(404, get("audits/token.txt").statusCode());
    }

    @Test
    void mirrorThatCannotBeRead_isNotHealthy() throws Exception {
        start();
        Files.writeString(mirror.root().resolve("mirror.json"), "{\"format\":99}");
        assertEquals(503, get("health").statusCode());
    }

    @Test
    void portInUse_isReported() throws Exception {
        start();
        int port = port();
        Problem p = assertThrows(
                Problem.class,
                () -> MirrorServer.start(
                                new ServeSettings("127.0.0.1", port, null, null, 8),
                                new ServedMirror(mirror, any -> true),
                                (path, bags) -> Optional.empty(),
                                null,
                                null,
                                "1.2")
                        .close());
        assertEquals(Problem.Kind.USAGE, p.kind());
        assertTrue(p.message().contains("127.0.0.1:" + port), p.message());
    }
}
