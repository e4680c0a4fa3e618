package org.histods.source.dataverse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
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

final class DataverseSourceTest extends SourceContract {

    private static final String DOI = "doi:10.7910/DVN/OCYCMP";
    private static final String HARVARD = "/dataverse.harvard.edu/api/datasets/:persistentId/versions/";
    private static final String QUERY = "?persistentId=doi%3A10.7910%2FDVN%2FOCYCMP";
    private static final String FILE = "https://dataverse.harvard.edu/api/access/datafile/";

    @Override
    public String kind() {
        return "dataverse";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("dataverse", DOI);
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("a.tar.gz", "3131120", 400L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("dataverse", "10.7910/DVN/OCYCMP").file("a.tar.gz", "3131120", 400L);
    }

    @Override
    public String requested() {
        return HARVARD + ":latest-published" + QUERY;
    }

    @Override
    public String recorded() {
        return resource("dataverse/version.json");
    }

    @Override
    public List<String> listed() {
        return List.of("images/zürich/ZT111_4_A.tar.gz", "labels.csv");
    }

    @Override
    public String withHostileName() {
        return recorded().replace("\"directoryLabel\": \"images/zürich\"", "\"directoryLabel\": \"../evil\"");
    }

    @Override
    public String recordedEmpty() {
        return "{\"status\": \"OK\", \"data\": {\"files\": []}}";
    }

    @Test
    void listedFile_carriesTheHostsChecksumOfAnyKind() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(FILE + "3131120", files.get(0).uri().toString());
        assertEquals("Harvard Dataverse", files.get(0).checksums().get(0).by());
        assertEquals(
                "md5:0123456789abcdef0123456789abcdef",
                files.get(0).checksums().get(0).checksum().toString());
        assertEquals(
                "sha1:0123456789abcdef0123456789abcdef01234567",
                files.get(1).checksums().get(0).checksum().toString());
    }

    @Test
    void table_isTheUploadAndNotItsConversion() throws Problem {
        stub(requested(), 200, recorded());

        RemoteFile table = resolve(unpinned()).get(1);

        assertEquals("labels.csv", table.path().text());
        assertEquals(7L, table.bytes());
        assertEquals(FILE + "3131121?format=original", table.uri().toString());
    }

    @Test
    void md5OfOldServers_isRead() throws Problem {
        stub(requested(), 200, recorded().replace("\"checksum\": {\"type\": \"MD5\"", "\"x\": {\"type\": \"MD5\""));

        assertEquals(
                "md5:0123456789abcdef0123456789abcdef",
                resolve(unpinned()).get(0).checksums().get(0).checksum().toString());
    }

    @ParameterizedTest
    @CsvSource({
        "3131120,3131120",
        "3131121?format=original,3131121?format=original",
        "doi:10.7910/DVN/OCYCMP/ABC123,:persistentId?persistentId=doi%3A10.7910%2FDVN%2FOCYCMP%2FABC123",
        "doi:10.7910/DVN/X/A?format=original,:persistentId?persistentId=doi%3A10.7910%2FDVN%2FX%2FA&format=original"
    })
    void pinnedFile_isRequestedByItsId(String at, String url) throws Problem {
        assertEquals(
                FILE + url,
                resolve(unpinned().file("a.bin", at, null)).get(0).uri().toString());
    }

    @Test
    void pinnedFileWithoutId_isLookedUpByItsPath() throws Problem {
        stub(requested(), 200, recorded());

        assertEquals(
                FILE + "3131121?format=original",
                resolve(unpinned().file("labels.csv")).get(0).uri().toString());
        assertEquals(Kind.UPSTREAM_CHANGED, refused(unpinned().file("gone.csv")).kind());
    }

    @Test
    void hostAndVersion_areOptions() throws Problem {
        stub("/data.example.org/api/datasets/:persistentId/versions/2.1" + QUERY, 200, recorded());

        RemoteFile file = resolve(unpinned().option("host", "data.example.org").option("version", "2.1"))
                .get(0);

        assertEquals(
                "https://data.example.org/api/access/datafile/3131120",
                file.uri().toString());
        assertEquals("data.example.org", file.checksums().get(0).by());
    }

    @ParameterizedTest
    @CsvSource({"host,a b", "host,x/y", "version,latest", "version,1.0/../2"})
    void optionOfNoForm_isUsage(String name, String value) {
        Problem problem = refused(unpinned().option(name, value));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("options." + name), problem.message());
    }

    @Test
    void restrictedFile_needsManualActionUnlessExcluded() throws Problem {
        stub(requested(), 200, recorded().replaceFirst("\"restricted\": false", "\"restricted\": true"));

        Problem problem = refused(unpinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("ZT111_4_A.tar.gz"), problem.message());
        assertEquals(List.of("labels.csv"), paths(resolve(unpinned().exclude("images/**"))));
    }

    @Test
    void errorWithStatus200_isNoEmptyRecord() {
        stub(requested(), 200, "{\"status\": \"ERROR\", \"message\": \"not found\"}");

        Problem problem = refused(unpinned());

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains("not found"), problem.message());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://dataverse.harvard.edu/dataset.xhtml?persistentId=doi:10.7910/DVN/OCYCMP",
                "https://dataverse.harvard.edu/dataset.xhtml?persistentId=doi%3A10.7910%2FDVN%2FOCYCMP&version=DRAFT",
                "https://dataverse.harvard.edu/citation?persistentId=doi:10.7910/DVN/OCYCMP",
                "10.7910/DVN/OCYCMP",
                "https://doi.org/10.7910/DVN/OCYCMP"
            })
    void anyUrlOfADataset_isDescribed(String url) throws Problem {
        stub(requested(), 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals(DOI, described.spec().record());
        assertEquals(
                Map.of("host", "dataverse.harvard.edu", "version", "1.0"),
                described.spec().options());
        assertEquals("3131121?format=original", described.spec().files().get(1).at());
        assertEquals("Gleason 2018", described.title());
        assertEquals("Tissue microarrays.", described.publication().description());
        assertEquals(
                List.of("Arvaniti, Eirini", "Claassen, Manfred"),
                described.publication().creators());
        assertEquals(2018, described.publication().year());
        assertEquals("CC0-1.0", described.terms().license().spdx());
        assertEquals("10.7910/DVN/OCYCMP", described.publication().doi());
        assertEquals("1.0", described.version().text());
    }

    @ParameterizedTest
    @CsvSource({
        "400,You may not download this file without the required guestbook response.,guestbook",
        "403,You are not authorized to access this object via this API endpoint.,restricted"
    })
    void refusedDownload_isExplained(int status, String says, String word) throws Problem {
        Problem problem = refusedToOpen(
                status, "Content-Type: application/json", "{\"status\": \"ERROR\", \"message\": \"" + says + "\"}");

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains(word), problem.message());
        assertTrue(String.valueOf(problem.hint()).contains("dataset's page"), problem.hint());
    }

    @Test
    void tableOfAnOldServer_hasTheEndingOfItsUpload() throws Problem {
        stub(requested(), 200, recorded().replace("\"originalFileName\": \"labels.csv\", ", ""));

        assertEquals(listed(), paths(resolve(unpinned())));
    }
}
