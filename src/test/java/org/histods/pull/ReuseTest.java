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

/** What a pulled dataset or version has is linked and not fetched again. */
final class ReuseTest {

    private static final byte[] SLIDE = noise(50_000, 1);
    private static final byte[] LABELS = noise(1000, 2);
    private static final byte[] NEW_LABELS = noise(1100, 3);

    @TempDir
    Path temp;

    private PullFixture world;
    private byte[] zip;

    @BeforeEach
    void open() throws Exception {
        world = new PullFixture(temp);
        try (SparseZip tiles = new SparseZip(temp.resolve("tiles.zip"))) {
            tiles.add("a/1.png", noise(3000, 4));
            tiles.add("a/2.png", noise(3000, 5));
            tiles.finish();
            zip = tiles.bytes();
        }
        world.origin.put("/one.example/slide.svs", SLIDE);
        world.origin.put("/one.example/labels.csv", LABELS);
        world.origin.put("/one.example/tiles.zip", zip);
    }

    @AfterEach
    void close() throws IOException {
        world.close();
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
        Bag first = world.pull(version("1", LABELS)).bag();
        world.origin.put("/one.example/labels.csv", NEW_LABELS);
        Puller.Result second = world.pull(version("2", NEW_LABELS));
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
            assertTrue(world.verify(bag, BagVerifier.Level.FULL).ok());
            assertEquals(
                    0,
                    world.verify(bag, BagVerifier.Level.USUAL).read(),
                    bag.ref().version() + " is read again");
        }
    }

    @Test
    void anotherDatasetWithTheSameFileUnderAnotherName_linksIt() throws Exception {
        Bag first = world.pull(version("1", LABELS)).bag();
        Puller.Result other = world.pull(dataset("other", "7", pin("images/1.svs", SLIDE, "md5")));
        assertEquals(0, other.transferred());
        assertTrue(Files.isSameFile(file(first, "slide.svs"), file(other.bag(), "images/1.svs")));
    }

    /** A file that somebody changed in the mirror is not what the record says. */
    @Test
    void aChangedFileOfTheMirror_isNotReused() throws Exception {
        Bag first = world.pull(version("1", LABELS)).bag();
        Path slide = file(first, "slide.svs");
        assertTrue(slide.toFile().setWritable(true));
        byte[] changed = SLIDE.clone();
        changed[7]++;
        Files.write(slide, changed);
        Bag second = world.pull(version("2", LABELS)).bag();
        assertFalse(Files.isSameFile(slide, file(second, "slide.svs")));
        assertArrayEquals(SLIDE, Files.readAllBytes(file(second, "slide.svs")));
    }
}
