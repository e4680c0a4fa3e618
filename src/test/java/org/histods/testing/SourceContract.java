package org.histods.testing;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.histods.fetch.FetchCandidate;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.all.Sources;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract of every source. The test class of a kind extends it, describes a record of that kind, and adds the cases
 * that are special to it. Hosts are stubs under {@code /<host>/<path>}, with recorded responses from {@code
 * src/test/resources/source/<kind>/}.
 */
public abstract class SourceContract extends DownloadContract {

    @RegisterExtension
    public static final WireMockExtension HOST =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    public Transport transport = TestTransports.to(1);

    @BeforeEach
    void connect() {
        transport = TestTransports.to(HOST.getPort());
    }

    /** The word of the kind. */
    public abstract String kind();

    /** A spec that pins a file or more. */
    public abstract SpecBuilder pinned();

    /** A spec with an invalid record; its files are those of {@link #pinned()}. */
    public abstract SpecBuilder misspelt();

    /** A spec without files, for which the host is queried. */
    public SpecBuilder unpinned() {
        return pinned();
    }

    /** The first request for {@link #unpinned()}, such as {@code /zenodo.org/api/records/1}. */
    public String requested() {
        return "";
    }

    /** The recorded response to that. */
    public String recorded() {
        return "";
    }

    /** The paths in the recorded response, in its order. */
    public List<String> listed() {
        return List.of();
    }

    /** The same response for a record without files. */
    public String recordedEmpty() {
        return "";
    }

    /** The recorded response with a field that no version of the host has sent yet. */
    public String withUnknownField() {
        return recorded().replaceFirst("\\{", "{\"x-new\": {\"files\": [1, null]}, ");
    }

    /** The recorded response with {@code ../evil} as the name of a file. */
    public String withHostileName() {
        return recorded().replaceFirst(java.util.regex.Pattern.quote(listed().get(0)), "../evil");
    }

    /** What a message about the record must contain. */
    String recordInMessages() {
        return unpinned().build().record();
    }

    /** What URLs start with. */
    public String scheme() {
        return "https";
    }

    /** False for kinds that make no request. */
    public boolean asksHost() {
        return true;
    }

    /** False for kinds that never list. */
    public boolean lists() {
        return true;
    }

    @Override
    @Nullable
    FetchCandidate aFile() throws Problem {
        return lists()
                ? new FetchCandidate(
                        source(), unpinned().build().record(), resolve(pinned()).get(0))
                : null;
    }

    public final Source source() {
        return Sources.of(kind()).orElseThrow();
    }

    public final List<RemoteFile> resolve(SpecBuilder spec) throws Problem {
        return source().resolve(spec.build(), transport);
    }

    public final Problem refused(SpecBuilder spec) {
        SourceSpec built = spec.build();
        return assertThrows(Problem.class, () -> source().resolve(built, transport));
    }

    public static List<String> paths(List<RemoteFile> files) {
        return files.stream().map(f -> f.path().text()).toList();
    }

    /** A recorded response, by its path below {@code source/}. */
    public static String resource(String name) {
        try (InputStream in = SourceContract.class.getResourceAsStream("/source/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no recorded response " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void stub(String url, int status, String body) {
        HOST.stubFor(
                get(urlEqualTo(url)).willReturn(aResponse().withStatus(status).withBody(body)));
    }

    /** The problem of a download to which every host sends this response; {@code header} is a name and a value with a colon. */
    public final Problem refusedToOpen(int status, String header, String body) throws Problem {
        RemoteFile file = resolve(pinned()).get(0);
        String[] pair = header.split(": ", 2);
        HOST.stubFor(any(anyUrl())
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader(pair[0], pair[1])
                        .withBody(body)));
        return assertThrows(Problem.class, () -> source().open(file, file.uri(), 0, -1, null, transport));
    }

    private Problem refusedAfter(int status, String body) {
        assumeTrue(asksHost());
        HOST.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(status).withBody(body)));
        return refused(unpinned());
    }

    @Test
    void recordedRecord_listsItsFiles() throws Problem {
        assumeTrue(asksHost());
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(listed(), paths(files));
        assertTrue(files.stream().flatMap(f -> f.uris().stream()).allMatch(u -> scheme().equals(u.getScheme())));
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 410})
    void recordGone_isNetworkAndNamesTheRecord(int status) {
        Problem problem = refusedAfter(status, "{}");

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains(recordInMessages()), problem.message());
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void loginWanted_isForAPersonAndNamesTheRecord(int status) {
        Problem problem = refusedAfter(status, "{\"message\": \"no\"}");

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains(recordInMessages()), problem.message());
        assertTrue(problem.hint() != null);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 503})
    void hostFails_isNetworkAndKeepsWhatWasTried(int status) {
        Problem problem = refusedAfter(status, "");

        assertEquals(Kind.NETWORK, problem.kind());
        assertFalse(problem.attempts().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!doctype html><html><body>Log in</body></html>", "", "{\"files\": [", "null"})
    void otherThanAListing_isNetworkAndNamesTheRecord(String body) {
        Problem problem = refusedAfter(200, body);

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains(recordInMessages()), problem.message());
    }

    @Test
    void recordWithoutFiles_isAProblem() {
        Problem problem = refusedAfter(200, recordedEmpty());

        assertTrue(problem.message().contains(recordInMessages()), problem.message());
    }

    @Test
    public void hostileName_isRefusedAndNotRepaired() {
        assumeTrue(asksHost());
        Problem problem = refusedAfter(200, withHostileName());

        assertEquals(Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("../evil"), problem.message());
    }

    @Test
    void unknownField_isIgnored() throws Problem {
        assumeTrue(asksHost());
        stub(requested(), 200, withUnknownField());

        assertEquals(listed(), paths(resolve(unpinned())));
    }

    @Test
    void globsThatKeepNothing_areUsage() {
        assumeTrue(asksHost());
        stub(requested(), 200, recorded());

        assertEquals(Kind.USAGE, refused(unpinned().include("no/such/**")).kind());
    }

    @Test
    void pinnedFiles_makeNoRequest() throws Problem {
        assumeTrue(lists());

        List<RemoteFile> files = resolve(pinned());

        assertFalse(files.isEmpty());
        assertTrue(HOST.getAllServeEvents().isEmpty());
    }

    @Test
    void unsafePinnedPath_isUsageAndNamesTheField() {
        assumeTrue(lists());
        SpecBuilder spec = pinned();
        int index = spec.build().files().size();

        Problem problem = refused(spec.file("a/../../b", "https://example.org/b", null));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("files[" + index + "].path"), problem.message());
    }

    @Test
    void misspeltRecord_isUsage() {
        assumeTrue(lists());

        assertEquals(Kind.USAGE, refused(misspelt()).kind());
    }
}
