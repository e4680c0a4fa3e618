package org.histods.audit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.regex.Pattern;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Overlap;
import org.histods.audit.finding.Severity;
import org.histods.testing.AuditFixtures;
import org.junit.jupiter.api.Test;

/** The content of the HTML report; {@link HtmlReportInBrowserTest} tests its behaviour. */
final class HtmlReportTest {

    private static String verdict(Severity severity, String accepted, List<String> unchecked) {
        Finding finding = new Finding(
                "rule", severity, List.of(), "m", List.of("e"), "r", List.of(), accepted.isEmpty() ? null : accepted);
        Audit audit = new Audit("p", null, null, List.of(), List.of(), List.of(finding), unchecked);
        String page =
                new AuditFixtures.ReportFixture(audit, AuditFixtures.empty().context()).as("html");
        String part = page.substring(page.indexOf("<div class=\"verdict"), page.indexOf("<ul class=\"tallies"));
        return part.replaceAll("<[^>]+>", "").strip();
    }

    @Test
    void verdict_isThatOfTheHeaviestOpenFinding() {
        assertEquals(
                "✕ 1 error is openClaims that rely on this project are not valid as they are.",
                verdict(Severity.ERROR, "", List.of()));
        assertTrue(
                verdict(Severity.WARNING, "", List.of()).startsWith("▲ No error is open, but 1 warning needs review"));
        assertTrue(verdict(Severity.NOTE, "", List.of()).startsWith("✓ Nothing was found"));
        assertTrue(verdict(Severity.ERROR, "we know", List.of()).startsWith("✓ Nothing was found"));
    }

    @Test
    void verdict_mentionsThatSomethingWasNotChecked() {
        assertTrue(verdict(Severity.NOTE, "", List.of("x")).endsWith("Not everything could be checked."));
        assertFalse(verdict(Severity.NOTE, "", List.of()).contains("Not everything"));
    }

    @Test
    void sameAudit_givesTheSamePage() throws Exception {
        assertEquals(AuditFixtures.leaky().as("html"), AuditFixtures.leaky().as("html"));
    }

    @Test
    void page_namesNothingOutsideItselfForTheBrowserToLoad() throws Exception {
        for (AuditFixtures.ReportFixture reported :
                List.of(AuditFixtures.leaky(), AuditFixtures.empty(), AuditFixtures.hostile())) {
            String page = reported.as("html");
            assertFalse(Pattern.compile(
                            "<(?:script|img|iframe|object|embed|link|audio|video|image|use)[^>]*(?:src|href)=\"(?!data:,)")
                    .matcher(page)
                    .find());
            assertFalse(page.contains(" style=\""), "the security policy forbids it");
            assertFalse(page.contains("{{style"), "a hole is left");
        }
    }

    @Test
    void ids_areUniqueAndLinksLeadToThem() throws Exception {
        for (AuditFixtures.ReportFixture reported : List.of(AuditFixtures.leaky(), AuditFixtures.large())) {
            String page = reported.as("html");
            List<String> ids = Pattern.compile(" id=\"([^\"]+)\"")
                    .matcher(page)
                    .results()
                    .map(m -> m.group(1))
                    .toList();
            assertEquals(ids.stream().distinct().count(), ids.size());
            Pattern.compile(" href=\"#([^\"]+)\"")
                    .matcher(page)
                    .results()
                    .map(m -> m.group(1))
                    .forEach(target -> assertTrue(ids.contains(target), target));
        }
    }

    @Test
    void listThatWasCut_saysHowManyThereAre() throws Exception {
        AuditFixtures.ReportFixture leaky = AuditFixtures.leaky();
        Overlap seen = leaky.audit().overlaps().get(0);
        Overlap cut = new Overlap(
                seen.a(),
                seen.b(),
                seen.shares(),
                seen.certainty(),
                seen.chains(),
                seen.files(),
                new Overlap.Common<>(seen.patients().listed(), 9000, true));
        Audit audit = new Audit("p", null, null, leaky.audit().datasets(), List.of(cut), List.of(), List.of());
        String page = new AuditFixtures.ReportFixture(audit, leaky.context()).as("html");
        assertTrue(page.contains("The first 7 of 9,000 are listed here."));
        assertTrue(page.contains("how many each has was not counted"), "30 patients cannot hold 9,000");
    }
}
