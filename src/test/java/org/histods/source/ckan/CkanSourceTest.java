package org.histods.source.ckan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CkanSourceTest extends SourceContract {

    private static final String SHOW = "/rdm.inesctec.pt/api/3/action/package_show?id=nis-2023-008";
    private static final String SLIDES = "https://rdm.inesctec.pt/dataset/0a1b/resource/r-1/download/slides%201.zip";

    @Override
    public String kind() {
        return "ckan";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("ckan", "nis-2023-008").option("host", "rdm.inesctec.pt");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("slides.zip", SLIDES, 12L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("ckan", "dataset/nis-2023-008")
                .option("host", "rdm.inesctec.pt")
                .file("slides.zip", SLIDES, 12L);
    }

    @Override
    public String requested() {
        return SHOW;
    }

    @Override
    public String recorded() {
        return resource("ckan/package.json");
    }

    @Override
    public List<String> listed() {
        return List.of("slides 1.zip", "notes.txt");
    }

    @Override
    public String withHostileName() {
        return recorded().replace("slides%201.zip", "%2E%2E%2Fevil");
    }

    @Override
    public String recordedEmpty() {
        return "{\"success\": true, \"result\": {\"name\": \"nis-2023-008\", \"resources\": []}}";
    }

    @Test
    void portalThatListsItsOwnFilesWithPlainHttp_isReadByHttps() throws Problem {
        stub(SHOW, 200, recorded().replace("https://rdm.inesctec.pt/", "http://rdm.inesctec.pt/"));

        assertEquals(SLIDES, resolve(unpinned()).get(0).uri().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "http://files.example.org/a.csv, https://files.example.org/a.csv http://files.example.org/a.csv",
        "HTTP://files.example.org:80/a.csv, https://files.example.org/a.csv HTTP://files.example.org:80/a.csv",
        "http://files.example.org:8080/a.csv, http://files.example.org:8080/a.csv",
        "//files.example.org/a.csv, https://files.example.org/a.csv",
    })
    void fileThatAPortalListsWithPlainHttp_isTriedByHttpsAtTheSameHostFirst(String listed, String tried)
            throws Problem {
        stub(SHOW, 200, recorded().replace(SLIDES, listed));

        String uris =
                resolve(unpinned()).get(0).uris().stream().map(URI::toString).collect(Collectors.joining(" "));
        assertEquals(tried, uris);
    }

    @Test
    void upload_carriesSizeAndChecksumAndALinkNeither() throws Problem {
        stub(SHOW, 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(SLIDES, files.get(0).uri().toString());
        assertEquals(12L, files.get(0).bytes());
        assertEquals("rdm.inesctec.pt", files.get(0).checksums().get(0).by());
        assertNull(files.get(1).bytes());
        assertTrue(files.get(1).checksums().isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "0123456789abcdef0123456789abcdef01234567,sha1",
        "md5:0123456789abcdef0123456789abcdef,md5",
        "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef,sha256",
        "zz23456789abcdef0123456789abcdef,none",
        "abc,none"
    })
    void hashWithoutItsAlgorithm_isRecognisedByItsLengthOrIgnored(String hash, String algorithm) throws Problem {
        stub(
                SHOW,
                200,
                recorded().replace("\"hash\": \"0123456789abcdef0123456789abcdef\"", "\"hash\": \"" + hash + "\""));

        List<RemoteFile.Stated> checksums = resolve(unpinned()).get(0).checksums();

        assertEquals(
                algorithm,
                checksums.isEmpty()
                        ? "none"
                        : checksums.get(0).checksum().algorithm().word());
    }

    @Test
    void entriesOfOneName_areEachInAFolder() throws Problem {
        stub(SHOW, 200, recorded().replace("https://elsewhere.example/files/?id=3", "/download/slides%201.zip?v=2"));

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(List.of("r-1/slides 1.zip", "r-2/slides 1.zip"), paths(files));
        assertEquals(
                "https://rdm.inesctec.pt/download/slides%201.zip?v=2",
                files.get(1).uri().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://elsewhere.example/", "not an address"})
    void entryWithoutAWebUrl_needsManualActionUnlessExcluded(String url) throws Problem {
        stub(SHOW, 200, recorded().replace("https://elsewhere.example/files/?id=3", url));

        assertEquals(Kind.PERSON, refused(unpinned()).kind());
        assertEquals(List.of("slides 1.zip"), paths(resolve(unpinned().include("*.zip"))));
    }

    @Test
    void restrictedEntry_needsManualAction() {
        stub(
                SHOW,
                200,
                recorded().replace("\"id\": \"r-1\",", "\"id\": \"r-1\", \"restricted\": {\"allowed\": false},"));

        assertTrue(refused(unpinned()).message().contains("restricted"));
    }

    @Test
    void pinnedFile_isLookedUpByItsIdOrName() throws Problem {
        stub(SHOW, 200, recorded());

        assertEquals(
                SLIDES,
                resolve(unpinned().file("a.zip", "r-1", null)).get(0).uri().toString());
        assertEquals(
                SLIDES, resolve(unpinned().file("slides 1.zip")).get(0).uri().toString());
        assertEquals(Kind.UPSTREAM_CHANGED, refused(unpinned().file("gone.zip")).kind());
    }

    @Test
    void portalBelowAPath_isRequestedThere() throws Problem {
        stub("/example.org/data/api/3/action/package_show?id=nis-2023-008", 200, recorded());

        assertEquals(
                2,
                resolve(SpecBuilder.spec("ckan", "nis-2023-008").option("host", "example.org/data"))
                        .size());
    }

    @Test
    void noHost_isUsageAndNamesTheOption() {
        assertTrue(refused(SpecBuilder.spec("ckan", "nis-2023-008")).message().contains("options.host"));
    }

    @Test
    void errorWithStatus200_isNoEmptyRecord() {
        stub(SHOW, 200, "{\"success\": false, \"error\": {\"message\": \"Not found\"}}");

        Problem problem = refused(unpinned());

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("Not found"), problem.message());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://rdm.inesctec.pt/dataset/nis-2023-008",
                "https://rdm.inesctec.pt/en/dataset/nis-2023-008/resource/r-1"
            })
    void anyUrlOfADataset_isDescribed(String url) throws Problem {
        stub(SHOW, 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals("nis-2023-008", described.spec().record());
        assertEquals(Map.of("host", "rdm.inesctec.pt"), described.spec().options());
        assertEquals(SLIDES, described.spec().files().get(0).at());
        assertEquals("CC-BY-4.0", described.terms().license().spdx());
        assertEquals(2023, described.publication().year());
    }
}
