package org.histods.audit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.testing.AuditFixtures;
import org.histods.testing.Browser;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report in a browser, from a file, without a network. */
final class HtmlReportInBrowserTest {

    private static final String MISSING = "needs chromium and chromedriver, and found no such programs on the PATH";
    private static final String NAMES =
            "return [...document.querySelectorAll('#datasets-table tbody th > bdi')].map(b => b.textContent).join(' ')";
    private static final String SHOWN =
            "return [...document.querySelectorAll('.finding')].filter(f => f.checkVisibility()).length";

    @TempDir
    private static Path folder;

    private static @Nullable Browser started;

    @BeforeAll
    static void openBrowser() throws Exception {
        Optional<Browser> browser = Browser.start(folder.resolve("profile"));
        if (browser.isEmpty() && "true".equals(System.getenv("CI"))) {
            fail(MISSING);
        }
        started = browser.orElse(null);
    }

    @AfterAll
    static void closeBrowser() throws Exception {
        if (started != null) {
            started.close();
        }
    }

    private static Browser browser() {
        if (started == null) {
            throw new IllegalStateException("no browser was started");
        }
        return started;
    }

    @BeforeEach
    void desktop() throws Exception {
        Assumptions.assumeTrue(started != null, MISSING);
        browser().open("about:blank");
        browser().devtools("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        browser().devtools("Emulation.setEmulatedMedia", Map.of("media", ""));
        window(1280, 900);
        browser().complaints();
    }

    @AfterEach
    void nothingToComplainOfAndNothingLoaded() throws Exception {
        if (started != null) {
            browser().devtools("Emulation.setScriptExecutionDisabled", Map.of("value", false));
            assertEquals(0, number("return performance.getEntriesByType('resource').length"));
            assertEquals(List.of(), started.complaints());
        }
    }

    private static void window(int width, int height) throws Exception {
        browser()
                .devtools(
                        "Emulation.setDeviceMetricsOverride",
                        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
    }

    private static void open(AuditFixtures.ReportFixture reported, String fragment) throws Exception {
        Path file =
                folder.resolve(Integer.toHexString(reported.audit().project().hashCode()) + ".html");
        Files.writeString(file, reported.as("html"));
        browser().open(file.toUri() + fragment);
    }

    private static int number(String script) throws Exception {
        return browser().run(script).asInt();
    }

    @Test
    void table_sortedByAColumn_turnsAroundOnASecondClick() throws Exception {
        open(AuditFixtures.leaky(), "");
        assertEquals(
                "kumar-2017 monuseg-test pannuke lizard", browser().run(NAMES).asString());
        browser().click("#datasets-table thead th:nth-child(6) button");
        assertEquals(
                "pannuke lizard monuseg-test kumar-2017", browser().run(NAMES).asString());
        browser().click("#datasets-table thead th:nth-child(6) button");
        assertEquals(
                "kumar-2017 monuseg-test pannuke lizard", browser().run(NAMES).asString());
        assertEquals(
                "descending",
                browser()
                        .run(
                                "return document.querySelector('#datasets-table th:nth-child(6)').getAttribute('aria-sort')")
                        .asString());
        browser().type("#datasets-table thead th:nth-child(1) button", " ");
        assertEquals(
                "kumar-2017 lizard monuseg-test pannuke".length(),
                browser().run(NAMES).asString().length());
        assertTrue(browser().run(NAMES).asString().startsWith("kumar-2017 lizard"), "sorted by name");
    }

    @Test
    void filter_unticked_hidesThatSeverityButNeverWhatWasAccepted() throws Exception {
        open(AuditFixtures.leaky(), "");
        assertEquals(4, number(SHOWN));
        browser().click("#show-warning");
        assertEquals(3, number(SHOWN));
        assertTrue(browser().text(".finding.accepted").contains("We publish a paper"));
        browser().type("#show-error", " ");
        assertEquals(2, number(SHOWN));
    }

    @Test
    void withoutJavaScript_allIsThereAndTheFilterWorks() throws Exception {
        browser().devtools("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        open(AuditFixtures.leaky(), "");
        assertTrue(browser().text(".verdict").startsWith("✕ 1 error is open"));
        assertTrue(browser().text(".matrix").contains("monuseg-test"));
        browser().click("#show-error");
        browser().devtools("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        assertEquals(0, number("return document.querySelectorAll('th button').length"));
        assertEquals(3, number(SHOWN));
    }

    @Test
    void cellOfTheMatrix_clicked_opensThePair() throws Exception {
        open(AuditFixtures.leaky(), "");
        assertFalse(browser()
                .run("return document.getElementById('overlap-3').open")
                .asBoolean());
        browser().click(".matrix td.possible a");
        assertTrue(browser()
                .run("return document.getElementById('overlap-3').open")
                .asBoolean());
        assertTrue(browser().text("#overlap-3").contains("Their patients were not compared."));
        assertTrue(browser().text("#overlap-1 .bars svg").contains("7 in both"));
    }

    @Test
    void paper_hasEverythingThatIsFoldedOrFiltered() throws Exception {
        open(AuditFixtures.leaky(), "");
        browser().click("#show-error");
        browser().devtools("Emulation.setEmulatedMedia", Map.of("media", "print"));
        String hidden =
                "return [...document.querySelectorAll('main li, main td, main th, main p, main h3, main .full')]"
                        + ".filter(e => !e.getClientRects().length).map(e => e.outerHTML).join('\\n')";
        assertEquals("", browser().run(hidden).asString());
        browser().devtools("Emulation.setEmulatedMedia", Map.of("media", ""));
        String pdf =
                browser().devtools("Page.printToPDF", Map.of()).path("data").asString();
        assertTrue(new String(Base64.getDecoder().decode(pdf), 0, 5, java.nio.charset.StandardCharsets.US_ASCII)
                .startsWith("%PDF"));
    }

    @Test
    void hostileTexts_everywhere_stayText() throws Exception {
        open(AuditFixtures.hostile(), "");
        assertFalse(browser()
                .run("return 'broken' in window || !!document.getElementById('broken')")
                .asBoolean());
        assertEquals(
                0, number("return document.querySelectorAll('main script, main img, [onload], [onerror]').length"));
        assertTrue(browser().text("h1").contains("</script><script>window.broken=1</script>"));
        assertTrue(browser().text("h1").contains("\\u202egnp.exe"), "what turns the direction is spelt out");
        assertEquals(0, number("return [...document.documentElement.textContent].filter(c => c === '\\u202e').length"));
    }

    private static int width() throws Exception {
        browser().run("document.querySelectorAll('details').forEach(d => d.open = true)");
        return number("return document.documentElement.scrollWidth");
    }

    /** The elements that stick out. */
    private static String widest(int width) {
        try {
            return browser()
                    .run("return [...document.querySelectorAll('body *')].filter(e => !e.closest('.wide, .picture')"
                            + " && e.getBoundingClientRect().right > " + width
                            + ").map(e => e.outerHTML.slice(0, 100)).slice(-4).join('\\n')")
                    .asString();
        } catch (Exception e) {
            return e.toString();
        }
    }

    @Test
    void phone_fitsWithoutScrollingSideways() throws Exception {
        for (AuditFixtures.ReportFixture reported :
                List.of(AuditFixtures.leaky(), AuditFixtures.hostile(), AuditFixtures.large())) {
            for (int width : List.of(320, 390)) {
                window(width, 844);
                open(reported, "");
                assertEquals(width, width(), () -> widest(width));
            }
        }
    }

    @Test
    void rowOfTheTable_onAPhone_isACardThatNamesItsColumns() throws Exception {
        window(390, 844);
        open(AuditFixtures.leaky(), "");
        assertEquals(
                0,
                number("return [...document.querySelectorAll('.wide')].filter(w => w.querySelector('#datasets-table')"
                        + " && w.scrollWidth > w.clientWidth).length"));
        assertEquals(
                "Licence",
                browser()
                        .run("return document.querySelector('#datasets-table td:nth-child(4)').dataset.label")
                        .asString());
    }

    @Test
    void overlaps_comeFirst_andFindingsOfOneRuleAreTogether() throws Exception {
        open(AuditFixtures.large(), "");
        assertEquals(
                "overlaps",
                browser().run("return document.querySelector('main h2').id").asString());
        assertEquals(
                number("return document.querySelectorAll('.finding:not(.accepted)').length"),
                number("return new Set([...document.querySelectorAll('.finding:not(.accepted) .kind .mono')]"
                        + ".map(e => e.textContent)).size"));
    }

    @Test
    void hundredDatasetsAndTenThousandPatients_areAllThereAndCanBeUsed() throws Exception {
        open(AuditFixtures.large(), "");
        assertEquals(100, number("return document.querySelectorAll('#datasets-table tbody tr').length"));
        assertEquals(10_000, number("return document.querySelectorAll('#overlap-1 .common tbody tr').length"));
        browser().click("#datasets-table thead th:nth-child(2) button");
        assertTrue(browser().text("#datasets-table tbody tr td").contains("test"));
        browser().click("#show-note");
        assertEquals(1, number(SHOWN));
    }
}
