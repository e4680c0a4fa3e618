package org.histods.audit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.histods.audit.finding.AuditedDataset;
import org.histods.outside.Validators;
import org.histods.testing.AuditFixtures;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Texts for a paper: references, and the paragraph about the data. */
final class AuditReportTextTest {

    @Test
    void bibtex_hasEachDatasetOnceWithTheFingerprintsOfAllItsUses() throws Exception {
        AuditFixtures.ReportFixture leaky = AuditFixtures.leaky();
        List<AuditedDataset> datasets = new java.util.ArrayList<>(leaky.audit().datasets());
        datasets.add(AuditFixtures.dataset("monuseg-all", datasets.get(1).manifest(), AuditFixtures.PRINT, "train"));
        String text = leaky.with(datasets).as("bibtex");
        assertEquals(
                List.of("@misc{kumar-2017,", "@misc{monuseg,", "@misc{pannuke,", "@misc{lizard,"),
                text.lines().filter(line -> line.startsWith("@")).toList());
        assertTrue(text.contains("Fingerprint of the files used (test, more/**): sha256:" + "cd".repeat(32)
                + ". Fingerprint of the files used: sha256:" + AuditFixtures.PRINT));
    }

    @Test
    void bibtex_isReadBackByAProgramThatWeDidNotWrite() throws Exception {
        String text = AuditFixtures.leaky().as("bibtex");
        JsonNode read = Validators.installed().citations("bibtex", text);
        List<String> keys = new java.util.ArrayList<>();
        read.path("items").forEach(item -> keys.add(item.path("id").asString()));
        assertEquals(List.of("kumar-2017", "monuseg", "pannuke", "lizard"), keys);
        assertTrue(read.path("apa").asString().contains("MoNuSeg: Multi-organ Nucleus Segmentation Challenge 2018"));
    }

    @Test
    void data_saysWhatIsKnownOfEachDatasetAndNoMore() throws Exception {
        String text = AuditFixtures.leaky().as("data");
        List<String> lines = text.lines().toList();
        assertTrue(
                lines.get(1)
                        .equals(
                                "We used MoNuSeg: Multi-organ Nucleus Segmentation Challenge 2018 (`monuseg`) [@monuseg]"
                                        + " for testing: only `test` and `more/**`; 28 files (56.0 MB); licence"
                                        + " CC-BY-NC-SA-4.0; fingerprint `sha256:" + "cd".repeat(32) + "`."),
                text);
        assertTrue(lines.get(2).contains("[@pannuke] for pretraining and as teacher"), text);
        assertFalse(lines.get(2).contains("fingerprint"), "nothing is locked");
        assertTrue(lines.get(3).startsWith("The project also uses Lizard"), text);
        assertTrue(text.contains("`sha256:" + "ef".repeat(32) + "`"), text);
        assertEquals("No datasets were used.\n", AuditFixtures.empty().as("data"));
    }

    @Test
    void latex_citesTheKeysOfTheBibliographyAndEscapes() throws Exception {
        String text = AuditFixtures.leaky().as("latex");
        String bibliography = AuditFixtures.leaky().as("bibtex");
        List<String> cited = Pattern.compile("\\\\cite\\{([^}]+)}")
                .matcher(text)
                .results()
                .map(m -> m.group(1))
                .toList();
        assertEquals(4, cited.size());
        cited.forEach(key -> assertTrue(bibliography.contains("@misc{" + key + ","), key));
        assertTrue(text.contains("\\texttt{sha256:cdcdcdcdcdcdcdcd\\allowbreak cdcdcdcdcdcdcdcd"), text);
        assertFalse(Pattern.compile("(?<!\\\\)[&%$#_]").matcher(text).find(), text);
    }
}
