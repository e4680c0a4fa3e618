package org.histods.source.googledrive;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.transport.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoogleDriveSourceTest extends SourceContract {

    private static final String ID = "1wY5KIVixdwzZZq2m0IoqmBLp0YlwBAz6";
    private static final String FIRST = "/drive.google.com/uc?export=download&id=" + ID;
    private static final String FORM =
            "/drive.usercontent.google.com/download?id=" + ID + "&export=download&confirm=t&uuid=3f0c-11%262";
    private static final String OLD = "/docs.google.com/uc?export=download&confirm=Ab1_&id=" + ID;

    @Override
    public List<String> headersOfData() {
        return List.of("Content-Disposition: attachment; filename=\"a.zip\"");
    }

    @Override
    public String kind() {
        return "google-drive";
    }

    @Override
    public SpecBuilder pinned() {
        return SpecBuilder.spec("google-drive", "").file("paper_patches.zip", ID, null);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("google-drive", "my folder").file("paper_patches.zip", ID, null);
    }

    @Override
    public boolean asksHost() {
        return false;
    }

    private static void data(String url) {
        HOST.stubFor(get(urlEqualTo(url))
                .willReturn(aResponse()
                        .withHeader("Content-Disposition", "attachment; filename=\"paper patches.zip\"")
                        .withHeader("Content-Type", "application/octet-stream")
                        .withBody("PK..")));
    }

    private byte[] opened() throws Problem, IOException {
        RemoteFile file = resolve(pinned()).get(0);
        try (Response response = source().open(file, file.uri(), 0, -1, null, transport)) {
            return response.body().readAllBytes();
        }
    }

    private Problem closed() throws Problem {
        RemoteFile file = resolve(pinned()).get(0);
        return assertThrows(Problem.class, () -> source().open(file, file.uri(), 0, -1, null, transport));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://drive.google.com/file/d/" + ID + "/view?usp=sharing",
                "https://drive.google.com/open?id=" + ID,
                "https://docs.google.com/uc?export=download&id=" + ID,
                "https://drive.usercontent.google.com/download?id=" + ID + "&export=download&confirm=t"
            })
    void anyUrlOfAFile_isTheSameFile(String at) throws Problem {
        assertEquals(
                resolve(pinned()).get(0).uri(),
                resolve(SpecBuilder.spec("google-drive", "").file("a.zip", at, null))
                        .get(0)
                        .uri());
    }

    @Test
    void resourceKey_isPartOfTheUrl() throws Problem {
        RemoteFile file = resolve(pinned().option("resource-key", "0-FREBAxB4QK4bt9Zch_g5Mg"))
                .get(0);

        assertTrue(file.uri().toString().endsWith("&resourcekey=0-FREBAxB4QK4bt9Zch_g5Mg"));
    }

    @Test
    void fileWithoutId_isUsageAndNamesTheField() {
        Problem problem = refused(SpecBuilder.spec("google-drive", "").file("a.zip"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("files[0].at"), problem.message());
    }

    @Test
    void folderAlone_needsManualActionAndExplainsIt() {
        Problem problem = refused(SpecBuilder.spec("google-drive", "1il9jG7uA4-ebQ_lNmXbbF2eOK9uNwheb"));

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("list the files' ids"));
        assertTrue(String.valueOf(problem.hint()).contains("folders/1il9jG7uA4-ebQ_lNmXbbF2eOK9uNwheb"));
    }

    @Test
    void nothingPinnedAndNoFolder_isUsage() {
        assertEquals(Kind.USAGE, refused(SpecBuilder.spec("google-drive", "")).kind());
    }

    @Test
    void smallFile_isReturnedDirectly() throws Exception {
        data(FIRST);

        assertArrayEquals("PK..".getBytes(StandardCharsets.UTF_8), opened());
    }

    @ParameterizedTest
    @CsvSource({"confirm.html," + FORM, "old-link.html," + OLD, "script.html," + OLD})
    void warningOfLargeFiles_isConfirmedInEachForm(String page, String confirmed) throws Exception {
        stub(FIRST, 200, resource("google-drive/" + page));
        data(confirmed);

        assertArrayEquals("PK..".getBytes(StandardCharsets.UTF_8), opened());
    }

    @Test
    void pageOfManyForms_isARefusal() throws Exception {
        stub(FIRST, 200, "<title>Sorry</title>" + "<form ".repeat(50_000));

        Problem problem = closed();

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("Sorry"), problem.message());
    }

    @Test
    void laterRange_isRequestedAfterTheConfirmation() throws Exception {
        stub(FIRST, 200, resource("google-drive/confirm.html"));
        HOST.stubFor(get(urlEqualTo(FORM))
                .withHeader("Range", equalTo("bytes=2-"))
                .withHeader("If-Range", equalTo("\"tag\""))
                .willReturn(aResponse()
                        .withStatus(206)
                        .withHeader("Content-Range", "bytes 2-3/4")
                        .withHeader("Content-Disposition", "attachment; filename=\"a\"")
                        .withBody("..")));
        RemoteFile file = resolve(pinned()).get(0);

        try (Response response = source().open(file, file.uri(), 2, -1, "\"tag\"", transport)) {
            assertEquals(2, response.from());
            assertEquals(4, response.total());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 403})
    void quota_isNamedAndSaysWhenToTryAgain(int status) throws Problem {
        HOST.stubFor(get(urlEqualTo(FIRST))
                .willReturn(aResponse()
                        .withStatus(status)
                        .withHeader("Content-Type", "text/html; charset=utf-8")
                        .withBody(resource("google-drive/quota.html"))));

        Problem problem = closed();

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("quota"), problem.message());
        assertTrue(String.valueOf(problem.hint()).contains("24 hours"));
    }

    @Test
    void quotaAfterTheConfirmation_isNamedToo() throws Problem {
        stub(FIRST, 200, resource("google-drive/confirm.html"));
        stub(FORM, 200, resource("google-drive/quota.html"));

        assertTrue(closed().message().contains("quota"));
    }

    @Test
    void login_needsManualAction() throws Problem {
        stub(FIRST, 200, resource("google-drive/login.html"));

        assertEquals(Kind.PERSON, closed().kind());
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html><title>Oops &amp; sorry</title></html>", "", "PK.."})
    void anythingWithoutAFilesName_isNeverData(String body) throws Problem {
        stub(FIRST, 200, body);

        Problem problem = closed();

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("paper_patches.zip"), problem.message());
    }

    @Test
    void formOfAnotherHost_isNotSubmitted() throws Problem {
        stub(FIRST, 200, resource("google-drive/confirm.html").replace("drive.usercontent.google.com", "evil.example"));

        assertEquals(Kind.NETWORK, closed().kind());
        assertEquals(1, HOST.getAllServeEvents().size());
    }

    @Test
    void deletedFile_isReportedAsNotFound() throws Problem {
        assertTrue(closed().message().contains("was not found"));
    }
}
