package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.histods.testing.HostileText;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The static site of {@code list --site}. */
final class SiteTest {

    private static final Path OWN = Path.of("manifests");
    private static final Pattern LINKED = Pattern.compile("href=\"([^\"#]+)\"");
    private static final Pattern DESCRIPTION =
            Pattern.compile("<script type=\"application/ld\\+json\">(.*?)</script>", Pattern.DOTALL);

    @TempDir
    private Path folder;

    private ProgramRunner.Result site(Path manifests, String... more) {
        List<String> args = new ArrayList<>(List.of("list", "--site", "site"));
        args.addAll(List.of(more));
        return new ProgramRunner(folder, manifests).run(args.toArray(String[]::new));
    }

    private String read(String path) throws Exception {
        return Files.readString(folder.resolve("site").resolve(path));
    }

    private static JsonNode description(String page) {
        Matcher found = DESCRIPTION.matcher(page);
        assertTrue(found.find(), page);
        return new JsonMapper().readTree(found.group(1));
    }

    @Test
    void site_ofTheWholeCatalogue_hasAPageForEachDataset_andNoLinkLeadsNowhere() throws Exception {
        ProgramRunner.Result result = site(OWN, "--site-url", "https://example.org/d");
        assertEquals(0, result.exit(), result.err());
        List<Path> pages;
        try (Stream<Path> all = Files.walk(folder.resolve("site"))) {
            pages = all.filter(file -> file.toString().endsWith(".html")).toList();
        }
        try (Stream<Path> manifests = Files.list(OWN)) {
            long count = manifests.filter(f -> f.toString().endsWith(".yaml")).count();
            assertEquals(count + 2, pages.size());
        }
        for (Path page : pages) {
            Matcher link = LINKED.matcher(Files.readString(page).replaceAll("(?s)<script.*?</script>", ""));
            while (link.find()) {
                String to = link.group(1);
                if (!to.matches("[a-z]+:.*")) {
                    assertTrue(Files.exists(page.resolveSibling(to)), page + " leads to " + to);
                }
            }
        }
        String sitemap = read("sitemap.xml");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(sitemap)));
        assertTrue(sitemap.contains("<loc>https://example.org/d/datasets/kather-2018.html</loc>"), sitemap);
    }

    @Test
    void page_saysWhatASearchEngineAndAReaderNeed() throws Exception {
        assertEquals(0, site(OWN).exit());
        String page = read("datasets/kather-2018.html");
        assertTrue(page.contains("histods pull kather-2018"));
        assertTrue(page.contains("histods add kather-2018 --role train"));
        assertTrue(page.contains("@misc{kather-2018"));
        assertFalse(Pattern.compile("<script(?! type=\"application/ld\\+json\")")
                .matcher(page)
                .find());
        JsonNode described = description(page);
        assertEquals("sc:Dataset", described.path("@type").asString());
        assertEquals(
                "http://mlcommons.org/croissant/1.1",
                described.path("conformsTo").asString());
        assertEquals(
                "https://spdx.org/licenses/CC-BY-4.0", described.path("license").asString());
        JsonNode file = described.path("distribution").path(0);
        assertEquals("cr:FileObject", file.path("@type").asString());
        assertTrue(file.path("contentUrl").asString().startsWith("https://zenodo.org/"), file::toString);
        assertFalse(file.path("md5").asString("").isEmpty(), file::toString);
        JsonNode paper = described.path("citation");
        assertEquals("sc:ScholarlyArticle", paper.path("@type").asString());
        assertEquals("Kather", paper.path("author").path(0).path("familyName").asString());
        assertTrue(paper.path("url").asString().startsWith("https://doi.org/10."), paper::toString);
        assertFalse(Files.exists(folder.resolve("site/sitemap.xml")), "nobody said where the site will be");
    }

    @Test
    void datasetWithoutFactsThatCroissantRequires_doesNotClaimToConform() throws Exception {
        assertEquals(0, site(OWN).exit());
        JsonNode described = description(read("datasets/acdc-lunghp.html"));
        assertTrue(described.path("conformsTo").isMissingNode());
        assertTrue(described.path("license").isMissingNode());
    }

    @Test
    void hostileManifest_staysText() throws Exception {
        assertEquals(0, site(HostileText.catalogue(folder)).exit());
        String page = read("datasets/toy.html");
        assertFalse(page.contains(HostileText.TITLE));
        assertEquals(HostileText.TITLE, description(page).path("name").asString());
    }

    @Test
    void siteWrittenAgain_replacesItsOwnFilesOnly() throws Exception {
        assertEquals(0, site(OWN).exit());
        ProgramRunner.Result fewer = site(OWN, "--group", "champkit");
        assertEquals(0, fewer.exit(), fewer.err());
        assertFalse(Files.exists(folder.resolve("site/datasets/kather-2018.html")));
        assertTrue(Files.exists(folder.resolve("site/datasets/mhist.html")));

        Files.writeString(folder.resolve("site/CNAME"), "example.org");
        ProgramRunner.Result refused = site(OWN);
        assertEquals(2, refused.exit());
        assertTrue(refused.err().contains("CNAME"), refused.err());
        assertEquals("example.org", read("CNAME"));
        assertFalse(Files.exists(folder.resolve("site/datasets/kather-2018.html")));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of(),
                    left.filter(f -> f.getFileName().toString().contains("histods-"))
                            .toList());
        }
    }

    @Test
    void editedPage_isKept() throws Exception {
        assertEquals(0, site(OWN, "--group", "champkit").exit());
        Files.writeString(folder.resolve("site/index.html"), "mine");
        ProgramRunner.Result refused = site(OWN, "--group", "champkit");
        assertEquals(2, refused.exit());
        assertEquals("mine", read("index.html"));
    }

    @Test
    void addressWithoutASite_isRefused() {
        ProgramRunner.Result result = new ProgramRunner(folder, OWN).run("list", "--site-url", "https://example.org");
        assertEquals(2, result.exit());
        assertEquals(2, site(OWN, "--site-url", "nowhere").exit());
    }
}
