package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.histods.catalogue.Catalogue;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.outside.Validators;
import org.histods.problem.Problem;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Citations as an independent program reads them. */
final class CitationsReadBackTest {

    /** Of all datasets of the catalogue and their papers. */
    private static final List<Citation> OWN = new ArrayList<>();

    private static final Citation DATASET = new Citation(
            "toy-2018",
            Citation.Kind.DATASET,
            List.of("Kather, Jakob Nikolas", "Müller, Ä.", "Hospital and University of X"),
            "100% of H&E images: colon_1 #2",
            2018,
            "v0.1",
            "Zenodo",
            "10.1000/a_b",
            null,
            List.of("Fingerprint: sha256:ab"));

    private static final Citation PAPER = new Citation(
            "toy-2018-paper",
            Citation.Kind.PAPER,
            List.of("Doe, Jane", "The Toy Consortium"),
            "On toys",
            2017,
            null,
            "Journal of Toys",
            "10.1000/xyz",
            null,
            List.of());

    private Validators validators;

    @BeforeAll
    static void readCatalogue() throws Problem {
        Path manifests = Path.of(System.getProperty("project.basedir", ".")).resolve("manifests");
        for (ManifestFile file : new Catalogue(manifests, new ManifestReader()).all()) {
            Manifest manifest = file.manifest();
            OWN.add(Citation.of(manifest, null));
            Citation.ofPaper(manifest).ifPresent(OWN::add);
        }
        assertTrue(OWN.size() >= 158, OWN.size() + " citations");
    }

    @BeforeEach
    void install() throws Exception {
        validators = Validators.installed();
    }

    private JsonNode read(CitationFormat format, List<Citation> citations) throws Exception {
        return validators.citations(format.name().toLowerCase(Locale.ROOT), format.write(citations));
    }

    private static List<String> authors(JsonNode item) {
        List<String> names = new ArrayList<>();
        for (JsonNode author : item.path("author")) {
            String particle = author.path("non-dropping-particle").asString("");
            String family =
                    author.path("family").asString(author.path("literal").asString(""));
            family = particle.isEmpty() ? family : particle + " " + family;
            String name =
                    author.has("given") ? family + ", " + author.path("given").asString("") : family;
            // BibTeX writes "and others", and RIS has no word for it that citation-js would know.
            names.add(name.equals("others") || name.equals("al., et") ? Citation.MORE : name);
        }
        return names;
    }

    @ParameterizedTest
    @EnumSource(names = {"CSL", "BIBTEX", "RIS"})
    void titleAuthorsYearAndDoi_comeBackAsTheyWere(CitationFormat format) throws Exception {
        JsonNode items = read(format, List.of(DATASET, PAPER)).path("items");
        assertEquals(2, items.size());
        for (int i = 0; i < 2; i++) {
            Citation given = i == 0 ? DATASET : PAPER;
            JsonNode item = items.path(i);
            assertEquals(given.title(), item.path("title").asString(""));
            assertEquals(given.creators(), authors(item));
            assertEquals(given.doi(), item.path("DOI").asString(""));
            assertEquals(
                    given.year(),
                    item.path("issued").path("date-parts").path(0).path(0).asInt());
        }
        assertEquals("article-journal", items.path(1).path("type").asString(""));
        assertEquals("Journal of Toys", items.path(1).path("container-title").asString(""));
    }

    @Test
    void apaStyle_readsLikeAReference() throws Exception {
        String apa = read(CitationFormat.CSL, List.of(DATASET)).path("apa").asString("");
        assertEquals(
                "Kather, J. N., Müller, Ä., & Hospital and University of X. (2018). 100% of H&E images: colon_1 #2"
                        + " (v0.1) [Data set]. Zenodo. https://doi.org/10.1000/a_b\n",
                apa);
    }

    @ParameterizedTest
    @EnumSource(names = {"CSL", "BIBTEX", "RIS"})
    void ownCatalogue_isReadWhole(CitationFormat format) throws Exception {
        JsonNode items = read(format, OWN).path("items");
        assertEquals(OWN.size(), items.size());
        for (int i = 0; i < items.size(); i++) {
            assertEquals(OWN.get(i).title(), items.path(i).path("title").asString(""));
            assertEquals(OWN.get(i).creators(), authors(items.path(i)));
        }
    }
}
