package org.histods.source.manual;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestReader;
import org.histods.manifest.PinnedFile;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.SimulatedHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dataset of Dryad from its page to bytes, in the form that its API documents; the files come from a browser. */
final class DryadTest {

    private static final String API = "https://datadryad.org/api/v2/";
    private static final String PAGE = "https://datadryad.org/dataset/doi:10.5061/dryad.toy00";
    private static final byte[] SLIDE = "a slide".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    private SimulatedHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void publish() throws Exception {
        hosts = new SimulatedHosts();
        histods = hosts.runner(folder);
        hosts.text(API + "datasets/doi%3A10.5061%2Fdryad.toy00", """
                {"_links": {"self": {"href": "/api/v2/datasets/doi%3A10.5061%2Fdryad.toy00"},
                  "stash:version": {"href": "/api/v2/versions/4711"}},
                 "identifier": "doi:10.5061/dryad.toy00", "id": 42, "storageSize": 9, "title": "Toy <i>slides</i>",
                 "authors": [{"firstName": "Anna", "lastName": "Muster"}], "abstract": "<p>Slides.</p>",
                 "versionNumber": 3, "versionStatus": "submitted", "publicationDate": "2021-05-06",
                 "license": "https://spdx.org/licenses/CC0-1.0.html"}
                """);
        files(1, entry("slide.svs", SLIDE, "created"), entry("old.csv", new byte[1], "deleted"));
        hosts.redirect("https://doi.org/10.5061/dryad.toy00", PAGE);
        hosts.text(PAGE, "<html></html>");
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private void files(int page, String... entries) {
        hosts.text(API + "versions/4711/files?page=" + page + "&per_page=100", """
                {"count": %d, "total": 3, "_embedded": {"stash:files": [%s]}}
                """.formatted(
                        entries.length, String.join(",", entries)));
    }

    private static String entry(String path, byte[] bytes, String status) {
        return """
                {"_links": {"stash:download": {"href": "/api/v2/files/1/download"}}, "path": "%s", "size": %d,
                 "mimeType": "text/plain", "status": "%s", "digest": "%s", "digestType": "sha-256"}
                """.formatted(path, bytes.length, status, ArchiveFixtures.hex("SHA-256", bytes));
    }

    private Manifest drafted(String address) throws Exception {
        files(2, entry("labels.csv", new byte[2], "copied"));
        Result draft = histods.run("manifest", "new", address);
        assertEquals(0, draft.exit(), draft::all);
        Files.writeString(folder.resolve("toy.yaml"), draft.out());
        Result lint = histods.run("manifest", "lint", "toy.yaml");
        assertEquals(0, lint.exit(), lint::all);
        return new ManifestReader().read(draft.out(), "draft", null).manifest();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PAGE,
                "datadryad.org/stash/dataset/doi:10.5061/dryad.toy00",
                "https://datadryad.org/api/v2/datasets/doi%3A10.5061%2Fdryad.toy00",
                "10.5061/dryad.toy00",
                "https://doi.org/10.5061/DRYAD.toy00",
            })
    void urlsOfADataset_areDraftedWithWhatDryadSays(String address) throws Exception {
        hosts.redirect("https://doi.org/10.5061/DRYAD.toy00", PAGE);
        Manifest manifest = drafted(address);
        assertEquals("Toy slides", manifest.title());
        assertEquals("v3", manifest.version().text());
        assertEquals("CC0-1.0", manifest.terms().license().spdx());
        assertEquals("10.5061/dryad.toy00", manifest.publication().doi());
        assertEquals(List.of("Muster, Anna"), manifest.publication().creators());
        assertEquals(2021, manifest.publication().year());
        assertEquals(Access.Status.CREDENTIAL, manifest.terms().access().status());
        List<String> paths = new ArrayList<>();
        for (PinnedFile file : manifest.sources().get(0).files()) {
            paths.add(file.path() + " " + file.bytes() + " " + file.checksums().size());
        }
        assertEquals(List.of("slide.svs 7 1", "labels.csv 2 1"), paths, "of both pages, without what was deleted");
    }

    @Test
    void filesFromTheBrowser_areVerified_andOthersRefused() throws Exception {
        drafted(PAGE);
        Result alone = histods.run("pull", "toy.yaml");
        assertEquals(3, alone.exit(), alone::all);
        assertTrue(alone.err().contains("in a browser") && alone.err().contains("slide.svs"), alone::all);

        Path downloads = Files.createDirectories(folder.resolve("downloads"));
        Files.write(downloads.resolve("labels.csv"), new byte[2]);
        Files.writeString(downloads.resolve("slide.svs"), "a slime");
        Result wrong = histods.run("pull", "toy.yaml", "--from", "downloads");
        assertTrue(wrong.exit() != 0, wrong::all);

        Files.write(downloads.resolve("slide.svs"), SLIDE);
        Result pull = histods.run("pull", "toy.yaml", "--from", "downloads");
        assertEquals(0, pull.exit(), pull::all);
        assertTrue(pull.err().contains("slide.svs  7 bytes  verified against Dryad"), pull::all);
    }
}
