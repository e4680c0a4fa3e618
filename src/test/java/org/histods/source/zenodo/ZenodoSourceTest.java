package org.histods.source.zenodo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.histods.digest.Algorithm;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.histods.transport.HostPolicy;
import org.junit.jupiter.api.Test;

final class ZenodoSourceTest extends SourceContract {

    private static final String RECORD = "/zenodo.org/api/records/1214456";
    private static final String OTHER = "/data.example.org/api/records/ab3de-fgh45";

    @Override
    public String kind() {
        return "zenodo";
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("CRC-VAL-HE-7K.zip", null, 800276929L, "md5:2fd1651b4f94ebd818ebf90ad2b6ce06");
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("zenodo", "record/1214456").file("a.zip");
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("zenodo", "1214456");
    }

    @Override
    public String requested() {
        return RECORD;
    }

    @Override
    public String recorded() {
        return resource("zenodo/record.json");
    }

    @Override
    public List<String> listed() {
        return List.of("CRC-VAL-HE-7K.zip", "NCT CRC #1 + notes.txt");
    }

    @Override
    public String recordedEmpty() {
        return resource("zenodo/record-empty.json");
    }

    private static SpecBuilder elsewhere() {
        return SpecBuilder.spec("zenodo", "ab3de-fgh45").option("host", "data.example.org");
    }

    @Test
    void zenodo_isRequestedWithOurUserAgentAndFewConnections() throws Problem {
        stub(RECORD, 200, recorded());
        resolve(unpinned());

        String agent = HOST.getAllServeEvents().get(0).getRequest().getHeader("User-Agent");
        assertTrue(agent.matches("histods/\\S+ \\(\\+https://\\S+\\)"), agent);
        HostPolicy policy = Sources.policies().of("zenodo.org");
        assertTrue(policy.connections() <= 2 && policy.segments() == 1);
    }

    @Test
    void pinnedFile_hasBothUrlsAndTheManifestsChecksum() throws Problem {
        RemoteFile file = resolve(unpinned().file("x y/z.zip", null, 5L, "md5:2fd1651b4f94ebd818ebf90ad2b6ce06"))
                .get(0);

        assertEquals(
                List.of(
                        URI.create("https://zenodo.org/api/records/1214456/files/x%20y/z.zip/content"),
                        URI.create("https://zenodo.org/records/1214456/files/x%20y/z.zip?download=1")),
                file.uris());
        assertEquals(5L, file.bytes());
        assertEquals("P", file.checksums().get(0).by());
    }

    @Test
    void pinnedFileWithAnotherName_isRequestedByThatName() throws Problem {
        RemoteFile file =
                resolve(unpinned().file("images.zip", "Images (1).zip", null)).get(0);

        assertEquals("images.zip", file.path().text());
        assertTrue(file.uri().toString().endsWith("/files/Images%20%281%29.zip/content"));
    }

    @Test
    void listedFile_carriesZenodosChecksumAndSize() throws Problem {
        stub(RECORD, 200, recorded());

        RemoteFile file = resolve(unpinned()).get(0);

        assertEquals(800276929L, file.bytes());
        assertEquals(
                "md5:2fd1651b4f94ebd818ebf90ad2b6ce06",
                file.checksums().get(0).checksum().toString());
        assertEquals("Zenodo", file.checksums().get(0).by());
    }

    @Test
    void nameWithReservedCharacters_isEncodedOnce() throws Problem {
        stub(RECORD, 200, recorded());

        RemoteFile file = resolve(unpinned()).get(1);

        assertEquals(
                "https://zenodo.org/api/records/1214456/files/NCT%20CRC%20%231%20%2B%20notes.txt/content",
                file.uri().toString());
        assertEquals(2, file.uris().size());
    }

    @Test
    void entriesAsMap_areRead() throws Problem {
        stub(OTHER, 200, resource("zenodo/record-native.json"));

        List<RemoteFile> files = resolve(elsewhere());

        assertEquals(List.of("b.zip", "a.zip"), paths(files));
        assertEquals("data.example.org", files.get(0).checksums().get(0).by());
        assertEquals(
                "https://data.example.org/api/records/ab3de-fgh45/files/b.zip/content",
                files.get(0).uri().toString());
    }

    @Test
    void entriesInASeparateResponse_areFetched() throws Problem {
        stub(OTHER, 200, resource("zenodo/record-native-bare.json"));
        stub(OTHER + "/files", 200, resource("zenodo/files-native.json"));

        assertEquals(List.of("a.zip"), paths(resolve(elsewhere())));
    }

