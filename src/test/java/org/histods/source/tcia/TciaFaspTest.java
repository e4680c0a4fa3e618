package org.histods.source.tcia;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.testing.FakeAscp;
import org.histods.testing.FaspexHost;
import org.histods.testing.SpecBuilder;
import org.histods.testing.TestTransports;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The bytes of TCIA's packages and the checksum lists in them, through a stand-in for IBM's program. */
final class TciaFaspTest {

    @RegisterExtension
    static final WireMockExtension HOST =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    private static final byte[] SLIDE = "slide".getBytes(StandardCharsets.UTF_8);
    private static final String MD5 = "46d7dd0a2ac1a1a6eb4c0d1fd2ec6a63";
    private static final String OTHER = "00000000000000000000000000000000";

    @TempDir
    Path temp = Path.of("");

    private final Source source = new TciaSource();
    private @Nullable Transport transport;

    private FakeAscp ascp() throws IOException {
        return new FakeAscp(temp.resolve("bin"));
    }

    private Transport out() throws IOException {
        if (transport == null) {
            transport = TestTransports.to(HOST.getPort(), 1, ascp().aspera());
        }
        return transport;
    }

    private FaspexHost tcia() throws IOException {
        return new FaspexHost(HOST, ascp());
    }

    @BeforeEach
    void fill() throws IOException {
        tcia().with("Top/Yale/a & b.svs", SLIDE)
                .with("Top/none.txt", new byte[0])
                .with("Top/l.unsized", SLIDE);
    }

    @AfterEach
    void close() {
        if (transport != null) {
            transport.close();
        }
    }

    private void list(String text) throws IOException {
        tcia().with("Top/Yale/a & b.svs", SLIDE)
                .with("Top/none.txt", new byte[0])
                .with("toy.sums", text.getBytes(StandardCharsets.UTF_8));
    }

    private static SpecBuilder spec() {
        return SpecBuilder.spec("tcia", "41001").option("via", "faspex");
    }

    private List<RemoteFile> resolve(SpecBuilder spec) throws Exception {
        return source.resolve(spec.build(), out());
    }

