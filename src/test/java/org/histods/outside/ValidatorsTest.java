package org.histods.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Each independent validator accepts a good document and rejects broken ones. */
final class ValidatorsTest {

    private static final String CRATE = """
            { "@context": "https://w3id.org/ro/crate/1.2/context",
              "@graph": [
                { "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": { "@id": "./" },
                  "conformsTo": { "@id": "https://w3id.org/ro/crate/1.2" } },
                { "@id": "./", "@type": "Dataset", "name": "Toy", "description": "A toy", "license": "CC0-1.0",
                  "datePublished": "2026-11-23", "hasPart": [ { "@id": "a%20b.txt" } ] },
                { "@id": "a%20b.txt", "@type": "File", "sha256": "00" } ] }
            """;

    @TempDir
    Path folder;

    private Validators validators;

    @BeforeEach
    void install() throws Exception {
        validators = Validators.installed();
    }

    private List<String> crate(String text) throws Exception {
        Files.writeString(folder.resolve("a b.txt"), "");
        Files.writeString(folder.resolve("ro-crate-metadata.json"), text);
        return validators.crate(folder);
    }

    @Test
    void goodCrate_passes() throws Exception {
        assertEquals(List.of(), crate(CRATE));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"name\": \"Toy\",', '', nameRequired",
        "'\"license\": \"CC0-1.0\",', '', licenseRequired",
        "'2026-11-23', 'yesterday', datePublishedFormat",
        "'\"sha256\"', '\"md5\"', invalid property",
        "'a%20b', 'c', validCrateDataEntityPath",
        "'crate/1.2/context', 'crate/9/context', contextUrlNotFound",
        "'@graph', 'graph', validCrateNoGraph",
    })
    void brokenCrate_isRefused(String part, String instead, String complaint) throws Exception {
        List<String> complaints = crate(CRATE.replace(part, instead));
        assertTrue(complaints.stream().anyMatch(line -> line.startsWith(complaint)), complaints.toString());
    }

    @Test
    void jsonLd_refusesAnUnknownTermAndADocumentThatSaysNothing() throws Exception {
        String good = "{\"@context\": {\"@vocab\": \"https://schema.org/\"}, \"@id\": \"urn:x\", \"name\": \"x\"}";
        assertEquals(List.of(), jsonLd(good));
        assertEquals(1, jsonLd(good.replace("@vocab", "sc")).size());
        assertEquals(1, jsonLd("{\"@context\": {}}").size());
    }

    private List<String> jsonLd(String text) throws IOException, InterruptedException {
        return validators.jsonLd(Files.writeString(folder.resolve("d.json"), text));
    }

    @Test
    void cycloneDx_refusesAComponentWithoutAName() throws Exception {
        String good = """
                { "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [ { "type": "data", "name": "x" } ] }
                """;
        assertEquals(List.of(), cycloneDx(good));
        assertTrue(cycloneDx(good.replace("\"name\"", "\"nam\"")).get(0).contains("'name'"));
        assertEquals(1, cycloneDx(good.replace("1.6", "1.5")).size());
    }

    private List<String> cycloneDx(String text) throws IOException, InterruptedException {
        return validators.cycloneDx("1.6", Files.writeString(folder.resolve("bom.json"), text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "csl | [{\"id\":\"t\",\"type\":\"dataset\",\"title\":\"Toy\",\"author\":[{\"literal\":\"Us\"}]}]",
                "bibtex | @misc{t, title = {{Toy}}, author = {{Us}}}",
                "ris | 'TY  - DATA\nID  - t\nAU  - Us\nTI  - Toy\nER  - \n'",
            })
    void goodCitations_areReadBack(String form, String text) throws Exception {
        JsonNode read = validators.citations(form, text);
        assertEquals("Toy", read.path("items").path(0).path("title").asString(""));
        assertTrue(read.path("apa").asString("").startsWith("Us"), read.toString());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "csl | [{\"id\":\"t\",\"type\":\"dataset\",\"title\":\"Toy\",\"authors\":\"Us\"}]",
                "csl | [{\"id\":\"t\",\"type\":\"data\",\"title\":\"Toy\"}]",
                "csl | [{\"id\":\"t\",\"type\":\"dataset\",\"issued\":2018}]",
                "bibtex | @misc{t, title = {{Toy}, author = {{Us}}}",
                "ris | 'TI  - Toy\nER  - \n'",
            })
    void brokenCitations_areRefused(String form, String text) {
        assertThrows(IllegalArgumentException.class, () -> validators.citations(form, text));
    }
}
