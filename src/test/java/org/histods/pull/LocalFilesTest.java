package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.histods.testing.PullFixture.withLocalFiles;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.histods.fetch.FetchOrigin;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets that cannot be downloaded automatically: the instructions, and the local files that the user gives. */
final class LocalFilesTest {

    private static final byte[] LABELS = text("label");

    @TempDir
    Path temp;

    private PullFixture fixture;
    private byte[] zip;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        zip = ArchiveFixtures.zip(members("slides/1.txt", "one"));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private ManifestFile agreed() throws Problem {
        return new ManifestReader()
                .read(
                        """
                        id: toy
                        title: A toy
                        version: "1"
                        license: { spdx: CC-BY-NC-4.0, url: "https://terms.example/" }
                        access:
                          status: agreement
                          page: https://toy.example/request
                          steps: [Sign the form., Wait for the mail.]
                        sources:
                          - kind: manual
                            record: https://toy.example/request
                            official: true
                            files:
                        """.stripTrailing() + "\n" + pin("slides.zip", zip, "md5") + pin("labels.csv", LABELS, "md5"),
                        "toy.yaml",
                        null);
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(Files.createDirectories(temp.resolve("downloads")).resolve(name), bytes);
    }

    @Test
    void noLocalFiles_showsPageStepsTermsAndFiles() {
        Problem p = assertThrows(Problem.class, () -> fixture.pull(agreed()));
        assertEquals(3, p.kind().exit());
        for (String word : List.of(
                "https://toy.example/request",
                "1. Sign the form.",
                "2. Wait for the mail.",
                "CC-BY-NC-4.0",
                "slides.zip",
                "labels.csv")) {
            assertTrue(p.message().contains(word), () -> word + " is not in: " + p.message());
        }
        assertTrue(String.valueOf(p.hint()).contains("histods pull toy --from"), p.hint());
        assertEquals(List.of(), fixture.origin.calls());
    }

