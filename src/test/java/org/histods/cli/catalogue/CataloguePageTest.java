package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.testing.HostileText;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class CataloguePageTest {

    private static final Path OWN = Path.of("manifests");
    private static final Pattern DATA =
            Pattern.compile("<script type=\"application/json\" id=\"data\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private String page(Path manifests, String... filters) throws Exception {
        List<String> args = new ArrayList<>(List.of("list", "--html", "page.html"));
        args.addAll(List.of(filters));
        ProgramRunner.Result result = new ProgramRunner(folder, manifests).run(args.toArray(new String[0]));
        assertEquals(0, result.exit(), result.err());
        return Files.readString(folder.resolve("page.html"));
    }

    private static JsonNode data(String page) {
        Matcher matcher = DATA.matcher(page);
        assertTrue(matcher.find());
        return new JsonMapper().readTree(matcher.group(1));
    }

    private static List<String> ids(String page) {
        return data(page)
                .path("datasets")
                .valueStream()
                .map(d -> d.path("id").asString())
                .toList();
    }

    @Test
    void page_ofTheWholeCatalogue_holdsEveryManifest() throws Exception {
        try (var files = Files.list(OWN)) {
            assertEquals(
                    files.filter(f -> f.toString().endsWith(".yaml")).count(),
                    ids(page(OWN)).size());
        }
    }

    @Test
    void page_filteredByOrganAccessAndTask_holdsWhatTheTableShows() throws Exception {
        String[] filters = {"--organ", "breast", "--access", "open", "--task", "nuclei segmentation"};
        ProgramRunner.Result table = new ProgramRunner(folder, OWN)
                .run("list", "--csv", filters[0], filters[1], filters[2], filters[3], filters[4], filters[5]);
        List<String> rows =
                table.out().lines().skip(1).map(l -> l.replaceFirst(",.*", "")).toList();
        assertTrue(rows.contains("tnbc"), table.out());
        assertEquals(rows, ids(page(OWN, filters)));
    }

    @Test
    void page_containsNoUrlThatABrowserWouldFetch() throws Exception {
        String page = DATA.matcher(page(OWN)).replaceAll("");
        assertFalse(Pattern.compile("(src|srcset|action)\\s*=|@import|url\\(|<link(?! rel=\"icon\" href=\"data:,\")")
                .matcher(page)
                .find());
        assertTrue(page.contains("default-src 'none'"));
    }

    @Test
    void page_ofAHostileManifest_keepsItsTextInsideTheData() throws Exception {
        Path manifests = HostileText.catalogue(folder);
        String page = page(manifests);
        assertFalse(page.contains(HostileText.TITLE));
        assertEquals(
                HostileText.TITLE,
                data(page).path("datasets").path(0).path("title").asString());
        assertEquals(
                page.split("<script", -1).length,
                page(OWN).split("<script", -1).length,
                "as many script elements as the page of any other catalogue");
    }

    @Test
    void pageInAMissingFolder_isADiskProblem() {
        ProgramRunner.Result result = new ProgramRunner(folder, OWN).run("list", "--html", "nowhere/page.html");
        assertEquals(7, result.exit());
        assertTrue(result.err().contains("nowhere"), result.err());
        assertTrue(result.err().contains("hint:"), result.err());
    }

    @Test
    void lineageAsJson_hasSharedLevelsCertaintyAndEvidence() {
        ProgramRunner.Result result = new ProgramRunner(folder, OWN).run("show", "monuseg", "--lineage", "--json");
        JsonNode response = new JsonMapper().readTree(result.out());
        JsonNode kumar = response.path("ancestors")
                .valueStream()
                .filter(n -> n.path("dataset").asString().equals("kumar-2017"))
                .findFirst()
                .orElseThrow();
        assertEquals("proven", kumar.path("certainty").asString());
        assertEquals("files", kumar.path("shares").path(0).asString());
        assertEquals("monuseg", kumar.path("steps").path(0).path("said_by").asString());
        assertTrue(response.path("related").size() > 0);
    }

    @Test
    void lineageOfADatasetWithoutAny_saysThatOthersArePossible() throws Exception {
        ProgramRunner.Result result =
                new ProgramRunner(folder, HostileText.catalogue(folder)).run("show", "toy", "--lineage");
        assertEquals(0, result.exit(), result.err());
        assertTrue(result.out().contains("others are possible"), result.out());
    }

    @Test
    void pictureInTheDocs_isUpToDate() throws Exception {
        ProgramRunner.Result result = new ProgramRunner(folder, OWN).run("list", "--lineage-svg", "lineage.svg");
        assertEquals(0, result.exit(), result.err());
        assertEquals(
                Files.readString(Path.of("docs/lineage.svg")),
                Files.readString(folder.resolve("lineage.svg")),
                "draw it again: ./histods list --lineage-svg docs/lineage.svg");
    }
}
