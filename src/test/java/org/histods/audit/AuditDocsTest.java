package org.histods.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.histods.audit.finding.Overlap;
import org.histods.audit.finding.Purpose;
import org.histods.audit.finding.Rule;
import org.junit.jupiter.api.Test;

/** {@code docs/audit.md} agrees with the program. */
class AuditDocsTest {

    private static String page() throws Exception {
        return Files.readString(Path.of(System.getProperty("project.basedir", "."), "docs", "audit.md"));
    }

    @Test
    void tableOfRules_isThatOfTheProgram() throws Exception {
        String page = page();
        int from = page.indexOf("| rule | severity |");
        List<String> rows =
                page.substring(from, page.indexOf("\n\n", from)).lines().skip(2).toList();
        List<String> expected = Arrays.stream(Rule.values())
                .map(r -> "| `" + r.word() + "` | " + r.severity().word() + " | " + r.meaning() + " | " + r.remedy()
                        + " |")
                .toList();
        assertEquals(expected, rows);
    }

    @Test
    void words_thatCodeTakes_areExplained() throws Exception {
        String page = page();
        for (Overlap.Certainty certainty : Overlap.Certainty.values()) {
            assertTrue(page.contains("`" + certainty.word() + "`"), certainty.word());
        }
        for (Purpose.Use use : Purpose.Use.values()) {
            assertTrue(page.contains("`" + use.word() + "`"), use.word());
        }
    }
}
