package org.histods.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.manifest.ManifestReader;
import org.histods.source.all.Sources;
import org.histods.yaml.YamlError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CatalogueLintTest {

    private static final String HEAD = """
            id: ID
            title: Toy
            version: "1"
            license: { spdx: CC0-1.0 }
            access: { status: open }
            """;
    private static final String SOURCES = """
            sources:
              - kind: zenodo
                record: "12"
                official: true
            """;

    @TempDir
    Path folder;

    private void manifest(String id, String more) throws IOException {
        Files.writeString(folder.resolve(id + ".yaml"), HEAD.replace("ID", id) + more);
    }

    private List<String> lint() throws Exception {
        return new Catalogue(folder, new ManifestReader())
                .lint(Sources.manifestRules()).stream().map(YamlError::toString).toList();
    }

    private void assertFault(String expected) throws Exception {
        List<String> faults = lint();
        assertTrue(faults.stream().anyMatch(f -> f.startsWith(expected)), () -> "lacks " + expected + "\nin " + faults);
        assertEquals(1, faults.size(), faults::toString);
    }

    @Test
    void soundCatalogue_hasNoFaults() throws Exception {
        manifest("a", SOURCES + """
                            files: [{ path: train.zip }, { path: test.csv }]
                          - { kind: http, record: "http://old.example.org/?page=2", official: false }
                        aliases: [The A]
                        doi: 10.5281/zenodo.12
                        splits: { train: [train.zip], test: ["test.*", "unpacked/**"] }
                        lineage: [{ dataset: b, relation: derived-from }]
                        """);
        manifest("b", SOURCES + "lineage: [{ dataset: a, relation: overlaps }]\n");
        assertEquals(List.of(), lint());
    }

    @Test
    void everyManifestsOwnFaults_areListedBesideEachOther() throws Exception {
        manifest("a", SOURCES + "titel: x\n");
        manifest("b", SOURCES + "organs: [brest]\n");
        Files.writeString(folder.resolve("c.yaml"), "id: [");
        List<String> faults = lint();
        assertEquals(3, faults.size(), faults::toString);
        assertTrue(faults.get(0).startsWith("manifests/a.yaml:10: titel: "), faults.get(0));
        assertTrue(faults.get(1).startsWith("manifests/b.yaml:10: organs[0]: "), faults.get(1));
        assertTrue(faults.get(2).startsWith("manifests/c.yaml:1: this is not YAML"), faults.get(2));
    }

    @Test
    void aliasThatIsAnotherId_isAFault() throws Exception {
        manifest("a-1", SOURCES);
        manifest("b", SOURCES + "aliases: [A_1]\n");
        assertFault("manifests/b.yaml:10: aliases[0]: 'A_1' is the id of another dataset");
    }

    @Test
    void aliasThatIsAnothersAlias_isAFault() throws Exception {
        manifest("a", SOURCES + "aliases: [Some Name]\n");
        manifest("b", SOURCES + "aliases: [some-name]\n");
        assertFault("manifests/b.yaml:10: aliases[0]: 'some-name' is an alias of a too");
    }

    @Test
    void lineageToNothing_namesTheNearOne() throws Exception {
        manifest("camelyon16", SOURCES + "aliases: [CAM]\n");
        manifest("pcam", SOURCES + "lineage:\n  - { dataset: camelyon-16, relation: derived-from }\n");
        assertFault("manifests/pcam.yaml:11: lineage[0].dataset: no dataset of the catalogue has the id 'camelyon-16';"
                + " did you mean camelyon16?");
    }

    @Test
    void lineageToAnAlias_namesTheId() throws Exception {
        manifest("camelyon16", SOURCES + "aliases: [cam]\n");
        manifest("pcam", SOURCES + "lineage:\n  - { dataset: cam, relation: derived-from }\n");
        assertFault("manifests/pcam.yaml:11: lineage[0].dataset: no dataset of the catalogue has the id 'cam'; did you"
                + " mean camelyon16?");
    }

    @Test
    void outsideThatIsInTheCatalogue_isAFault() throws Exception {
        manifest("tcga", SOURCES);
        manifest("b", SOURCES + "lineage:\n  - { outside: TCGA, relation: derived-from }\n");
        assertFault("manifests/b.yaml:11: lineage[0].outside: 'TCGA' is in the catalogue: write 'dataset: tcga'");
    }

    @Test
    void circleOfOrigins_isReportedOnce() throws Exception {
        manifest("a", SOURCES + "lineage: [{ dataset: c, relation: derived-from }]\n");
        manifest("b", SOURCES + "lineage: [{ dataset: a, relation: part-of }]\n");
        manifest("c", SOURCES + "lineage: [{ dataset: b, relation: derived-from }]\n");
        assertFault("manifests/a.yaml:10: lineage[0]: these come from each other: a → c → b → a;");
    }

    @Test
    void overlapsInBothDirections_areNoCircle() throws Exception {
        manifest("a", SOURCES + "lineage: [{ dataset: b, relation: overlaps }]\n");
        manifest("b", SOURCES + "lineage: [{ dataset: a, relation: variant-of }]\n");
        assertEquals(List.of(), lint());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            doi: 10.5281/zenodo.11 | 10: doi: 10.5281/zenodo.11 is not the DOI of record 12. Is it the DOI of all versions
            doi: 10.6084/m9.figshare.7379186 | 10: doi: 10.6084/m9.figshare.7379186 always leads to the newest version
            landing: https://zenodo.org/record/12 | 10: landing: zenodo.org/record/ is an old form
            landing: https://figshare.com/ndownloader/files/1 | 10: landing: figshare.com/ndownloader returns an empty page to programs
            landing: https://wiki.cancerimagingarchive.net/x/ABC | 10: landing: the old TCIA wiki
            landing: http://zenodo.org/records/12 | 10: landing: zenodo.org supports https
            `paper: { url: "https://x.org/a?token=abc" }` | 10: paper.url: the URL on x.org has 'token'
            `paper: { url: "https://x.org/a?b=1&X-Amz-Signature=abc" }` | 10: paper.url: the URL on x.org has 'X-Amz-Signature'
            `paper: { url: "https://x.org/a?Signature=abc" }` | 10: paper.url: the URL on x.org has 'Signature'
            `paper: { url: "https://me:secret@x.org/a" }` | 10: paper.url: the URL on x.org has credentials
            `problems: ["see https://x.org/a?api_key=abc"]` | 10: problems[0]: the URL on x.org has 'api_key'
            `    files: [{ path: a.zip }]\nsplits: { train: [b.zip] }` | 11: splits.train[0]: no pinned file matches 'b.zip'
            `    files: [{ path: a.csv }]\nsplits: { train: [b.csv] }` | 11: splits.train[0]: no pinned file matches 'b.csv'
            `splits: { train: ["{a"] }` | 10: splits.train[0]: the pattern '{a' has a { without its }
            `  - { kind: zenod, record: "1", official: false }` | 10: sources[1].kind: there is no kind of source 'zenod'; did you mean zenodo?
            `  - { kind: gopher, record: "1", official: false }` | 10: sources[1].kind: there is no kind of source 'gopher'; the kinds are archive-org, ckan, credential
            """)
    void stumblingBlock_isNamed(String more, String fault) throws Exception {
        manifest("a", SOURCES + more.replace("\\n", "\n") + "\n");
        assertFault("manifests/a.yaml:" + fault);
    }

    @Test
    void httpWhereAnotherManifestHasHttps_isAFault() throws Exception {
        manifest("a", SOURCES + "landing: http://www.example.org/a\n");
        manifest("b", SOURCES + "landing: https://www.example.org/b\n");
        assertFault("manifests/a.yaml:10: landing: www.example.org supports https");
    }

    @Test
    void deadUrlInANote_isAllowed() throws Exception {
        manifest("a", SOURCES + "problems: [\"https://zenodo.org/record/12 is the old address.\"]\n");
        assertEquals(List.of(), lint());
    }

    @Test
    void openWithoutASourceThatIsUsedByItself_isAFault() throws Exception {
        manifest("a", SOURCES + "    use: ask\n");
        assertFault("manifests/a.yaml:6: sources: the dataset is open, but no source is used automatically");
    }

    @Test
    void licenceThatSpdxDoesNotHave_isAFault() throws Exception {
        manifest("a", SOURCES);
        Path file = folder.resolve("a.yaml");
        Files.writeString(file, Files.readString(file).replace("CC0-1.0", "CC-BY-NC-SA"));
        assertFault("manifests/a.yaml:4: license.spdx: 'CC-BY-NC-SA' is not a known SPDX identifier; did you mean"
                + " CC-BY-NC-SA-1.0?");
    }

    @Test
    void pathInTwoParts_isAFault() throws Exception {
        manifest("a", SOURCES + """
                            part: one
                            files: [{ path: readme.txt }]
                          - { kind: http, record: x, official: true, part: two, files: [{ path: readme.txt }] }
                        """);
        assertFault("manifests/a.yaml:12: sources[1].files[0].path: 'readme.txt' is in part 'one' too");
    }

    @Test
    void pathInTwoVariants_isAFault() throws Exception {
        manifest("a", """
                variants: [{ name: raw, preferred: true }, { name: norm }]
                """ + SOURCES + """
                            files:
                              - { path: all.zip, variant: raw }
                              - { path: all.zip, variant: norm }
                        """);
        assertFault(
                "manifests/a.yaml:13: sources[0].files[1].path: 'all.zip' is listed twice in this source; files of two"
                        + " variants need two paths");
    }

    @Test
    void alternativesWithDifferentChecksums_areAFault() throws Exception {
        manifest("a", SOURCES + """
                            files: [{ path: a, sums: [{ sum: "crc32c:00000001", by: x }] }]
                          - kind: http
                            record: x
                            official: false
                            files: [{ path: a, sums: [{ sum: "crc32c:00000002", by: y }] }]
                        """);
        assertFault(
                "manifests/a.yaml:14: sources[1].files[0].sums: the crc32c of 'a' differs from that of an earlier source");
    }
}
