package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CitationFormatTest {

    private static final Citation FULL = new Citation(
            "kather-2018",
            Citation.Kind.DATASET,
            List.of("Kather, Jakob Nikolas", "Müller, Ä.", "Hospital and University {of} X"),
            "100% of H&E images: \"colon_1\" \\ {A} ~ $5 #2",
            2018,
            "v0.1",
            "Zenodo",
            "10.1000/a_b{c}",
            "https://zenodo.org/records/1214456",
            List.of("Described in https://doi.org/10.1371/journal.pmed.1002730", "Fingerprint: sha256:ab"));

    private static final Citation BARE = new Citation(
            "mbm", Citation.Kind.DATASET, List.of(), "Marrow\n  cells", null, null, null, null, null, List.of());

    @Test
    void bibtex_escapesWhatLatexReadsAndKeepsInstitutionsWhole() {
        assertEquals("""
                @misc{kather-2018,
                  author = {Kather, Jakob Nikolas and Müller, Ä. and {Hospital and University \\textbraceleft{}of\\textbraceright{} X}},
                  title = {{100\\% of H\\&E images: "colon\\_1" \\textbackslash{} \\textbraceleft{}A\\textbraceright{} \\textasciitilde{} \\$5 \\#2}},
                  year = {2018},
                  howpublished = {Data set, Zenodo, version v0.1},
                  doi = {10.1000/a_b%7Bc%7D},
                  url = {https://doi.org/10.1000/a_b%7Bc%7D},
                  note = {Described in https://doi.org/10.1371/journal.pmed.1002730. Fingerprint: sha256:ab}
                }

                @misc{mbm,
                  title = {{Marrow cells}},
                  howpublished = {Data set}
                }
                """, CitationFormat.BIBTEX.write(List.of(FULL, BARE)));
    }

    @Test
    void bibtex_bracesAlwaysPair() {
        String text = CitationFormat.BIBTEX.write(List.of(FULL));
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            assertTrue(depth >= 0, text);
        }
        assertEquals(0, depth);
    }

    @Test
    void csl_isAnArrayOfDatasetsWithNamesInParts() {
        JsonNode items = new JsonMapper().readTree(CitationFormat.CSL.write(List.of(FULL, BARE)));
        assertEquals(new JsonMapper().readTree("""
                [ { "id": "kather-2018", "type": "dataset",
                    "title": "100% of H&E images: \\"colon_1\\" \\\\ {A} ~ $5 #2",
                    "author": [ { "family": "Kather", "given": "Jakob Nikolas" },
                                { "family": "Müller", "given": "Ä." },
                                { "literal": "Hospital and University {of} X" } ],
                    "issued": { "date-parts": [ [ 2018 ] ] },
                    "version": "v0.1", "publisher": "Zenodo",
                    "DOI": "10.1000/a_b{c}", "URL": "https://doi.org/10.1000/a_b{c}",
                    "note": "Described in https://doi.org/10.1371/journal.pmed.1002730. Fingerprint: sha256:ab" },
                  { "id": "mbm", "type": "dataset", "title": "Marrow cells" } ]
                """), items);
    }

    @Test
    void ris_hasOneTagALineAndEndsEachRecord() {
        assertEquals("""
                TY  - DATA
                ID  - kather-2018
                AU  - Kather, Jakob Nikolas
                AU  - Müller, Ä.
                AU  - Hospital and University {of} X
                TI  - 100% of H&E images: "colon_1" \\ {A} ~ $5 #2
                PY  - 2018
                ET  - v0.1
                PB  - Zenodo
                DO  - 10.1000/a_b{c}
                UR  - https://doi.org/10.1000/a_b{c}
                N1  - Described in https://doi.org/10.1371/journal.pmed.1002730
                N1  - Fingerprint: sha256:ab
                ER  -\s
                TY  - DATA
                ID  - mbm
                TI  - Marrow cells
                ER  -\s
                """.replace("\n", "\r\n"), CitationFormat.RIS.write(List.of(FULL, BARE)));
    }

    @Test
    void text_isOneLineEachInTheOrderThatDataCiteRecommends() {
        assertEquals(
                "Kather, Jakob Nikolas; Müller, Ä.; Hospital and University {of} X (2018): 100% of H&E images:"
                        + " \"colon_1\" \\ {A} ~ $5 #2. Version v0.1. Zenodo. Data set. https://doi.org/10.1000/a_b{c}."
                        + " Described in https://doi.org/10.1371/journal.pmed.1002730. Fingerprint: sha256:ab\n"
                        + "\n"
                        + "Marrow cells. Data set\n",
                CitationFormat.TEXT.write(List.of(FULL, BARE)));
    }

    private static Manifest unversioned() throws Problem {
        return new ManifestReader()
                .read(TestBags.manifestText("unversioned"), "tiles.yaml", null)
                .manifest();
    }

    @Test
    void unknownFacts_areLeftOutOfEveryFormat() throws Problem {
        assertEquals(null, Citation.of(unversioned(), null).version(), "the word for no version is no version");
        for (CitationFormat format : CitationFormat.values()) {
            String text = format.write(List.of(BARE));
            assertFalse(text.contains("null") || text.contains("unknown"), text);
        }
    }
}
