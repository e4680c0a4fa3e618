package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.testing.Browser;
import org.histods.testing.HostileText;
import org.histods.testing.ProgramRunner;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a browser, from a file, without a network. */
final class CataloguePageInBrowserTest {

    private static final Path OWN = Path.of("manifests");

    private static final String MISSING = "needs chromium and chromedriver, and found no such programs on the PATH";

    @TempDir
    private static Path folder;

    private static @Nullable Browser started;
    private static String page = "";

    @BeforeAll
    static void openBrowser() throws Exception {
        Optional<Browser> browser = Browser.start(folder.resolve("profile"));
        if (browser.isEmpty()) {
            if ("true".equals(System.getenv("CI"))) {
                fail(MISSING);
            }
            return;
        }
        started = browser.orElseThrow();
        page = write("page.html", OWN);
    }

    private static String write(String name, Path manifests) {
        ProgramRunner.Result result = new ProgramRunner(folder, manifests).run("list", "--html", name);
        assertEquals(0, result.exit(), result.err());
        return folder.resolve(name).toUri().toString();
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
        // Here rather than before all, so that each test is reported as skipped, with the reason.
        Assumptions.assumeTrue(started != null, MISSING);
        browser().open("about:blank");
        window(1280, 900);
        browser().complaints();
    }

    @AfterEach
    void nothingToComplainOf() throws Exception {
        if (started != null) {
            assertEquals(List.of(), started.complaints());
        }
    }

    private static void window(int width, int height) throws Exception {
        Map<String, Object> size =
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500);
        browser().devtools("Emulation.setDeviceMetricsOverride", size);
    }

    private static int number(String script) throws Exception {
        return browser().run(script).asInt();
    }

    private static int shown() throws Exception {
        return number("return document.querySelectorAll('#results [data-id]').length");
    }

    private static void choose(String facet, String value) throws Exception {
        String box = "input[data-facet='" + facet + "'][value='" + value + "']";
        assertTrue(
                browser()
                        .run("return !!document.querySelector(\"" + box + "\")")
                        .asBoolean(),
                box);
        browser().click(box);
    }

    private static int count(String facet, String value) throws Exception {
        return number("return Number(document.querySelector(\"input[data-facet='" + facet + "'][value='" + value
                + "']\").closest('label').querySelector('.count').textContent)");
    }

    @Test
    void facets_clicked_narrowEachOtherAndShowTheirCounts() throws Exception {
        browser().open(page);
        int all = shown();
        choose("organ", "breast");
        int breast = shown();
        int promised = count("access", "open");
        choose("access", "open");
        assertEquals(promised, shown());
        choose("task", "nuclei segmentation");
        int masks = shown();
        assertTrue(all > breast && breast > promised && promised > masks && masks > 0);
        assertTrue(
                browser().text("#found").startsWith(masks + " of " + all),
                browser().text("#found"));
        assertTrue(browser().text("#results").contains("tnbc"));
        assertEquals(
                "histods list --organ breast --task 'nuclei segmentation' --access open",
                browser().text("#command"));
        choose("organ", "colon");
        assertTrue(shown() > masks, "a second word in one facet widens");
    }

    @Test
    void command_thatThePageOffers_findsTheSameDatasets() throws Exception {
        browser().open(page + "#/?organ=breast&access=open&task=nuclei+segmentation");
        ProgramRunner.Result result = new ProgramRunner(folder, OWN)
                .run("list", "--csv", "--organ", "breast", "--task", "nuclei segmentation", "--access", "open");
        assertEquals(result.out().lines().count() - 1, shown());
    }

    @Test
    void search_typed_findsWordsAnywhereAndLinksToTheDataset() throws Exception {
        browser().open(page);
        browser().type("#search", "PanNuke torch-em");
        assertTrue(shown() > 0 && shown() < 5);
        browser().click("[data-id=pannuke] a");
        assertEquals("#pannuke", browser().run("return location.hash").asString());
        assertTrue(browser().text("#detail h1").startsWith("PanNuke"));
        String text = browser().text("#detail");
        for (String reported :
                List.of("unknown", "sha256:6e19ad38", "--only fold1", "conic-2022", "In doubt", "tcga")) {
            assertTrue(text.contains(reported), reported);
        }
        browser().click(".back a");
        assertEquals(
                "PanNuke torch-em",
                browser().run("return document.getElementById('search').value").asString());
    }

    @Test
    void sort_byYear_putsTheNewestFirst() throws Exception {
        browser().open(page);
        browser().click("#by-year");
        String years = "return [...document.querySelectorAll('#results tbody tr')]"
                + ".map(r => Number(r.cells[5].textContent) || 0).every((y, i, all) => i === 0 || all[i - 1] >= y)";
        assertTrue(browser().run(years).asBoolean());
    }

    @Test
    void lineage_nodeClicked_opensItsDataset() throws Exception {
        browser().open(page + "#/lineage");
        browser().click(".picture a[href='#lizard'] text");
        assertTrue(browser().text("#detail h1").startsWith("Lizard"));
    }

    @Test
    void phone_everyView_fitsWithoutScrollingSideways() throws Exception {
        window(390, 844);
        browser().open(page);
        browser().run("document.getElementById('filters').open = true");
        assertEquals(390, number("return document.documentElement.scrollWidth"));
        String everyView = "const wide = []; const ids = JSON.parse(document.getElementById('data').textContent)"
                + ".datasets.map(d => d.id); for (const id of ['/lineage', ...ids]) { location.hash = '#' + id;"
                + " window.dispatchEvent(new HashChangeEvent('hashchange'));"
                + " document.querySelectorAll('main details').forEach(d => d.open = true);"
                + " if (document.documentElement.scrollWidth > 390) wide.push(id); } return wide.join(' ');";
        assertEquals("", browser().run(everyView).asString());
    }

    @Test
    void list_atAnyWidth_fitsWithoutScrollingSideways() throws Exception {
        for (int width : new int[] {500, 705, 760, 896, 897, 961, 1184, 1185, 1280}) {
            window(width, 900);
            browser().open(page);
            assertTrue(
                    number("return document.documentElement.scrollWidth") <= width,
                    () -> "at " + width + " pixels the list is wider");
        }
    }

    @Test
    void keyboard_alone_reachesAndTicksAFacet() throws Exception {
        browser().open(page);
        int all = shown();
        browser().type("input[data-facet=access][value=open]", " ");
        assertTrue(shown() < all);
        assertEquals(
                "open", browser().run("return document.activeElement.value").asString());
    }

    @Test
    void hostileManifest_inEveryView_staysText() throws Exception {
        browser().open(write("hostile.html", HostileText.catalogue(folder)));
        assertEquals(1, shown());
        assertTrue(browser().text("#results").contains("</script><script>"));
        browser().open(folder.resolve("hostile.html").toUri() + "#toy");
        assertTrue(browser().text("#detail h1").startsWith("</script><script>"));
        assertFalse(browser()
                .run("return 'broken' in window || !!document.getElementById('broken')")
                .asBoolean());
        assertEquals(0, number("return document.querySelectorAll('#detail img, #detail script, #detail svg').length"));
    }
}
