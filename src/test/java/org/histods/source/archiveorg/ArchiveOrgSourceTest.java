package org.histods.source.archiveorg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.all.Sources;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArchiveOrgSourceTest extends SourceContract {

    private static final String METADATA = "/archive.org/metadata/LC25000-dataset";

    @Override
    public String kind() {
        return "archive-org";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("archive-org", "LC25000-dataset");
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned().file("LC25000.zip", null, 1890299770L);
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("archive-org", "details/LC25000-dataset").file("LC25000.zip");
    }

    @Override
    public String requested() {
        return METADATA;
    }

    @Override
    public String recorded() {
        return resource("archive-org/item.json");
    }

    @Override
    public List<String> listed() {
        return List.of("LC25000.zip", "docs/read me #1.txt");
    }

    @Override
    public String recordedEmpty() {
        return "{}";
    }

    @Test
    void uploadedFile_carriesBothChecksumsAndTheSizeThatIsText() throws Problem {
        stub(METADATA, 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        assertEquals(1890299770L, files.get(0).bytes());
        assertEquals(
                List.of("sha1:0123456789abcdef0123456789abcdef01234567", "md5:0123456789abcdef0123456789abcdef"),
                files.get(0).checksums().stream()
                        .map(s -> s.checksum().toString())
                        .toList());
        assertEquals("Internet Archive", files.get(0).checksums().get(0).by());
        assertTrue(files.get(1).checksums().isEmpty());
        assertEquals(
                "https://archive.org/download/LC25000-dataset/docs/read%20me%20%231.txt",
                files.get(1).uri().toString());
    }

    @Test
    void pinnedFile_hasItsNameAtTheArchive() throws Problem {
        assertEquals(
                "https://archive.org/download/LC25000-dataset/docs/a%20b.zip",
                resolve(unpinned().file("a.zip", "docs/a b.zip", null))
                        .get(0)
                        .uri()
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"error\": \"no such item\"}", "{\"is_dark\": true, \"files\": []}"})
    void itemThatIsNotShown_isNetwork(String response) {
        stub(METADATA, 200, response);

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void closedFile_needsManualActionUnlessExcluded() throws Problem {
        stub(METADATA, 200, recorded().replaceFirst("\"source\"", "\"private\": \"true\", \"source\""));

        assertEquals(Kind.PERSON, refused(unpinned()).kind());
        assertEquals(List.of("docs/read me #1.txt"), paths(resolve(unpinned().exclude("*.zip"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://archive.org/details/LC25000-dataset",
                "https://archive.org/download/LC25000-dataset/LC25000.zip",
                "https://www.archive.org/metadata/LC25000-dataset"
            })
    void anyUrlOfAnItem_isDescribed(String url) throws Problem {
        stub(METADATA, 200, recorded());

        RecordDescription described = Sources.describe(url, transport).orElseThrow();

        assertEquals("LC25000-dataset", described.spec().record());
        assertEquals(2, described.spec().files().size());
        assertEquals("LC25000", described.title());
        assertEquals(
                List.of("Borkowski, Andrew", "Bui, Marilyn"),
                described.publication().creators());
        assertEquals("CC-BY-SA-4.0", described.terms().license().spdx());
        assertEquals(2019, described.publication().year());
    }
}
