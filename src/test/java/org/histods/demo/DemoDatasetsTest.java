package org.histods.demo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.histods.dataset.DatasetId;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestReader;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDatasetsTest {

    private static final DemoDatasets DRAWN = DemoDatasets.draw();

    @TempDir
    Path folder;

    private static Manifest manifest(String id) throws Problem {
        DemoDataset standIn = DRAWN.all().stream()
                .filter(s -> s.id().text().equals(id))
                .findFirst()
                .orElseThrow();
        return new ManifestReader()
                .read(standIn.manifestText(), id + ".yaml", new DatasetId(id))
                .manifest();
    }

    @Test
    void everyManifest_isReadAndLintedWithoutAFault() throws Problem {
        ManifestReader manifests = new ManifestReader();
        for (DemoDataset standIn : DRAWN.all()) {
            assertEquals(
                    List.of(),
                    manifests.errors(standIn.manifestText(), standIn.id().text(), standIn.id()));
            Manifest manifest = manifest(standIn.id().text());
            assertTrue(manifest.title().contains("no real tissue"), manifest.title());
            assertEquals("CC0-1.0", manifest.terms().license().spdx());
        }
    }

    @Test
    void standIns_comeFromEveryKindOfPlaceOfTheDemo() throws Problem {
        List<String> kinds = new ArrayList<>();
        for (DemoDataset standIn : DRAWN.all()) {
            manifest(standIn.id().text()).sources().forEach(source -> kinds.add(source.kind()));
        }
        assertEquals(
                List.of("zenodo", "github", "github", "s3", "zenodo", "http", "manual", "google-drive", "google-drive"),
                kinds);
    }

    @Test
    void lineage_namesOnlyStandIns() throws Problem {
        List<String> ids = DRAWN.all().stream().map(s -> s.id().text()).toList();
        int found = 0;
        for (String id : ids) {
            for (var entry : manifest(id).contents().lineage()) {
                assertTrue(ids.contains(String.valueOf(entry.dataset())), entry.toString());
                found++;
            }
        }
        assertEquals(3, found);
    }

    @Test
    void drawingTwice_givesTheSameBytes() {
        assertArrayEquals(
                new MarrowDataset().repo().archive(), new MarrowDataset().repo().archive());
        for (Tissue.Kind kind : Tissue.Kind.values()) {
            byte[] once = picture(kind, 7).bytes();
            assertArrayEquals(once, picture(kind, 7).bytes());
            assertNotEquals(
                    Arrays.hashCode(once), Arrays.hashCode(picture(kind, 8).bytes()));
        }
    }

    private static GeneratedFile picture(Tissue.Kind kind, long seed) {
        return GeneratedFile.png("x.png", Tissue.draw(kind, 128, 128, seed).image(seed));
    }

    @Test
    void tile_isPinkWithPurpleNuclei() throws IOException {
        GeneratedFile png = picture(Tissue.Kind.GLAND, 1);
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png.bytes()));
        int pink = 0;
        int purple = 0;
        for (int i = 0; i < 128 * 128; i++) {
            int rgb = image.getRGB(i % 128, i / 128);
            int red = rgb >> 16 & 255;
            int green = rgb >> 8 & 255;
            int blue = rgb & 255;
            pink += red > blue && blue > green && green > 130 ? 1 : 0;
            purple += blue > red && red > green && green < 130 ? 1 : 0;
        }
        assertTrue(pink > 128 * 128 / 4, "pink pixels: " + pink);
        assertTrue(purple > 128 * 128 / 20, "purple pixels: " + purple);
    }

    @Test
    void localFile_isTheOnePinnedBehindTheForm() throws Exception {
        Manifest form = manifest("demo-form");
        assertEquals(Access.Status.REGISTRATION, form.terms().access().status());
        Path file = DRAWN.writeLocalFile(folder.resolve("new"));
        PinnedFile pinned = form.sources().get(0).files().get(0);
        assertEquals(pinned.path(), String.valueOf(file.getFileName()));
        Checksum checksum = GeneratedFile.of("x", Files.readAllBytes(file)).checksum(Algorithm.SHA256);
        assertEquals(checksum, pinned.checksums().get(0).checksum());
    }

    @Test
    void form_sharesSixFilesWithTheTestSetOfColon() throws Exception {
        DemoHost zenodo = Objects.requireNonNull(DRAWN.hosts().get("zenodo.org"));
        DemoResponse zip = zenodo.respond("/records/999000002/files/demo-colon-test.zip", Map.of());
        Map<String, String> test = names(zip.body());
        Map<String, String> form = names(Files.readAllBytes(DRAWN.writeLocalFile(folder)));
        assertEquals(12, form.size());
        form.keySet().retainAll(test.keySet());
        assertEquals(6, form.size());
    }

    /** SHA-256 of each member to its name. */
    private static Map<String, String> names(byte[] zip) throws IOException {
        Map<String, String> names = new HashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String hex = GeneratedFile.of("x", in.readAllBytes())
                        .checksum(Algorithm.SHA256)
                        .hex();
                names.put(hex, entry.getName());
            }
        }
        return names;
    }

    @Test
    void challenge_hasAllImagesOfKumarInItsTrainingSetAndNoneInItsTestSet() throws Exception {
        Map<String, String> kumar = names(drive("DEMOkumar0000000000000001"));
        assertEquals(16, kumar.size());
        assertTrue(names(drive("DEMOmonuseg00000000000002")).keySet().containsAll(kumar.keySet()));
        kumar.keySet().retainAll(names(drive("DEMOmonuseg00000000000003")).keySet());
        assertEquals(0, kumar.size());
    }

    /** A file behind the page that wants a confirmation. */
    private static byte[] drive(String id) {
        DemoHost site = Objects.requireNonNull(DRAWN.hosts().get("drive.google.com"));
        String page = new String(site.respond("/uc", Map.of("id", id)).body(), StandardCharsets.UTF_8);
        assertTrue(page.contains("download-form") && page.contains(id), page);
        DemoHost content = Objects.requireNonNull(DRAWN.hosts().get("drive.usercontent.google.com"));
        return content.respond("/download", Map.of("id", id, "confirm", "t")).body();
    }

    @Test
    void commit_isTheIdThatGitGives() {
        GitRepo repo = new GitRepo("o", "r", List.of(GeneratedFile.text("hello.txt", "hello\n")));
        assertEquals("aaa96ced2d9a1c8e72c56b253a0e2fe78393feb7", repo.tree("").hex());
        assertEquals("18dd4d6c3c9d4d1345e94ef2e6951e0225c29d4a", repo.commit());
    }

    @Test
    void manifests_areWrittenUnderTheirIds() throws Problem {
        List<Path> files = DRAWN.writeManifests(folder);
        assertEquals(7, files.size());
        files.forEach(file -> assertTrue(Files.isRegularFile(file)));
        assertTrue(files.get(0).endsWith("demo-colon.yaml"));
    }

    @Test
    void folderThatIsAFile_isAProblemOfTheDisk() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        Problem problem = assertThrows(Problem.class, () -> DRAWN.writeManifests(file));
        assertEquals(Problem.Kind.DISK, problem.kind());
        assertFalse(problem.message().isEmpty());
    }
}