    @Test
    void formBefore2023_isReadAndItsTokenLeftOut() throws Problem {
        stub(RECORD, 200, resource("zenodo/record-before-2023.json"));

        RemoteFile file = resolve(unpinned()).get(0);

        assertEquals("old.zip", file.path().text());
        assertEquals(5L, file.bytes());
        assertTrue(file.stated(Algorithm.MD5).isPresent());
        assertEquals(
                "https://zenodo.org/api/files/11111111-2222-4333-8444-555555555555/old.zip",
                file.uri().toString());
        assertFalse(file.uris().toString().contains("secret"));
    }

    @Test
    void linkToAnotherHost_isNotFollowed() throws Problem {
        stub(RECORD, 200, recorded().replace("https://zenodo.org/api/records", "https://evil.example/api/records"));

        assertTrue(resolve(unpinned()).stream()
                .flatMap(f -> f.uris().stream())
                .allMatch(u -> "zenodo.org".equals(u.getHost())));
    }

    @Test
    void unreadableChecksum_countsAsNone() throws Problem {
        stub(RECORD, 200, recorded().replace("md5:2fd1651b4f94ebd818ebf90ad2b6ce06", "xxh3:12"));

        assertTrue(resolve(unpinned()).get(0).checksums().isEmpty());
    }

    @Test
    void fileWithoutName_isRefusedRatherThanLeftOut() {
        stub(RECORD, 200, recorded().replace("\"key\": \"CRC", "\"kay\": \"CRC"));

        assertEquals(Kind.WRONG_BYTES, refused(unpinned()).kind());
    }

    @Test
    void restrictedRecord_needsManualActionWithThePage() {
        stub(RECORD, 200, resource("zenodo/record-restricted.json"));

        Problem problem = refused(unpinned());

        assertEquals(Kind.PERSON, problem.kind());
        assertTrue(String.valueOf(problem.hint()).contains("https://zenodo.org/records/1214456"));
        assertTrue(String.valueOf(problem.hint()).contains("histods login zenodo.org"));
    }

    @Test
    void conceptId_isUsageAndListsTheVersions() {
        stub("/zenodo.org/api/records/1214455", 200, recorded());
        stub("/zenodo.org/api/records/1214455/versions?size=25", 200, resource("zenodo/versions.json"));

        Problem problem = refused(SpecBuilder.spec("zenodo", "1214455"));

        assertEquals(Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("1300000, 1214456"), problem.message());
    }

    @Test
    void recordOtherThanRequested_isUpstreamChanged() {
        stub("/zenodo.org/api/records/1", 200, recorded());

        Problem problem = refused(SpecBuilder.spec("zenodo", "1"));

        assertEquals(Kind.UPSTREAM_CHANGED, problem.kind());
        assertTrue(problem.message().contains("1214456"));
    }

    @Test
    void recordUrl_isDescribedWithPlainTextAndSpdx() throws Problem {
        stub(RECORD, 200, recorded());

        for (String url : List.of(
                "https://zenodo.org/record/1214456",
                "https://zenodo.org/records/1214456/files/CRC-VAL-HE-7K.zip?download=1",
                "https://zenodo.org/api/records/1214456",
                "10.5281/zenodo.1214456",
                "https://doi.org/10.5281/zenodo.1214456")) {
            RecordDescription described = Sources.describe(url, transport).orElseThrow();

            assertEquals("1214456", described.spec().record(), url);
            assertEquals(
                    listed(),
                    described.spec().files().stream().map(f -> f.path()).toList());
            assertEquals("CC-BY-4.0", described.terms().license().spdx());
            assertEquals(
                    "Data Description \"NCT-CRC-HE-100K\" 100,000 patches, 224 px & 0.5µm",
                    described.publication().description());
            assertEquals(
                    List.of("Kather, Jakob Nikolas", "Halama, Niels"),
                    described.publication().creators());
            assertEquals(2018, described.publication().year());
            assertEquals("v0.1", described.version().text());
            assertEquals("10.5281/zenodo.1214456", described.publication().doi());
            assertEquals("Zenodo", described.publication().publisher());
        }
    }

    @Test
    void conceptUrl_isDescribedAsItsCurrentVersion() throws Problem {
        stub("/zenodo.org/api/records/1214455", 200, recorded());

        RecordDescription described = Sources.describe("https://zenodo.org/records/1214455", transport)
                .orElseThrow();

        assertEquals("1214456", described.spec().record());
    }

    @Test
    void recordOfAnotherSite_isDescribedWithItsHost() throws Problem {
        stub(OTHER, 200, resource("zenodo/record-native.json"));

        RecordDescription described = Sources.describe("https://data.example.org/records/ab3de-fgh45", transport)
                .orElseThrow();

        assertEquals("data.example.org", described.spec().option("host"));
        assertEquals("CC-BY-NC-4.0", described.terms().license().spdx());
        assertEquals("10.48436/ab3de-fgh45", described.publication().doi());
        assertEquals(List.of("Doe, Jane"), described.publication().creators());
        assertNotNull(described.publication().year());
    }
}
