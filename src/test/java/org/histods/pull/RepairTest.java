package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.histods.digest.BlockChecksums;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.histods.testing.SparseZip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changed and lost files are restored, and nothing else. */
final class RepairTest {

    @TempDir
    Path temp;

    private PullFixture fixture;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        byte[] zip = ArchiveFixtures.zip(members("x/1.txt", "one", "x/2.txt", "two"));
        byte[] tar = ArchiveFixtures.tarGz(members("run.sh*", "#!/bin/sh", "readme", "r"));
        fixture.origin.put("/one.example/a.zip", zip);
        fixture.origin.put("/one.example/b.tar.gz", tar);
        fixture.origin.put("/one.example/c.txt", text("ccc"));
        manifest = plain(pin("a.zip", zip, "md5"), pin("b.tar.gz", tar, "md5"), bare("c.txt"));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static void overwrite(Bag bag, String path, String content) throws IOException {
        Path file = bag.ref().data().resolve(path);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(file, content);
    }

    private static Set<FilePath> broken(BagVerifier.Report report) {
        Set<FilePath> broken = new TreeSet<>(report.changed());
        broken.addAll(report.missing());
        return broken;
    }

    private Puller.Result repair(BagVerifier.Report report) throws Problem {
        return fixture.puller().repair(PullRequest.of(manifest), broken(report), fixture.events);
    }

    @Test
    void nameInAnotherUnicodeForm_asAfterACopyThroughMacOs_isTheFile_andReported() throws Exception {
        fixture.origin.put("/one.example/Dr%C3%BCse/%C3%BC.txt", text("ue"));
        Bag bag = fixture.pull(plain(bare("Dr\u00fcse/\u00fc.txt"), bare("c.txt")))
                .bag();
        Path data = bag.ref().data();
        Files.move(data.resolve("Dr\u00fcse/\u00fc.txt"), data.resolve("Dr\u00fcse/u\u0308.txt"));
        Files.move(data.resolve("Dr\u00fcse"), data.resolve("Dru\u0308se"));
        for (BagVerifier.Level level : BagVerifier.Level.values()) {
            BagVerifier.Report report = fixture.verify(bag, level);
            assertEquals(List.of(new FilePath("Dr\u00fcse/\u00fc.txt")), report.otherForms(), level.toString());
            assertEquals(List.of(), report.missing());
            assertEquals(List.of(), report.extra());
        }
        assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
        overwrite(bag, "Dru\u0308se/u\u0308.txt", "uE");
        assertEquals(
                List.of(new FilePath("Dr\u00fcse/\u00fc.txt")),
                fixture.verify(bag, BagVerifier.Level.USUAL).changed());
        Files.copy(data.resolve("Dru\u0308se/u\u0308.txt"), data.resolve("u\u0308.txt"));
        assertEquals(
                List.of("u\u0308.txt"),
                fixture.verify(bag, BagVerifier.Level.USUAL).extra());
    }

