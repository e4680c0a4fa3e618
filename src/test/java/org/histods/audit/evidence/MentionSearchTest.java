package org.histods.audit.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.audit.finding.FilePosition;
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

    private final List<String> unchecked = new ArrayList<>();
    private Map<String, List<FilePosition>> unknown = Map.of();
    private Charset charset = StandardCharsets.UTF_8;

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
        MentionSearch search = new MentionSearch(
                new DatasetNames(known),
                new DatasetLinks(known, Sources::links),
                new DataAddresses(Sources.codePatterns()),
                unchecked::add);
        Files.write(folder.resolve(name), text.getBytes(charset));
        new ProjectWalk(folder, Set.of(), unchecked::add).visit(List.of(search));
        unknown = search.unknownAddresses();
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
                "wget https://figshare.com/ndownloader/files/14062469 | brecahad",
                "wget https://ndownloader.figshare.com/files/14062469 | brecahad",
                "get('https://api.figshare.com/v2/file/download/14062469') | brecahad",
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
                new UsageEvidence(
                        UsageEvidence.Kind.CODE,
                        "explore.ipynb:cell 2, line 2 names it: lc25000",
                        new FilePosition("explore.ipynb", "cell 2, line 2")),
                evidence.getOrDefault(new DatasetId("lc25000"), List.of()).get(0));
    }

    @Test
    void earlierReport_namesNothing() throws Exception {
        assertEquals(
                Map.of(),
                search(
                        "audit.json",
                        "{\"project\":\"x\",\"purpose\":null,\"lock\":null,\"datasets\":[{\"id\":\"lc25000\"}]}\n"));
        assertEquals(Map.of(), search("audit.txt", "Audit of x\n\nDatasets\n  kather-2018\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wandb.json|{\"project\":\"crc\",\"data\":\"/data/lc25000\"}",
                "train.py|print(\"histods: pulling\")~load('lc25000')",
                "a.json|{\"note\":\"histods: pull lc25000\"}",
            })
    void settingsOfAnotherProgram_areNotTakenForAnEarlierReport(String name, String text) throws Exception {
        assertEquals(
                Set.of(new DatasetId("lc25000")),
                search(name, text.replace("~", "\n")).keySet());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train|#!/usr/bin/env python3~load('lc25000')",
                "run_all|#!/bin/sh~python t.py /data/lc25000",
                "Jenkinsfile|sh 'python t.py /data/lc25000'",
                "Dockerfile.gpu|COPY /data/lc25000 /d",
                "job.sge|python t.py /data/lc25000",
                "data.dvc|outs:~- path: lc25000/x",
                "notebook.dib|#!csharp~load('lc25000')",
                "job.csh|python t.py /data/lc25000",
            })
    void scriptWithoutAnEnding_orOfAQueue_isSearched(String name, String text) throws Exception {
        assertEquals(
                Set.of(new DatasetId("lc25000")),
                search(name, text.replace("~", "\n")).keySet());
    }

    @Test
    void fileWithoutAnEndingThatIsNoScript_isNotSearched() throws Exception {
        assertEquals(Map.of(), search("IM000001", "load('lc25000')"));
        assertEquals(List.of(), unchecked);
    }

    private static final String CELL =
            "{\"cell_type\":\"code\",\"source\":[\"x = 1\\n\",\"load('lc25000')\"],\"metadata\":{},\"outputs\":[]}";

    private void namesLc25000InCode(String notebook) throws Exception {
        assertEquals(
                List.of(new UsageEvidence(
                        UsageEvidence.Kind.CODE,
                        "n.ipynb:cell 1, line 2 names it: lc25000",
                        new FilePosition("n.ipynb", "cell 1, line 2"))),
                search("n.ipynb", notebook).get(new DatasetId("lc25000")),
                unchecked.toString());
        assertEquals(List.of(), unchecked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"cells\":[CELL],\"nbformat\":4}",
                "\ufeff{\"cells\":[CELL],\"nbformat\":4}",
                "{\"nbformat\":3,\"worksheets\":[{\"cells\":[CELL]}]}",
                "{\"metadata\":{\"score\":NaN,\"best\":Infinity,\"worst\":-Infinity},\"cells\":[CELL]}",
                "\r\n{\"cells\":\r\n[CELL]\r\n}\r\n"
            })
    void notebookOfEveryFormat_isRead(String notebook) throws Exception {
        namesLc25000InCode(notebook.replace("CELL", CELL));
        namesLc25000InCode(notebook.replace("CELL", CELL.replace("source", "input")));
        charset = StandardCharsets.UTF_16;
        namesLc25000InCode(notebook.replace("CELL", CELL));
        String image = "\"outputs\":[{\"data\":{\"image/png\":\"" + "A".repeat(25_000_000) + "\"}}]";
        charset = StandardCharsets.UTF_8;
        namesLc25000InCode(notebook.replace("CELL", CELL.replace("\"outputs\":[]", image)));
    }

    /** Notebooks as scripts and as Markdown: jupytext, MyST, R Markdown, Quarto, Databricks. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "a.py|# %% [markdown]~# about it~# %%~# %cd /data/lc25000",
                "a.py|# Databricks notebook source~# MAGIC %sh ls /data/lc25000",
                "a.py|# + language=bash~# !ls /data/lc25000/x",
                "a.md|---~jupytext:~  formats: md~---~text~```python~load('lc25000')~```",
                "a.md|# MyST~```{code-cell} ipython3~load('lc25000')~```",
                "a.Rmd|text~````{r, echo=FALSE}~load('lc25000')~````",
                "a.Rmd|text~````` {r}~load('lc25000')~`````",
                "a.Rmarkdown|text~  ``` {r}~  load('lc25000')~  ```",
                "a.qmd|> ```{python}~> load('lc25000')~> ```",
            })
    void notebookWrittenAsText_namesADatasetInCode(String name, String text) throws Exception {
        List<UsageEvidence> found =
                search(name, text.replaceAll("(?<!~)~(?!~)", "\n")).getOrDefault(new DatasetId("lc25000"), List.of());
        assertEquals(UsageEvidence.Kind.CODE, found.get(0).kind(), found.toString());
    }

    @Test
    void codeShownInAReadme_isText() throws Exception {
        List<UsageEvidence> found = search("README.md", "text\n```python\nload('lc25000')\n```\n")
                .getOrDefault(new DatasetId("lc25000"), List.of());
        assertEquals(UsageEvidence.Kind.TEXT, found.get(0).kind());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<<<<<<< HEAD~{\"cells\":[CELL]}~=======~>>>>>>> main~|has merge conflict markers, so its cells could not be read, only its text",
                "{\"cells\":[CELL|is not JSON, so its cells could not be read, only its text",
                "{\"cells\":[],\"cells\":[CELL]}|is not JSON, so its cells could not be read, only its text",
                "{\"content\":[CELL]}|is not a notebook: it has no cells",
                "[CELL]|is not a notebook: it has no cells"
            })
    void notebookThatCannotBeRead_isReportedAsUnread(String notebook, String words) throws Exception {
        search("n.ipynb", notebook.replace("~", "\n").replace("CELL", CELL));
        assertEquals(List.of("n.ipynb " + words), unchecked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%cd /data/lc25000",
                "%run train.py --root /data/lc25000",
                "!unzip lc25000.zip",
                "!cp -r /data/lc25000 .",
                "%%bash\nls /data/lc25000",
                "%env DATA=/data/lc25000"
            })
    void magicLineOfANotebook_isCode(String line) throws Exception {
        String cell = "{\"cells\":[{\"cell_type\":\"code\",\"source\":\"" + line.replace("\n", "\\n") + "\"}]}";
        UsageEvidence found = search("n.ipynb", cell)
                .getOrDefault(new DatasetId("lc25000"), List.of())
                .get(0);
        assertEquals(UsageEvidence.Kind.CODE, found.kind());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "a.sh|  --root /data/lc25000 |CODE",
                "a.sh|#SBATCH --chdir=/data/lc25000|CODE",
                "a.sh|# /data/lc25000|TEXT",
                "a.c|#include \"lc25000.h\"|CODE",
                "a.c|// lc25000|TEXT",
                "a.m|% lc25000|TEXT",
                "a.ini|; lc25000|TEXT",
                "a.bat|rem lc25000|TEXT",
                "a.bat|set DATA=D:\\lc25000|CODE",
                "a.py|*lc25000_loader(),|CODE",
                "a.qmd|```{python}~x = 'lc25000'~```|CODE",
                "a.qmd|```{r}~# lc25000~```|TEXT",
                "a.qmd|We use lc25000|TEXT"
            })
    void comment_isWhatTheLanguageCallsSo(String file, String text, String kind) throws Exception {
        UsageEvidence found = search(file, text.replace("~", "\n"))
                .getOrDefault(new DatasetId("lc25000"), List.of())
                .get(0);
        assertEquals(UsageEvidence.Kind.valueOf(kind), found.kind());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wget https://zenodo.org/record/9999999/files/x.zip|https://zenodo.org/records/9999999",
                "doi = '10.5281/zenodo.9999999'|10.5281/zenodo.9999999",
                "!kaggle datasets download -d foo/bar|https://www.kaggle.com/datasets/foo/bar",
                "kaggle datasets download foo/bar --unzip|https://www.kaggle.com/datasets/foo/bar",
                "p = kagglehub.dataset_download(\"foo/bar\")|https://www.kaggle.com/datasets/foo/bar",
                "kaggle competitions download -c tissue-maps|https://www.kaggle.com/competitions/tissue-maps",
                "gdown 1AbCdEfGhIjKlMnOpQrStUvWxYz012345|https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345",
                "gdown.download(id='1AbCdEfGhIjKlMnOpQrStUvWxYz012345')|https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345",
                "'https://drive.google.com/uc?export=download&id=1AbCdEfGhIjKlMnOpQrStUvWxYz012345'|https://drive.google.com/file/d/1AbCdEfGhIjKlMnOpQrStUvWxYz012345",
                "aws s3 sync s3://our-slides/2024/ .|s3://our-slides/2024/",
                "fs.open('gs://our-slides/a.svs')|gs://our-slides/a.svs",
                "snapshot_download('foo/bar', repo_type='dataset')|https://huggingface.co/datasets/foo/bar",
                "snapshot_download(repo_id=\"foo/bar\")|https://huggingface.co/datasets/foo/bar",
                "ds = load_dataset('foo/bar')|https://huggingface.co/datasets/foo/bar",
                "url: https://figshare.com/articles/dataset/x/99999999|https://figshare.com/articles/dataset/x/99999999",
                "wget https://figshare.com/ndownloader/files/99999999 -O x.zip|https://ndownloader.figshare.com/files/99999999",
                "wget https://springernature.figshare.com/ndownloader/files/99999999|https://ndownloader.figshare.com/files/99999999",
                "curl -L ndownloader.figshare.com/files/99999999|https://ndownloader.figshare.com/files/99999999",
                "get('https://figshare.com/ndownloader/articles/99999999/versions/1')|https://ndownloader.figshare.com/articles/99999999",
                "get('https://api.figshare.com/v2/file/download/99999999')|https://ndownloader.figshare.com/files/99999999",
                "requests.get('https://api.figshare.com/v2/articles/99999999/files')|https://figshare.com/articles/99999999",
                "curl -LO https://osf.io/download/ab1cd/|https://osf.io/ab1cd",
                "wget https://data.mendeley.com/public-files/datasets/zz11zz22zz/files/6ac5a6b9/file_downloaded|https://data.mendeley.com/datasets/zz11zz22zz",
                "get('https://data.mendeley.com/public-api/zip/zz11zz22zz/download/1')|https://data.mendeley.com/datasets/zz11zz22zz",
                "https://data.mendeley.com/datasets/zz11zz22zz/2|https://data.mendeley.com/datasets/zz11zz22zz",
                "wget https://doi.org/10.5061/dryad.1bs0c|10.5061/dryad.1bs0c",
                "url = 'https://datadryad.org/stash/dataset/doi:10.6078/D1X00X'|10.6078/D1X00X",
                "wget https://datadryad.org/stash/downloads/file_stream/82345|https://datadryad.org/stash/downloads/file_stream/82345",
                "synapse get -r syn1234567|https://www.synapse.org/Synapse:syn1234567",
                "entity = syn.get('syn1234567')|https://www.synapse.org/Synapse:syn1234567",
                "synGet(\"syn1234567\")|https://www.synapse.org/Synapse:syn1234567",
                "wget http://data.example-hospital.org/slides.tar.gz|http://data.example-hospital.org/slides.tar.gz"
            })
    void dataUrlThatNoManifestHas_isListed(String line, String address) throws Exception {
        search("get.py", "x = 1\n" + line + "\n");
        assertEquals(Map.of(address, List.of(new FilePosition("get.py", "2"))), unknown);
        search("get.py", "# " + line + "\n");
        assertEquals(Map.of(), unknown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wget https://zenodo.org/record/1214456/files/x.zip",
                "gdown 1ZgqFJomqQGNnsx7w7QBzQQMVA16lbVCA MoNuSeg",
                "wget https://figshare.com/ndownloader/files/14062469",
                "aws s3 sync s3://camelyon-dataset/CAMELYON16/images/ x",
                "pip install https://files.pythonhosted.org/packages/x.tar.gz",
                "wget https://github.com/openslide/openslide/archive/refs/tags/v4.zip",
                "from torch.utils.data import DataLoader",
                "synthetic = syntax(12345)",
                "path = 'a/b'"
            })
    void knownUrlAndPrograms_areNotListed(String line) throws Exception {
        search("get.py", line + "\n");
        assertEquals(Map.of(), unknown);
    }

    @ParameterizedTest
    @CsvSource({
        "tiles/normal_001.tif,camelyon",
        "SOB_B_A-14-22549AB-40-001.png,breakhis",
        "x/TCGA-A7-A13E-01Z-00-DX1.svs,tcga",
        "x/GTEX-1117F-0126.svs,gtex",
        "feats/tumor_110.h5,camelyon",
        "tiles/ADI-AAAFLCLY.tif,kather-2018",
        "hp/MHIST_aaa.png,mhist",
        "lung/lungaca1.jpeg,lc25000",
        "testA_12.bmp,glas",
        "x/Photos/InSitu/is001.tif,bach",
        "a/1.png,",
        "a/patient_1.svs,",
        "normal_001.txt,"
    })
    void fileNamedAsThoseOfADataset_isEvidence(String path, String id) throws Exception {
        NameSearch search = new NameSearch(CATALOGUE, new DeclaredPaths(Map.of()));
        search.file(path, Path.of(path), 100);
        assertEquals(id == null ? 0 : 1, search.named().size(), search.named().toString());
        if (id != null) {
            assertTrue(
                    search.named().get(0).ids().toString().contains(id),
                    search.named().toString());
        }
    }

    @Test
    void fileNamedAsThoseOfADeclaredDataset_isExpected() throws Exception {
        NameSearch search = new NameSearch(CATALOGUE, new DeclaredPaths(Map.of("data/c", new DatasetId("camelyon16"))));
        search.file("tiles/normal_001.tif", Path.of("normal_001.tif"), 100);
        assertEquals(List.of(), search.named());
    }
}
