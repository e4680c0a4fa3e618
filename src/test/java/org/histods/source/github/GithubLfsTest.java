package org.histods.source.github;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.matchingJsonPath;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.histods.digest.Algorithm;
import org.histods.digest.GitObjects;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.all.Sources;
import org.histods.testing.SpecBuilder;
import org.histods.testing.TestTransports;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A Git LFS pointer is never stored instead of its file (as the 130-byte "archive" of other tools). */
final class GithubLfsTest {

    @RegisterExtension
    static final WireMockExtension HOST =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    private static final String OID = "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393";
    private static final int SIZE = 12345;
    private static final String POINTER =
            "version https://git-lfs.github.com/spec/v1\noid sha256:" + OID + "\nsize " + SIZE + "\n";
    private static final String POINTER_BLOB =
            GitObjects.blob(POINTER.getBytes(StandardCharsets.UTF_8)).toString();
    private static final String RAW = "/raw.githubusercontent.com/lab/slides/v1/data/x%20y.npz";
    private static final String BATCH = "/github.com/lab/slides.git/info/lfs/objects/batch";
    private static final String OBJECT = "/objects.example.org/lfs/1?X-Amz-Signature=abc";
    private static final String MEDIA = "/media.githubusercontent.com/media/lab/slides/v1/data/x%20y.npz";

    private final byte[] content = new byte[SIZE];
    private final Source github = Sources.of("github").orElseThrow();
    private Transport transport = TestTransports.to(1);

    @BeforeEach
    void connect() {
        transport = TestTransports.to(HOST.getPort());
        new Random(7).nextBytes(content);
    }

    private static SpecBuilder spec() {
        return SpecBuilder.spec("github", "lab/slides@v1");
    }

    private RemoteFile file(SpecBuilder spec) throws Problem {
        return github.resolve(spec.build(), transport).get(0);
    }

    private RemoteFile plain() throws Problem {
        return file(spec().file("data/x y.npz"));
    }

    private byte[] fetched(RemoteFile file, long from) throws Problem, IOException {
        try (Response response = github.open(file, file.uri(), from, -1, "\"tag\"", transport)) {
            assertEquals(from, response.from());
            return response.body().readAllBytes();
        }
    }

    private static void raw(String body) {
        HOST.stubFor(get(urlEqualTo(RAW)).willReturn(aResponse().withBody(body)));
    }

    private void batch() {
        HOST.stubFor(post(urlEqualTo(BATCH))
                .withHeader("Content-Type", containing("application/vnd.git-lfs+json"))
                .withHeader("Accept", containing("application/vnd.git-lfs+json"))
                .withRequestBody(matchingJsonPath("$.operation", equalTo("download")))
                .withRequestBody(matchingJsonPath("$.objects[0].oid", equalTo(OID)))
                .withRequestBody(matchingJsonPath("$.objects[0].size", equalTo("12345")))
                .willReturn(aResponse()
                        .withBody("{\"transfer\": \"basic\", \"objects\": [{\"oid\": \"" + OID
                                + "\", \"size\": 12345, \"authenticated\": true, \"actions\": {\"download\": {"
                                + "\"href\": \"https://objects.example.org/lfs/1?X-Amz-Signature=abc\","
                                + " \"header\": {\"x-lfs\": \"yes\"}, \"expires_in\": 3600}}}]}")));
    }

    private void whole(String url) {
        HOST.stubFor(get(urlEqualTo(url)).willReturn(aResponse().withBody(content)));
    }

    private void rest(String url, int from) {
        HOST.stubFor(get(urlEqualTo(url))
                .withHeader("Range", equalTo("bytes=" + from + "-"))
                .willReturn(aResponse()
                        .withStatus(206)
                        .withHeader("Content-Range", "bytes " + from + "-" + (SIZE - 1) + "/" + SIZE)
                        .withBody(Arrays.copyOfRange(content, from, SIZE))));
    }

    @Test
    void pointer_isTradedForTheContent() throws Exception {
        raw(POINTER);
        batch();
        whole(OBJECT);

        assertArrayEquals(content, fetched(plain(), 0));
        HOST.verify(getRequestedFor(urlEqualTo(OBJECT)).withHeader("x-lfs", equalTo("yes")));
    }

    @Test
    void batchRefused_takesTheOtherWay() throws Exception {
        raw(POINTER);
        HOST.stubFor(post(urlEqualTo(BATCH))
                .willReturn(aResponse()
                        .withBody("{\"objects\": [{\"oid\": \"" + OID
                                + "\", \"error\": {\"code\": 403, \"message\": \"over its data quota\"}}]}")));
        whole(MEDIA);

        assertArrayEquals(content, fetched(plain(), 0));
    }

