package org.histods.pull;

import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.source;
import static org.histods.testing.SparseZip.noise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.LocalContent;
import org.histods.testing.PullFixture;
import org.histods.testing.SparseZip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that a pulled dataset or version already has are linked instead of fetched again. */
final class ReuseTest {

    private static final byte[] SLIDE = noise(50_000, 1);
    private static final byte[] LABELS = noise(1000, 2);
    private static final byte[] NEW_LABELS = noise(1100, 3);

    @TempDir
    Path temp;

    private PullFixture fixture;
    private byte[] zip;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        try (SparseZip tiles = new SparseZip(temp.resolve("tiles.zip"))) {
            tiles.add("a/1.png", noise(3000, 4));
            tiles.add("a/2.png", noise(3000, 5));
            tiles.finish();
            zip = tiles.bytes();
        }
        fixture.origin.put("/one.example/slide.svs", SLIDE);
        fixture.origin.put("/one.example/labels.csv", LABELS);
        fixture.origin.put("/one.example/tiles.zip", zip);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static ManifestFile dataset(String id, String version, String... pins) throws Problem {
        return new ManifestReader()
                .read(
                        "id: " + id + "\ntitle: A toy\nversion: \"" + version
                                + "\"\nlicense: { spdx: CC0-1.0 }\naccess: { status: open }\nsources:\n"
                                + source("one.example", pins),
                        id + ".yaml",
                        null);
    }

    private ManifestFile version(String version, byte[] labels) throws Problem {
        return dataset(
                "toy",
                version,
                pin("slide.svs", SLIDE, "md5"),
                pin("labels.csv", labels, "md5"),
                pin("tiles.zip", zip, "md5"));
    }

    private static Path file(Bag bag, String path) {
        return bag.ref().data().resolve(path);
    }

    @Test
    void aNewVersionWithOneChangedFile_transfersThatFileOnly() throws Exception {
        Bag first = fixture.pull(version("1", LABELS)).bag();
        fixture.origin.put("/one.example/labels.csv", NEW_LABELS);
        Puller.Result second = fixture.pull(version("2", NEW_LABELS));
        assertEquals(NEW_LABELS.length, second.transferred());
        assertEquals(4, second.bag().fileCount());
        for (String same : List.of("slide.svs", "a/1.png", "a/2.png")) {
            assertTrue(Files.isSameFile(file(first, same), file(second.bag(), same)), same);
        }
        assertArrayEquals(NEW_LABELS, Files.readAllBytes(file(second.bag(), "labels.csv")));
        FetchRecord slide = second.bag().fetches().stream()
                .filter(fetch -> fetch.path().equals("slide.svs"))
                .findFirst()
                .orElseThrow();
        LocalContent local = slide.local();
        assertTrue(local != null && local.from().equals("toy@1"), slide.json() + "");
        assertTrue(slide.verified());
        assertEquals("https://one.example/slide.svs", slide.url());
        assertEquals("a/1.png", second.bag().files().get(0).entry());
        for (Bag bag : List.of(first, second.bag())) {
            assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
            assertEquals(
                    0,
                    fixture.verify(bag, BagVerifier.Level.USUAL).read(),
                    bag.ref().version() + " is read again");
        }
    }

    /** Fifty files of 10 kB, of which the third has that seed, in a folder. */
    private byte[] archive(String folder, int seed) throws IOException {
        try (SparseZip archive = new SparseZip(temp.resolve(folder.replace('/', '-') + seed + ".zip"))) {
            for (int i = 0; i < 50; i++) {
                archive.add(folder + i + ".png", noise(10_000, i == 3 ? seed : 100 + i));
            }
            archive.finish();
            byte[] bytes = archive.bytes();
            fixture.origin.put("/one.example/images.zip", bytes);
            return bytes;
        }
    }

    private Puller.Result pullArchive(String version, byte[] bytes) throws Problem {
        return fixture.pull(dataset("toy", version, pin("images.zip", bytes, "md5")));
    }