    private RemoteFile named(String name) throws Exception {
        return resolve(spec()).stream()
                .filter(f -> f.path().name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private Response open(RemoteFile file, long from, @Nullable String ifRange) throws Exception {
        return source.open(file, file.uri(), from, -1, ifRange, out());
    }

    private Problem refused(SpecBuilder spec) {
        return assertThrows(Problem.class, () -> resolve(spec));
    }

    @Test
    void file_isFetchedWithAscp() throws Exception {
        try (Response response = open(named("a & b.svs"), 0, null)) {
            assertArrayEquals(SLIDE, response.body().readAllBytes());
            assertEquals(
                    "fasp://144.30.0.1:33001/store/0739/Top/Yale/a%20&%20b.svs",
                    response.uri().toString());
            assertEquals("2023-11-09T10:00:00Z", response.validator());
        }
    }

    @Test
    void fileOfUnknownSize_isFetchedWithAscp() throws Exception {
        RemoteFile file = named("l.unsized");

        assertEquals(null, file.bytes());
        try (Response response = open(file, 0, null)) {
            assertArrayEquals(SLIDE, response.body().readAllBytes());
        }
    }

    @Test
    void emptyFile_needsNoProgram() throws Exception {
        try (Response response = open(named("none.txt"), 0, null)) {
            assertEquals(0, response.body().readAllBytes().length);
        }
        assertEquals(List.of(), ascp().calls());
    }

    @Test
    void rest_isGivenOnlyOfAFileThatStillHasItsDate() throws Exception {
        RemoteFile file = named("a & b.svs");

        try (Response same = open(file, 2, "2023-11-09T10:00:00Z");
                Response other = open(file, 2, "2022-01-01T00:00:00Z")) {
            assertEquals("ide", new String(same.body().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, other.from());
            assertArrayEquals(SLIDE, other.body().readAllBytes());
        }
    }

    @Test
    void listInTheRoot_statesTheChecksums() throws Exception {
        list(MD5 + " Top/Yale/a & b.svs\n");

        RemoteFile file = named("a & b.svs");

        assertEquals("md5:" + MD5, file.checksums().get(0).checksum().toString());
        assertEquals("toy.sums", file.checksums().get(0).by());
        assertTrue(named("none.txt").checksums().isEmpty());
        assertTrue(named("toy.sums").checksums().isEmpty());
    }

    @Test
    void listWithoutTheTopFolderOrWithOneMore_statesTheChecksums() throws Exception {
        for (String path : List.of("Yale/a & b.svs", "./Yale/a & b.svs", "Package/Top/Yale/a & b.svs")) {
            list(MD5 + "  " + path + "\n");

            assertEquals(1, named("a & b.svs").checksums().size(), path);
        }
    }

    @Test
    void lineThatCouldMeanTwoFiles_isNotUsedForEither() throws Exception {
        tcia().with("Top/Yale/a & b.svs", SLIDE)
                .with("Other/Yale/a & b.svs", SLIDE)
                .with("toy.sums", (MD5 + "  Yale/a & b.svs\n").getBytes(StandardCharsets.UTF_8));

        assertEquals(Kind.UPSTREAM_CHANGED, refused(spec()).kind());
    }

    @Test
    void unreadableLine_stops() throws Exception {
        list(MD5 + "  Top/Yale/a & b.svs\nno sum  Top/none.txt\n");

        Problem problem = refused(spec());

        assertEquals(Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("toy.sums line 2"), problem.message());
    }

    @Test
    void listOfOtherFiles_stops() throws Exception {
        list(OTHER + "  elsewhere.svs\n");

        Problem problem = refused(spec());

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("elsewhere.svs"), problem.message());
    }

    @Test
    void listThatDoesNotCome_stops() throws Exception {
        list(MD5 + "  Top/Yale/a & b.svs\n");
        ascp().next(FaspexHost.store("toy.sums"), "die 3");

        assertEquals(Kind.NETWORK, refused(spec()).kind());
    }

    @Test
    void namedListThatIsNotThere_isUpstreamChanged() {
        Problem problem = refused(spec().checksumList("toy_v3.sums"));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("toy_v3.sums"), problem.message());
    }

    @Test
    void withoutAscp_theListIsLeftAndNothingIsStated() throws Exception {
        list(MD5 + "  Top/Yale/a & b.svs\n");
        transport = TestTransports.to(HOST.getPort());

        assertTrue(named("a & b.svs").checksums().isEmpty());
    }

    @Test
    void refusedKey_needsManualActionAndNamesAlternatives() throws Exception {
        ascp().next(FaspexHost.store("Top/Yale/a & b.svs"), "refuse");
        RemoteFile file = named("a & b.svs");

        Problem problem = assertThrows(Problem.class, () -> open(file, 0, null));

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("failed to authenticate"), problem.message());
        String hint = String.valueOf(problem.hint());
        assertTrue(hint.contains("ascp-key") && hint.contains("ascli faspex5") && hint.contains("--from"), hint);
        assertFalse(hint.contains("gem install"), hint);
    }

    @Test
    void invalidTransferSpecification_isNetworkAndNotShown() throws Exception {
        RemoteFile file = named("a & b.svs");
        HOST.stubFor(post(urlPathEqualTo(
                        "/faspex.cancerimagingarchive.net/aspera/faspex/api/v5/packages/739/transfer_spec/download"))
                .willReturn(aResponse().withBody(FakeAscp.specification("-L-"))));

        Problem problem = assertThrows(Problem.class, () -> open(file, 0, null));

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("its path cannot be used"), problem.message());
        assertFalse(problem.message().contains(FakeAscp.TOKEN), problem.message());
        assertTrue(Files.notExists(temp.resolve("bin/calls")));
    }
}