    @Test
    void changedAndDeletedFiles_areFoundAndRepaired() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        overwrite(bag, "x/1.txt", "onE");
        Files.delete(bag.ref().data().resolve("run.sh"));
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.USUAL);
        assertFalse(report.ok());
        assertEquals("[x/1.txt] [run.sh]", report.changed() + " " + report.missing());
        fixture.origin.forget();
        Bag mended = repair(report).bag();
        assertEquals(bag.fingerprint(), mended.fingerprint());
        assertTrue(fixture.verify(mended, BagVerifier.Level.FULL).ok());
        assertTrue(Files.isExecutable(mended.ref().data().resolve("run.sh")));
        assertEquals(
                List.of("/one.example/a.zip", "/one.example/b.tar.gz"),
                fixture.origin.calls().stream()
                        .map(FakeOrigin.Call::path)
                        .sorted()
                        .toList());
        assertEquals(2, mended.receiptFiles().size());
        assertEquals(Map.of(), fixture.files("staging"));
    }

    /** A flipped bit in a slide of gigabytes costs one block, not the slide. */
    @ParameterizedTest
    @CsvSource({
        "md5, 1, 100",
        "md5, 1, 20000000",
        "md5, 4, 20000000",
        "none, 1, 20000000",
        "md5, 1, 39999999",
        "md5, 1, truncated",
        "md5, 1, grown"
    })
    void damagedPartOfALargeFile_isFetchedAlone(String published, int segments, String where) throws Exception {
        byte[] slide = SparseZip.noise(40_000_000, 5);
        fixture.segments = segments;
        fixture.origin.put("/one.example/slide.svs", slide, "\"v1\"");
        manifest = plain(published.equals("none") ? bare("slide.svs") : pin("slide.svs", slide, published));
        Bag bag = fixture.pull(manifest).bag();
        Path file = bag.ref().data().resolve("slide.svs");
        assertTrue(file.toFile().setWritable(true));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            switch (where) {
                case "truncated" -> channel.truncate(34_000_000);
                case "grown" -> channel.write(ByteBuffer.wrap(text("more")), slide.length);
                default -> {
                    long position = Long.parseLong(where);
                    channel.write(ByteBuffer.wrap(new byte[] {(byte) (slide[(int) position] + 1)}), position);
                }
            }
        }
        fixture.origin.forget();
        long before = fixture.origin.sent();
        Bag mended = repair(fixture.verify(bag, BagVerifier.Level.FULL)).bag();
        assertEquals(bag.fingerprint(), mended.fingerprint());
        assertTrue(fixture.verify(mended, BagVerifier.Level.FULL).ok());
        long sent = fixture.origin.sent() - before;
        assertTrue(sent < BlockChecksums.BLOCK + 100_000, "sent " + sent);
        assertEquals(Map.of(), fixture.files("partial"));
    }

    @Test
    void largeFileThatChangedAtTheHost_isNotMixedWithTheDamagedOne() throws Exception {
        byte[] slide = SparseZip.noise(40_000_000, 5);
        fixture.origin.put("/one.example/slide.svs", slide, "\"v1\"");
        manifest = plain(bare("slide.svs"));
        Bag bag = fixture.pull(manifest).bag();
        Path file = bag.ref().data().resolve("slide.svs");
        assertTrue(file.toFile().setWritable(true));
        Files.write(file, new byte[] {1}, StandardOpenOption.WRITE);
        fixture.origin.put("/one.example/slide.svs", SparseZip.noise(40_000_000, 6), "\"v2\"");
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.FULL);
        Problem problem = assertThrows(Problem.class, () -> repair(report));
        assertEquals(Problem.Kind.UPSTREAM_CHANGED, problem.kind());
        assertEquals(bag.fingerprint(), Bag.read(bag.ref()).fingerprint());
    }

    @Test
    void fileWithoutChecksumWithNewContent_isNotARepair() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Files.delete(bag.ref().data().resolve("c.txt"));
        fixture.origin.put("/one.example/c.txt", text("CCC"));
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.USUAL);
        Problem p = assertThrows(Problem.class, () -> repair(report));
        assertEquals(Problem.Kind.UPSTREAM_CHANGED, p.kind());
        assertTrue(p.message().contains("c.txt"), p.message());
        assertEquals(bag.fingerprint(), Bag.read(bag.ref()).fingerprint());
        assertEquals(3, PullFixture.filesBelow(bag.ref().data()).size() - 1);
    }

    @Test
    void fileThatNoSourceHasAnyMore_failsTheRepair() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Files.delete(bag.ref().data().resolve("c.txt"));
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.USUAL);
        ManifestFile without = plain(bare("d.txt"));
        fixture.origin.put("/one.example/d.txt", text("d"));
        Problem p = assertThrows(
                Problem.class, () -> fixture.puller().repair(PullRequest.of(without), broken(report), fixture.events));
        assertEquals(Problem.Kind.UPSTREAM_CHANGED, p.kind());
        assertTrue(p.message().contains("c.txt"), p.message());
        assertEquals(5, Bag.read(bag.ref()).checksums().size());
    }

    @Test
    void readOnlyMirror_canBeVerified() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Path stamps = fixture.root.resolve("stamps");
        Files.delete(stamps.resolve("toy/1.tsv"));
        Files.delete(stamps.resolve("toy"));
        Files.delete(stamps);
        Files.writeString(stamps, "a file where a folder would be");
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.FULL);
        assertTrue(report.ok());
        assertEquals(5, report.read());
    }

    @Test
    void allFilesLost_areAllFound() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        for (String path : PullFixture.filesBelow(bag.ref().data()).keySet()) {
            Files.delete(bag.ref().data().resolve(path));
        }
        Files.delete(bag.ref().data().resolve("x"));
        Files.delete(bag.ref().data());
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.USUAL);
        assertEquals(5, report.missing().size());
        Bag mended = repair(report).bag();
        assertEquals(bag.fingerprint(), mended.fingerprint());
        assertTrue(fixture.verify(mended, BagVerifier.Level.FULL).ok());
    }

    @Test
    void fullVerify_findsAChangeThatKeepsSizeAndTimes() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Path file = bag.ref().data().resolve("c.txt");
        var time = Files.getLastModifiedTime(file);
        overwrite(bag, "c.txt", "xxx");
        Files.setLastModifiedTime(file, time);
        assertEquals(
                "[c.txt]",
                fixture.verify(bag, BagVerifier.Level.USUAL).changed().toString());
        assertEquals(
                "[c.txt]",
                fixture.verify(bag, BagVerifier.Level.QUICK).changed().toString());
        assertEquals(
                "[c.txt]", fixture.verify(bag, BagVerifier.Level.FULL).changed().toString());
    }

    @Test
    void extraFilesAndTouchedRecords_areNamed() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Files.writeString(bag.ref().data().resolve("extra.txt"), "e");
        Path info = bag.ref().path().resolve("receipts/0001-pull.json");
        Files.setPosixFilePermissions(info, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(info, "{}");
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.USUAL);
        assertEquals(List.of("extra.txt"), report.extra());
        assertEquals(List.of("receipts/0001-pull.json was changed"), report.record());
    }

    @Test
    void fileThatIsWrittenToAfterItWasRead_isReadTheNextTime() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        BagVerifier.Report first = new BagVerifier(1)
                .verify(
                        bag,
                        fixture.mirror().stamps(bag.ref()),
                        BagVerifier.Level.FULL,
                        read -> overwriteTheFirst(bag));
        assertTrue(first.ok(), first.toString());
        assertEquals(
                "[c.txt]",
                fixture.verify(bag, BagVerifier.Level.USUAL).changed().toString());
    }

    private static void overwriteTheFirst(Bag bag) {
        try {
            overwrite(bag, "c.txt", "CCC");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