    @Test
    void aZipOfANewVersionWithOneChangedFile_transfersThatFileAndTheDirectoryOnly() throws Exception {
        Bag first = pullArchive("1", archive("images/", 1)).bag();
        byte[] second = archive("images/", 2);
        Puller.Result result = pullArchive("2", second);
        assertTrue(result.transferred() < 20_000, result.transferred() + " bytes");
        assertEquals(50, result.bag().fileCount());
        assertArrayEquals(noise(10_000, 2), Files.readAllBytes(file(result.bag(), "images/3.png")));
        assertTrue(Files.isSameFile(file(first, "images/4.png"), file(result.bag(), "images/4.png")));
        FetchRecord fetch = result.bag().fetches().get(0);
        assertEquals("not-compared", fetch.check());
        LocalContent local = fetch.local();
        assertEquals(
                new LocalContent("toy@1", List.of(new LocalContent.Group(LocalContent.CRC32, 49, 490_000))), local);
        assertTrue(
                fixture.events.notes.toString().contains("its own checksum cannot be compared"),
                fixture.events.notes + "");
        for (Bag bag : List.of(first, result.bag())) {
            assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
            assertEquals(0, fixture.verify(bag, BagVerifier.Level.USUAL).read());
        }
        // The record of the second has no checksum of its zip.
        Puller.Result third = pullArchive("3", archive("images/", 3));
        assertTrue(third.transferred() < 20_000, third.transferred() + " bytes");
    }

    @Test
    void aZipOfANewVersionWithTheSameFilesInAnotherFolder_transfersTheDirectoryOnly() throws Exception {
        pullArchive("1", archive("images/", 1));
        Puller.Result result = pullArchive("2", archive("release-2/images/", 1));
        assertTrue(result.transferred() < 10_000, result.transferred() + " bytes");
        assertArrayEquals(noise(10_000, 1), Files.readAllBytes(file(result.bag(), "release-2/images/3.png")));
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
    }

    /** The file has the size and the CRC-32 of neither version any more. */
    @Test
    void aZipOfANewVersionWhereAFileOfTheOldWasChangedOnDisk_transfersThatFileToo() throws Exception {
        Bag first = pullArchive("1", archive("images/", 1)).bag();
        Path changed = file(first, "images/7.png");
        assertTrue(changed.toFile().setWritable(true));
        byte[] content = Files.readAllBytes(changed);
        content[5]++;
        Files.write(changed, content);
        Puller.Result result = pullArchive("2", archive("images/", 2));
        assertTrue(result.transferred() > 20_000 && result.transferred() < 40_000, result.transferred() + " bytes");
        assertArrayEquals(noise(10_000, 107), Files.readAllBytes(file(result.bag(), "images/7.png")));
    }

    @Test
    void aZipOfANewVersion_ifArchivesAreKept_isComparedAsAWhole() throws Exception {
        pullArchive("1", archive("images/", 1));
        byte[] second = archive("images/", 2);
        ManifestFile version = dataset("toy", "2", pin("images.zip", second, "md5"));
        PullRequest kept = new PullRequest(version, null, List.of(), null, List.of(), true, 4);
        Puller.Result result = fixture.pull(kept);
        assertEquals(second.length, result.transferred());
        assertEquals("verified", result.bag().fetches().get(0).check());
    }

    @Test
    void anotherDatasetWithTheSameFileUnderAnotherName_linksIt() throws Exception {
        Bag first = fixture.pull(version("1", LABELS)).bag();
        Puller.Result other = fixture.pull(dataset("other", "7", pin("images/1.svs", SLIDE, "md5")));
        assertEquals(0, other.transferred());
        assertTrue(Files.isSameFile(file(first, "slide.svs"), file(other.bag(), "images/1.svs")));
    }

    /** A file that somebody changed in the mirror is not what the record says. */
    @Test
    void aChangedFileOfTheMirror_isNotReused() throws Exception {
        Bag first = fixture.pull(version("1", LABELS)).bag();
        Path slide = file(first, "slide.svs");
        assertTrue(slide.toFile().setWritable(true));
        byte[] changed = SLIDE.clone();
        changed[7]++;
        Files.write(slide, changed);
        Bag second = fixture.pull(version("2", LABELS)).bag();
        assertFalse(Files.isSameFile(slide, file(second, "slide.svs")));
        assertArrayEquals(SLIDE, Files.readAllBytes(file(second, "slide.svs")));
    }
}
