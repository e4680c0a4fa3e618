package org.histods.audit.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.catalogue.Catalogue;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.source.all.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of the real catalogue in files as people write them. */
class MentionSearchTest {

    private static final List<Manifest> CATALOGUE = catalogue();

    @TempDir
    Path folder;

    private static List<Manifest> catalogue() {
        try {
            Path manifests = Path.of(System.getProperty("project.basedir", "."), "manifests");
            return new Catalogue(manifests, new ManifestReader())
                    .all().stream().map(ManifestFile::manifest).toList();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<DatasetId, List<UsageEvidence>> search(String name, String text) throws Exception {
        return search(CATALOGUE, name, text);
    }

    private Map<DatasetId, List<UsageEvidence>> search(List<Manifest> known, String name, String text)
            throws Exception {
        MentionSearch search =
                new MentionSearch(new DatasetNames(known), new DatasetLinks(known, Sources::links), fact -> {});
        Files.writeString(folder.resolve(name), text);
        new ProjectWalk(folder, Set.of(), fact -> {}).visit(List.of(search));
        return search.evidence();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "parser.add_argument('--arch', default='resnet50')",
                "{\"arch\": \"resnet50\", \"dataset\": \"ours\"}",
                "try { run(); } catch (DatasetException e) { data.close(); }",
                "# keys of the dataset in camel case",
                "camelCase = dataset['camel']",
                "import pandas as pd; panda = 'panda'",
                "animals = ['tiger', 'lizard', 'ocelot', 'data']",
                "seg_path = data / 'seg'",
                "adp = compute_adp(data)",
                "# triple negative breast cancer (TNBC) tissue",
                "from glas import data",
                "osteosarcoma = 1  # osteosarcoma cells",
                "tissuenet = DeepCell('tissuenet data')",
                "rings = draw(chimera, spider)  # leopard data",
                "url = 'https://zenodo.org/record/99999999'",
                "path = 'data/train/images'",
                "sum = '0' * 40"
            })
    void ordinaryCode_namesNothing(String line) throws Exception {
        assertEquals(Map.of(), search("code.py", line + "\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "root = '/scratch/NCT-CRC-HE-100K/ADI' | kather-2018",
                "train = PanNukeDataset(root) | pannuke",
                "ds = MhistDataset('x') | mhist",
                "cp -r /data/bracs . | bracs",
                "name: kather-2018 | kather-2018",
                "kather_2018_loader(x) | kather-2018",
                "wget https://zenodo.org/record/1214456/files/x.zip | kather-2018",
                "curl -L zenodo.org/records/1214456/files/x.zip | kather-2018",
                "doi = '10.5281/zenodo.1214456' | kather-2018",
                "gdown 1ZgqFJomqQGNnsx7w7QBzQQMVA16lbVCA MoNuSeg | monuseg",
                "dataset: TIGER | tiger",
                "ARCH dataset | arch",
                "LEOPARD challenge | leopard",
                "aws s3 sync s3://camelyon-dataset/CAMELYON16/images/ x | camelyon16",
                "tcga-ut = 'TCGA-UT' | komura-2021"
            })
    void datasetNamedInCode_isFound(String line, String id) throws Exception {
        Map<DatasetId, List<UsageEvidence>> evidence = search("code.py", "x = 1\n" + line + "\n");
        assertEquals(Set.of(new DatasetId(id)), evidence.keySet());
        assertEquals(
                UsageEvidence.Kind.CODE,
                evidence.getOrDefault(new DatasetId(id), List.of()).get(0).kind());
        String words =
                evidence.getOrDefault(new DatasetId(id), List.of()).get(0).words();
        assertEquals("code.py:2 names it: ", words.substring(0, 20));
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "'ambiguous: [Sorrel]', 0"})
    void ambiguousName_needsASecondSign_becauseItsManifestSaysSo(String field, int found) throws Exception {
        Manifest manifest = new ManifestReader()
                .read(
                        "id: horse-1\ntitle: Horses\naliases: [Sorrel]\nversion: \"1\"\nlicense: {}\n"
                                + "access: { status: unknown }\nsources: []\n" + field + "\n",
                        "horse-1.yaml",
                        null)
                .manifest();
        assertEquals(found, search(List.of(manifest), "code.py", "sorrel = 1\n").size());
        assertEquals(
                1,
                search(List.of(manifest), "code.py", "# the Sorrel dataset\n").size());
    }

    @Test
    void commentAndReadme_areTextsRatherThanCode() throws Exception {
        assertEquals(
                UsageEvidence.Kind.TEXT,
                search("code.py", "# unlike PanNuke\n")
                        .getOrDefault(new DatasetId("pannuke"), List.of())
                        .get(0)
                        .kind());
        assertEquals(
                UsageEvidence.Kind.TEXT,
                search("README.md", "We use Lizard dataset.\n")
                        .getOrDefault(new DatasetId("lizard"), List.of())
                        .get(0)
                        .kind());
    }

    @Test
    void shortName_countsWhereTheFileNamesTheDatasetInAnotherWayToo() throws Exception {
        assertEquals(Map.of(), search("a.py", "x = MHIST\n"));
        String both = "x = MHIST\ny = 'Minimalist Histopathology'\n";
        assertEquals(
                2,
                search("a.py", both)
                        .getOrDefault(new DatasetId("mhist"), List.of())
                        .size());
    }

    @Test
    void notebook_countsWhatAPersonWroteAndNotWhatWasPrinted() throws Exception {
        String notebook = """
                {"cells": [
                  {"cell_type": "markdown", "source": ["# Lizard dataset"]},
                  {"cell_type": "code", "source": ["x = 1\\n", "load('lc25000')"],
                   "outputs": [{"text": ["BreaKHis_v1"]}]}]}
                """;
        Map<DatasetId, List<UsageEvidence>> evidence = search("explore.ipynb", notebook);
        assertEquals(Set.of(new DatasetId("lizard"), new DatasetId("lc25000")), evidence.keySet());
        assertEquals(
                new UsageEvidence(UsageEvidence.Kind.CODE, "explore.ipynb:cell 2, line 2 names it: lc25000"),
                evidence.getOrDefault(new DatasetId("lc25000"), List.of()).get(0));
    }

    @Test
    void earlierReport_namesNothing() throws Exception {
        assertEquals(Map.of(), search("audit.json", "{\"project\":\"x\",\"datasets\":[\"kather-2018\"]}\n"));
        assertEquals(Map.of(), search("audit.txt", "Audit of x\n\nDatasets\n  kather-2018\n"));
    }
}