    @Test
    void bothUrlsRefused_reportsEachResponse() throws Exception {
        raw(POINTER);
        HOST.stubFor(post(urlEqualTo(BATCH))
                .willReturn(aResponse()
                        .withBody("{\"objects\": [{\"error\": {\"code\": 403, \"message\": \"over its quota\"}}]}")));
        RemoteFile file = plain();

        Problem problem = assertThrows(Problem.class, () -> fetched(file, 0));

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.attempts().toString().contains("over its quota"));
        assertTrue(problem.attempts().toString().contains("media.githubusercontent.com"));
    }

    @Test
    void resumeBeyondThePointer_goesOnInTheContent() throws Exception {
        HOST.stubFor(get(urlEqualTo(RAW))
                .withHeader("Range", equalTo("bytes=5000-"))
                .willReturn(aResponse().withStatus(416)));
        HOST.stubFor(get(urlEqualTo(RAW))
                .withHeader("Range", equalTo("bytes=0-1024"))
                .willReturn(aResponse().withBody(POINTER)));
        batch();
        rest(OBJECT, 5000);

        assertArrayEquals(Arrays.copyOfRange(content, 5000, SIZE), fetched(plain(), 5000));
    }

    @Test
    void resumeInsideThePointersLength_doesNotGetThePointersTail() throws Exception {
        HOST.stubFor(get(urlEqualTo(RAW))
                .withHeader("Range", equalTo("bytes=100-"))
                .willReturn(aResponse()
                        .withStatus(206)
                        .withHeader("Content-Range", "bytes 100-131/132")
                        .withBody(POINTER.substring(100))));
        HOST.stubFor(get(urlEqualTo(RAW))
                .withHeader("Range", equalTo("bytes=0-1024"))
                .willReturn(aResponse().withBody(POINTER)));
        batch();
        rest(OBJECT, 100);

        assertArrayEquals(Arrays.copyOfRange(content, 100, SIZE), fetched(plain(), 100));
    }

    @Test
    void smallPlainFile_passesThroughUntouched() throws Exception {
        raw("version of a small file\n");

        assertEquals("version of a small file\n", new String(fetched(plain(), 0), StandardCharsets.UTF_8));
    }

    @Test
    void emptyAndLargePlainFiles_passThroughUntouched() throws Exception {
        raw("");
        assertEquals(0, fetched(plain(), 0).length);
        whole(RAW);
        assertArrayEquals(content, fetched(plain(), 0));
    }

    @Test
    void pinnedContentThatThePointerDoesNotLeadTo_isUpstreamChanged() throws Exception {
        raw(POINTER);
        RemoteFile bySize = file(spec().file("data/x y.npz", null, 99L));
        RemoteFile byChecksum = file(spec().file("data/x y.npz", null, null, "sha256:" + "0".repeat(64)));

        for (RemoteFile file : List.of(bySize, byChecksum)) {
            Problem problem = assertThrows(Problem.class, () -> fetched(file, 0));
            assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        }
    }

    @Test
    void pinnedPointer_isUsageThatSaysWhatToPin() throws Exception {
        raw(POINTER);
        RemoteFile file = file(spec().file("data/x y.npz", null, null, POINTER_BLOB));

        Problem problem = assertThrows(Problem.class, () -> fetched(file, 0));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("sha256:" + OID));
    }

    @Test
    void contentOfAnotherSize_isWrongBytes() throws Exception {
        raw(POINTER);
        batch();
        HOST.stubFor(get(urlEqualTo(OBJECT))
                .willReturn(aResponse().withHeader("Content-Length", "5").withBody("short")));
        RemoteFile file = plain();

        assertEquals(
                Kind.WRONG_BYTES,
                assertThrows(Problem.class, () -> fetched(file, 0)).kind());
    }

    @Test
    void contentOfUnstatedSize_hasThePointersSize() throws Exception {
        raw(POINTER);
        batch();
        HOST.stubFor(get(urlEqualTo(OBJECT))
                .willReturn(
                        aResponse().withHeader("Transfer-Encoding", "chunked").withBody("short")));
        RemoteFile file = plain();

        try (Response response = github.open(file, file.uri(), 0, -1, null, transport)) {
            assertEquals(SIZE, response.total());
        }
    }

    @Test
    void viaLfsWithoutChecksum_statesWhatThePointerSays() throws Exception {
        raw(POINTER);

        RemoteFile file = file(spec().option("via", "lfs").file("data/x y.npz", null, null, POINTER_BLOB));

        assertEquals((long) SIZE, file.bytes());
        assertEquals(OID, file.stated(Algorithm.SHA256).orElseThrow().checksum().hex());
        assertFalse(file.stated(Algorithm.GIT_BLOB).isPresent());
    }

    @Test
    void viaLfsPinned_makesNoRequest() throws Exception {
        RemoteFile file = file(spec().option("via", "lfs").file("data/x y.npz", null, (long) SIZE, "sha256:" + OID));

        assertTrue(HOST.getAllServeEvents().isEmpty());
        assertTrue(
                file.uris().get(1).toString().startsWith("https://media.githubusercontent.com/media/lab/slides/v1/"));
    }

    @Test
    void viaLfsWithAnotherPointerThanPinned_isUpstreamChanged() {
        raw(POINTER);
        SpecBuilder spec = spec().option("via", "lfs").file("data/x y.npz", null, null, "git-blob:" + "0".repeat(40));

        assertEquals(
                Kind.UPSTREAM_CHANGED,
                assertThrows(Problem.class, () -> file(spec)).kind());
    }
}