    @Test
    void unavailableWithoutSources_isReported() throws Exception {
        ManifestFile gone = new ManifestReader().read("""
                        id: toy
                        title: A toy
                        version: "1"
                        license: {}
                        sources: []
                        access: { status: unavailable, note: The server was switched off in 2019. }
                        landing: https://toy.example/
                        """, "toy.yaml", null);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(gone));
        assertEquals(Problem.Kind.PERSON, p.kind());
        assertTrue(p.message().contains("switched off in 2019"), p.message());
        assertTrue(p.message().contains("https://toy.example/"), p.message());
    }

    @Test
    void allLocalFiles_areRecognisedByChecksumAndRecordedWithoutTheirFolders() throws Exception {
        Puller.Result result =
                fixture.pull(withLocalFiles(agreed(), file("download (3).bin", zip), file("x.tmp", LABELS)));
        assertEquals(
                Map.of("slides/1.txt", "one", "labels.csv", "label"),
                PullFixture.filesBelow(result.bag().ref().data()));
        assertEquals(0, result.transferred());
        assertEquals(0, fixture.events.network.get());
        for (FetchResult fetch : fixture.events.fetched) {
            FetchOrigin origin = fetch.file().origin();
            assertEquals("verified", fetch.check());
            assertTrue(List.of("download (3).bin", "x.tmp").contains(String.valueOf(origin.localName())));
            assertEquals(null, origin.requested());
        }
        for (Map.Entry<String, String> tag :
                PullFixture.filesBelow(result.bag().ref().path()).entrySet()) {
            assertFalse(tag.getValue().contains(temp.toString()), tag.getKey());
        }
        // The person has it, and a second copy would only cost space.
        assertEquals(Map.of(), fixture.files("archives"));
        assertTrue(Files.exists(temp.resolve("downloads/x.tmp")));
    }

    @Test
    void someLocalFiles_theMissingOnesAreNamed() throws Exception {
        PullRequest request = withLocalFiles(agreed(), file("slides.zip", zip));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(request));
        assertEquals(Problem.Kind.PERSON, p.kind());
        assertTrue(p.message().contains("still missing: labels.csv"), p.message());
        assertFalse(p.message().contains("missing: slides.zip"), p.message());
        assertEquals(Map.of(), fixture.files("datasets"));
    }

    @Test
    void localFileWithOtherBytes_isRefusedWithBothChecksums() throws Exception {
        PullRequest request = withLocalFiles(agreed(), file("slides.zip", zip), file("labels.csv", text("LABEL")));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(request));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("expected  md5:" + ArchiveFixtures.hex("md5", LABELS)), p.message());
        assertTrue(p.message().contains(ArchiveFixtures.hex("md5", text("LABEL"))), p.message());
        assertFalse(p.message().contains("null"), p.message());
    }

    /** What another program may do to a file while it is read. */
    private enum Change {
        GROWS {
            @Override
            void to(Path file) throws IOException {
                Files.write(file, text("more"), StandardOpenOption.APPEND);
            }
        },
        SHRINKS {
            @Override
            void to(Path file) throws IOException {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.truncate(channel.size() / 2);
                }
            }
        },
        IS_WRITTEN_TO {
            @Override
            void to(Path file) throws IOException {
                FileTime time = Files.getLastModifiedTime(file);
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(text("other")), 100);
                }
                Files.setLastModifiedTime(file, time);
            }
        },
        IS_REPLACED {
            @Override
            void to(Path file) throws IOException {
                Path other = Files.write(file.resolveSibling("other"), ArchiveFixtures.noise(SIZE, 2));
                Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
            }
        },
        IS_DELETED {
            @Override
            void to(Path file) throws IOException {
                Files.delete(file);
            }
        };

        abstract void to(Path file) throws IOException;
    }

    private static final int SIZE = 3_000_000;

    /** As a browser that still downloads it. Nobody published a checksum that would show it. */
    @ParameterizedTest
    @EnumSource(Change.class)
    void localFileThatChangesWhileItIsRead_isNamed_andIsNotInTheMirror(Change change) throws Exception {
        ManifestFile manifest = plain(PullFixture.bare("slide.tif"));
        byte[] content = ArchiveFixtures.noise(SIZE, 1);
        Path slide = file("slide.tif", content);
        AtomicBoolean changed = new AtomicBoolean();
        PullFixture.PullEvents writer = new PullFixture.PullEvents() {
            @Override
            public void bytes(long count, boolean overNetwork) {
                if (changed.compareAndSet(false, true)) {
                    try {
                        change.to(slide);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            }
        };
        Problem p = assertThrows(Problem.class, () -> fixture.puller().pull(withLocalFiles(manifest, slide), writer));
        assertTrue(changed.get());
        assertTrue(
                p.message().contains(change == Change.IS_DELETED ? "slide.tif" : "changed while it was read"),
                p.message());
        assertTrue(fixture.mirror().bags().isEmpty());

        Files.write(slide, content);
        assertArrayEquals(
                content,
                Files.readAllBytes(fixture.pull(withLocalFiles(manifest, slide))
                        .bag()
                        .ref()
                        .data()
                        .resolve("slide.tif")));
    }

    @Test
    void localFileOfAnotherSize_isRefused() throws Exception {
        PullRequest request =
                withLocalFiles(agreed(), file("slides.zip", zip), file("labels.csv", text("a longer label")));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(request));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertFalse(p.message().contains("the host"), p.message());
    }

    @Test
    void unknownLocalFile_isRefusedWithTheExpectedNames() throws Exception {
        PullRequest request = withLocalFiles(agreed(), file("holiday.jpg", text("sea")));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(request));
        assertEquals(Problem.Kind.USAGE, p.kind());
        assertTrue(String.valueOf(p.hint()).contains("slides.zip, labels.csv"), p.hint());
    }

    @Test
    void localFileOfAnOpenDataset_onlyTheRestIsFetched() throws Exception {
        fixture.origin.put("/one.example/b.txt", text("b"));
        ManifestFile open = PullFixture.plain(pin("labels.csv", LABELS, "md5"), pin("b.txt", text("b"), "md5"));
        Puller.Result result = fixture.pull(withLocalFiles(open, file("labels.csv", LABELS)));
        assertEquals(2, result.bag().fileCount());
        assertEquals(1, result.transferred());
        assertEquals(
                List.of("/one.example/b.txt"),
                fixture.origin.calls().stream().map(c -> c.path()).toList());
    }

    @Test
    void emptyFolder_isRefused() throws Exception {
        PullRequest request = withLocalFiles(agreed(), dir("empty"));
        assertTrue(assertThrows(Problem.class, () -> fixture.pull(request))
                .message()
                .contains("contains no file of"));
    }

    private Path dir(String... files) throws Exception {
        Path folder = Files.createDirectories(temp.resolve("downloads/" + files[0]));
        for (int i = 1; i < files.length; i++) {
            Path file = folder.resolve(files[i]);
            Files.createDirectories(file.getParent());
            Files.writeString(file, files[i]);
        }
        return folder;
    }

    private static ManifestFile closed(String name) throws Problem {
        return manifest(
                "sources:\n  - kind: manual\n    record: https://form.example/\n    official: true\n    files:\n"
                        + "      - path: " + name + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"slides.rar", "slides.zip", "in/slides.tar.gz", "slides.7z"})
    void folderThatAnArchiveWasUnpackedToByHand_isTakenInItsPlace_andTheReceiptSaysSo(String archive) throws Exception {
        Path folder = dir("slides", "a/1.png", "2.png", "._2.png", ".DS_Store");
        Files.write(folder.resolve("._2.png"), new byte[] {0, 5, 0x16, 7});
        Puller.Result result = fixture.pull(withLocalFiles(closed(archive), folder));
        String into = archive.startsWith("in/") ? "in/" : "";
        assertEquals(
                List.of(into + "2.png", into + "a/1.png"),
                List.copyOf(PullFixture.filesBelow(result.bag().ref().data()).keySet()));
        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertTrue(receipt.contains("(unpacked by hand from slides."), receipt);
        assertTrue(receipt.contains("\"check\" : \"computed\""), receipt);
    }

    @ParameterizedTest
    @CsvSource({
        "slides.rar,slides-20240131T101112Z-001.zip,slides-20240131T101112Z-002.zip,false",
        "in/slides.zip,Slides-20240131T101112Z-1-001.zip,Slides-20240131T101112Z-1-002.zip,true",
        "slides.7z,drive-download-20240131T101112Z-001.zip,drive-download-20240131T101112Z-002.zip,true",
        "slides.tar.gz,slides-001.zip,slides-002.zip,false",
    })
    void zipsThatGoogleDriveMakesOfOneFolder_areTakenInPlaceOfTheArchive(
            String archive, String first, String second, boolean asFolder) throws Exception {
        Path one = file(first, ArchiveFixtures.zip(members("a/1.png", "one")));
        file(second, ArchiveFixtures.zip(members("a/2.png", "two")));
        ManifestFile manifest = closed(archive);
        Puller.Result result = fixture.pull(withLocalFiles(manifest, asFolder ? one.resolveSibling("") : one));
        String into = archive.startsWith("in/") ? "in/" : "";
        assertEquals(
                List.of(into + "a/1.png", into + "a/2.png"),
                List.copyOf(PullFixture.filesBelow(result.bag().ref().data()).keySet()));
        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertTrue(receipt.contains(first + " (of a series in place of slides."), receipt);
    }

    @Test
    void seriesOfZipsWithAGap_namesTheMissingOne() throws Exception {
        file("slides-001.zip", ArchiveFixtures.zip(members("a/1.png", "one")));
        Path third = file("slides-003.zip", ArchiveFixtures.zip(members("a/3.png", "three")));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(withLocalFiles(closed("slides.rar"), third)));
        assertTrue(p.message().contains("slides-002.zip is missing"), p.message());
    }

    @Test
    void filesOfTheSameNameInSeveralFolders_areRecognisedByTheirFolder() throws Exception {
        ManifestFile manifest = manifest("""
                sources:
                  - kind: manual
                    record: https://form.example/
                    official: true
                    files:
                      - path: a/1.png
                      - path: b/1.png
                """);
        Puller.Result result = fixture.pull(withLocalFiles(manifest, dir("given", "b/1.png", "a/1.png")));
        assertEquals("b/1.png", Files.readString(result.bag().ref().data().resolve("b/1.png")));
        assertEquals("a/1.png", Files.readString(result.bag().ref().data().resolve("a/1.png")));
    }

    @Test
    void folderWithTheDownloadedFiles_isSearchedForThem() throws Exception {
        Path folder = dir("inbox", "notes.txt");
        Files.write(folder.resolve("slides.zip"), zip);
        Puller.Result result = fixture.pull(withLocalFiles(plain(pin("slides.zip", zip, "md5")), folder));
        assertTrue(result.bag().fileCount() > 0);
    }

    /** Downloads twice, as browsers keep them. */
    @Test
    void folderWithTheSameFileTwiceAndOlderOnesOfItsName_isSearchedForTheRightOne() throws Exception {
        Path folder = dir("inbox", "old/slides.zip", "labels.csv");
        Files.write(folder.resolve("slides.zip"), zip);
        Files.write(folder.resolve("slides (1).zip"), zip);
        ManifestFile manifest = plain(pin("slides.zip", zip, "md5"));
        Puller.Result result = fixture.pull(withLocalFiles(manifest, folder));
        assertEquals("verified", result.bag().fetches().get(0).check());
        assertEquals(1, result.bag().fileCount());
        assertEquals(List.of(), fixture.origin.calls());
    }

    @Test
    void folderWithNothingOfTheDataset_isRefused() throws Exception {
        Path folder = dir("holiday", "1.jpg");
        Problem p = assertThrows(
                Problem.class,
                () -> fixture.pull(withLocalFiles(plain(pin("a.zip", zip, "md5"), pin("b.zip", zip, "md5")), folder)));
        assertEquals(Problem.Kind.USAGE, p.kind());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void numberedPieces_areJoined(boolean allGiven) throws Exception {
        Path folder = dir("pieces");
        int cut = zip.length / 2;
        Path one = Files.write(folder.resolve("slides.zip.001"), java.util.Arrays.copyOf(zip, cut));
        Path two = Files.write(folder.resolve("slides.zip.002"), java.util.Arrays.copyOfRange(zip, cut, zip.length));
        ManifestFile manifest = plain(pin("slides.zip", zip, "sha256"));
        Puller.Result result =
                fixture.pull(allGiven ? withLocalFiles(manifest, two, one) : withLocalFiles(manifest, one));
        assertTrue(Files.readString(result.bag().receiptFiles().get(0)).contains("\"check\" : \"verified\""));
        assertEquals(List.of(), fixture.origin.calls());
    }

    private Path cut(String... names) throws Exception {
        Path folder = dir("cut");
        for (int i = 0; i < names.length; i++) {
            int from = zip.length * i / names.length;
            Files.write(
                    folder.resolve(names[i]),
                    java.util.Arrays.copyOfRange(zip, from, zip.length * (i + 1) / names.length));
        }
        return folder;
    }

    @ParameterizedTest
    @CsvSource({
        "slides.zip.aa,slides.zip.ab,slides.zip.ac",
        "slides.zipaa,slides.zipab,slides.zipac",
        "slides.zip.partaa,slides.zip.partab,slides.zip.partac",
        "slides.zip.part1,slides.zip.part2,slides.zip.part3",
        "slides.zip.00,slides.zip.01,slides.zip.02",
        "slides.zip.0001,slides.zip.0002,slides.zip.0003",
        "slides.zip-part-01,slides.zip-part-02,slides.zip-part-03"
    })
    void piecesThatSplitMade_areJoined_whateverTheyAreCalled(String one, String two, String three) throws Exception {
        Path folder = cut(one, two, three);
        for (ManifestFile manifest : List.of(plain(pin("slides.zip", zip, "sha256")), closed("slides.zip"))) {
            for (List<Path> given : List.of(
                    List.of(folder),
                    List.of(folder.resolve(three), folder.resolve(one), folder.resolve(two)),
                    List.of(folder.resolve(two)))) {
                PullRequest request = withLocalFiles(manifest, given.toArray(new Path[0]));
                Puller.Result result = fixture.pull(request);
                assertEquals(
                        List.of("slides/1.txt"),
                        List.copyOf(PullFixture.filesBelow(result.bag().ref().data())
                                .keySet()));
                fixture.close();
                fixture = new PullFixture(Files.createTempDirectory(temp, "next"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slides.zip.part%d", "slides.zip.part%02d", "slides.zip.%03d"})
    void twelvePieces_areJoinedInTheOrderOfTheirNumbers(String name) throws Exception {
        Path folder = cut(java.util.stream.IntStream.rangeClosed(1, 12)
                .mapToObj(name::formatted)
                .toArray(String[]::new));
        Puller.Result result = fixture.pull(withLocalFiles(plain(pin("slides.zip", zip, "md5")), folder));
        assertEquals("verified", result.bag().fetches().get(0).check());
    }

    @ParameterizedTest
    @CsvSource({"slides.zip.aa,slides.zip.ac,slides.zip.ab", "slides.zip.part1,slides.zip.part3,slides.zip.part2"})
    void pieceThatIsMissing_isNamed_alsoOfSplit(String one, String other, String missing) throws Exception {
        Path folder = cut(one, other);
        Problem p = assertThrows(
                Problem.class, () -> fixture.pull(withLocalFiles(closed("slides.zip"), folder.resolve(other))));
        assertTrue(p.message().contains("other pieces are missing: " + missing), p.message());
    }

    @Test
    void piecesOfAFileOfWhichNothingIsKnown_areNotJoined_becauseTheLastMayBeMissing() throws Exception {
        Path folder = cut("slide.svs.aa", "slide.svs.ab");
        Problem p = assertThrows(Problem.class, () -> fixture.pull(withLocalFiles(closed("slide.svs"), folder)));
        assertTrue(p.message().contains("no size and no checksum is published"), p.message());
        assertEquals("join the pieces yourself, and give slide.svs", p.hint());
    }

    @Test
    void archiveBesideThePiecesItWasJoinedOf_isTaken_andThePiecesAreNamed() throws Exception {
        Path folder = cut("slides.zip.aa", "slides.zip.ab");
        Files.write(folder.resolve("slides.zip"), zip);
        Puller.Result result = fixture.pull(withLocalFiles(plain(pin("slides.zip", zip, "md5")), folder));
        assertEquals(1, result.bag().fileCount());
        assertTrue(String.join("\n", fixture.events.notes).contains("slides.zip.aa, slides.zip.ab"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"IM.001,IM.002,IM.003", "a.aa,a.ab", "scan.part1,scan.part2", "7,8"})
    void numberedFilesOfADatasetThatListsNone_areAllTaken(String names) throws Exception {
        List<String> files = List.of(names.split(","));
        for (boolean inFolder : List.of(false, true)) {
            Path folder = dir("numbered");
            for (String name : files) {
                Files.writeString(folder.resolve(name), name);
            }
            Path[] given = inFolder
                    ? new Path[] {folder}
                    : files.stream().map(folder::resolve).toArray(Path[]::new);
            Puller.Result result = fixture.pull(withLocalFiles(unlisted(), given));
            assertEquals(
                    files,
                    List.copyOf(
                            PullFixture.filesBelow(result.bag().ref().data()).keySet()));
            fixture.close();
            fixture = new PullFixture(Files.createTempDirectory(temp, "next"));
        }
    }

    private static ManifestFile unlisted() throws Problem {
        return manifest("sources:\n  - kind: manual\n    record: https://form.example/\n    official: true\n");
    }

    @Test
    void laterPieceOfAFileThatTheDatasetHasNot_isRefusedByName() throws Exception {
        file("IM.001", text("1"));
        file("IM.002", text("2"));
        Path folder = temp.resolve("downloads");
        Problem p = assertThrows(
                Problem.class,
                () -> fixture.pull(
                        withLocalFiles(closed("IM.001"), folder.resolve("IM.001"), folder.resolve("IM.002"))));
        assertTrue(p.message().contains("IM.002 is not a file of toy"), p.message());
    }

    @Test
    void filesOfAFolderThatAreNotOfTheDataset_areNamed() throws Exception {
        Path folder = dir("inbox", "IM.002", "notes.txt");
        Files.write(folder.resolve("slides.zip"), zip);
        fixture.pull(withLocalFiles(plain(pin("slides.zip", zip, "md5")), folder));
        assertTrue(
                String.join("\n", fixture.events.notes)
                        .contains("not taken, because they are no files of toy: IM.002, notes.txt"),
                fixture.events.notes.toString());
    }

    @Test
    void filesGivenForADatasetThatIsInTheMirror_areNotPassedOverSilently() throws Exception {
        fixture.pull(withLocalFiles(unlisted(), file("IM.001", text("1"))));
        Puller.Result result = fixture.pull(withLocalFiles(unlisted(), file("IM.002", text("2"))));
        assertEquals(1, result.bag().fileCount());
        String notes = String.join("\n", fixture.events.notes);
        assertTrue(notes.contains("not read: ") && notes.contains("IM.002, because toy has in the mirror"), notes);
    }

    @Test
    void volumesOfARar_areCalledThat() throws Exception {
        Path given = file("slides.part1.rar", text("Rar!"));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(withLocalFiles(closed("slides.rar"), given)));
        assertTrue(p.message().contains("is one volume of a rar archive"), p.message());
        assertTrue(String.valueOf(p.hint()).contains("unrar x slides.part1.rar"), p.hint());
    }

    private Path pieces(int... numbers) throws Exception {
        Path folder = dir("pieces");
        int third = zip.length / 3;
        for (int number : numbers) {
            int end = number == 3 ? zip.length : number * third;
            Files.write(
                    folder.resolve("slides.zip.00" + number),
                    java.util.Arrays.copyOfRange(zip, (number - 1) * third, end));
        }
        return folder;
    }

    @ParameterizedTest
    @CsvSource({"1,0,slides.zip.002", "1,3,slides.zip.002", "2,3,slides.zip.001", "1,2,slides.zip.003"})
    void someDownloadedPiecesOfAnArchive_theMissingOnesAreNamed_andItIsNotCalledDamaged(
            int one, int other, String missing) throws Exception {
        Path folder = other == 0 ? pieces(one) : pieces(one, other);
        for (ManifestFile manifest : List.of(closed("slides.zip"), plain(pin("slides.zip", zip, "md5")))) {
            for (Path given : List.of(folder, folder.resolve("slides.zip.00" + one))) {
                Problem p = assertThrows(Problem.class, () -> fixture.pull(withLocalFiles(manifest, given)));
                assertTrue(p.message().contains("other pieces are missing: " + missing), p.message());
            }
        }
    }

    @Test
    void anyPieceOfAnArchive_findsTheOthersBesideIt() throws Exception {
        Path folder = pieces(1, 2, 3);
        Puller.Result result =
                fixture.pull(withLocalFiles(plain(pin("slides.zip", zip, "md5")), folder.resolve("slides.zip.002")));
        assertEquals("verified", result.bag().fetches().get(0).check());
    }

    private static ManifestFile closed(String... names) throws Problem {
        return closed(String.join("\n      - path: ", names));
    }

    @ParameterizedTest
    @ValueSource(strings = {"slides.zip", "slides", ""})
    void piecesThatTheDatasetLists_mayBeJoinedOrUnpackedByHand(String given) throws Exception {
        for (ManifestFile manifest : List.of(
                closed(new String[] {"slides.zip.001", "slides.zip.002", "slides.zip.003"}),
                closed(new String[] {"slides.z01", "slides.z02", "slides.zip"}))) {
            Path folder = temp.resolve("downloads");
            if (given.equals("slides")) {
                dir("slides", "slides/1.txt");
            } else {
                Files.write(Files.createDirectories(folder).resolve("slides.zip"), zip);
            }
            Puller.Result result = fixture.pull(withLocalFiles(manifest, folder.resolve(given)));
            assertEquals(
                    List.of("slides/1.txt"),
                    List.copyOf(
                            PullFixture.filesBelow(result.bag().ref().data()).keySet()));
            String receipt = Files.readString(result.bag().receiptFiles().get(0));
            assertTrue(receipt.contains(given.equals("slides") ? "unpacked by hand" : "joined by hand"), receipt);
            fixture.close();
            fixture = new PullFixture(Files.createTempDirectory(temp, "next"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"slides.z01", "x.z01", "x.zip"})
    void partsOfAZipThatWasSplit_theHintSaysHowToJoinThemUnderTheNameOfTheDataset(String first) throws Exception {
        String stem = first.substring(0, first.lastIndexOf('.'));
        file(stem + ".z01", text("one"));
        file(stem + ".z02", text("two"));
        file(stem + ".zip", text("last"));
        Path folder = temp.resolve("downloads");
        Problem p = assertThrows(
                Problem.class,
                () -> fixture.pull(
                        withLocalFiles(closed("slides.zip"), folder.resolve(first), folder.resolve(stem + ".z02"))));
        assertTrue(String.valueOf(p.hint()).contains("zip -s 0 " + stem + ".zip --out joined/slides.zip"), p.hint());
    }

    @Test
    void archiveUnderAnotherName_theHintSaysToRenameIt() throws Exception {
        Path given = file("joined.zip", zip);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(withLocalFiles(closed("slides.rar"), given)));
        assertTrue(String.valueOf(p.hint()).contains("if it is slides.rar, rename it"), p.hint());
    }

    @Test
    void filesOfMacOsInAFolder_areLeftOutAndListed_andThoseOfAPersonAreKept() throws Exception {
        Path folder = dir("slides", "1.png", "._own", "__MACOSX/x", "a/.DS_Store", "._1.png");
        Files.write(folder.resolve("._1.png"), new byte[] {0, 5, 0x16, 7, 0, 2, 0, 0});
        Files.write(folder.resolve("._empty.png"), new byte[0]);
        Puller.Result result = fixture.pull(withLocalFiles(closed("slides.rar"), folder));
        assertEquals(
                List.of("._empty.png", "._own", "1.png"),
                List.copyOf(PullFixture.filesBelow(result.bag().ref().data()).keySet()));
        String receipt = Files.readString(result.bag().receiptFiles().get(0)).replaceAll("\\s+", "");
        assertTrue(receipt.contains("\"leftOut\":[\"._1.png\",\"__MACOSX/x\",\"a/.DS_Store\"]"), receipt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"set.tar.gz", "set.tgz", "set.tar.xz"})
    void tarThatSafariDecompressed_isTakenInPlaceOfTheCompressedOne(String archive) throws Exception {
        byte[] gz = ArchiveFixtures.tarGz(members("a/1.txt", "one"));
        Path tar = file("set.tar", new GZIPInputStream(new ByteArrayInputStream(gz)).readAllBytes());
        Puller.Result result = fixture.pull(withLocalFiles(plain(pin(archive, text("other"), "md5")), tar));
        assertTrue(Files.exists(result.bag().ref().data().resolve("a/1.txt")));
        assertEquals("computed", result.bag().fetches().get(0).check());
        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertTrue(receipt.contains("set.tar (decompressed from " + archive + ")"), receipt);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two/b.txt", "two.tar.gz"})
    void downloadsFolderWithAnUnpackedArchiveAndAnother_hasBoth(String second) throws Exception {
        Path folder = dir("inbox", "one/a.txt", "notes.txt");
        if (second.equals("two.tar.gz")) {
            Files.write(folder.resolve(second), ArchiveFixtures.tarGz(members("b.txt", "two")));
        } else {
            dir("inbox", second);
        }
        Puller.Result result = fixture.pull(withLocalFiles(closed(new String[] {"one.tar.gz", "two.tar.gz"}), folder));
        assertEquals(
                List.of("a.txt", "b.txt"),
                List.copyOf(PullFixture.filesBelow(result.bag().ref().data()).keySet()));
    }

    @Test
    void linksToFoldersOrToNothingInAFolder_areListedAsLeftOut() throws Exception {
        Path folder = dir("slides", "1.png");
        Files.createSymbolicLink(folder.resolve("dead"), Path.of("nowhere"));
        Files.createSymbolicLink(folder.resolve("other"), temp);
        Puller.Result result = fixture.pull(withLocalFiles(closed("slides.rar"), folder));
        String receipt = Files.readString(result.bag().receiptFiles().get(0)).replaceAll("\\s+", "");
        assertTrue(receipt.contains("\"leftOut\":[\"dead\",\"other\"]"), receipt);
    }
}
