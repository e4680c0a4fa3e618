package org.histods.pull;

import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.only;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.SparseZip.noise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.FaultyMirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.FetchRecord;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.histods.testing.SparseZip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Some files of a large zip at a host are fetched without the rest, or all of it where that is not safe. */
final class RemoteZipTest {

    private static final String PATH = "/one.example/big.zip";
    private static final String TAG = "\"v1\"";

    @TempDir
    Path temp;

    private PullFixture fixture;
    private SparseZip zip;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        zip = new SparseZip(temp.resolve("big.zip"));
        manifest = plain(bare("big.zip"));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
        zip.close();
    }

    /** Three files of 100 kB, each in front of a hole. */
    private long small(long hole) throws IOException {
        long packed = 0;
        for (int i = 1; i <= 3; i++) {
            packed += zip.add("tiles/" + i + ".png", noise(100_000, i));
            zip.hole("holes/" + i + ".bin", hole);
        }
        zip.finish();
        return packed;
    }

    private static byte[] content(Bag bag, String path) throws IOException {
        return Files.readAllBytes(bag.ref().data().resolve(path));
    }

    private FetchRecord fetch(Bag bag) throws Problem {
        return bag.fetches().get(bag.fetches().size() - 1);
    }

    private String notes() {
        return String.join("\n", fixture.events.notes);
    }

    @Test
    void oneFileOfTwoGigabytes_costsLittleMoreThanItsPackedBytesAndTheDirectory() throws Exception {
        zip.hole("a.bin", 900_000_000L);
        long packed = zip.add("tiles/1.png", noise(300_000, 1));
        zip.hole("b.bin", 1_200_000_000L);
        for (int i = 0; i < 3000; i++) {
            zip.add("more/" + i + ".txt", noise(20, i));
        }
        long directory = zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Puller.Result result = fixture.pull(only(manifest, "tiles/*"));
        assertArrayEquals(noise(300_000, 1), content(result.bag(), "tiles/1.png"));
        assertEquals(1, result.bag().fileCount());
        assertTrue(zip.sent() <= packed * 1.05 + directory, zip.sent() + " bytes for " + packed + " and " + directory);
        assertEquals(zip.sent(), result.transferred());
        assertTrue(fixture.origin.calls(PATH).size() <= 5, fixture.origin.calls(PATH) + "");
        assertEquals(Map.of(), fixture.files("partial"));
        assertEquals(Map.of(), fixture.files("staging"));
    }

    @Test
    void record_saysWhichRangesWereReadAndThatNothingWasComparedWithAPublishedChecksum() throws Exception {
        small(1_000_000);
        byte[] all = zip.bytes();
        fixture.origin.always(PATH, zip.host(TAG));
        Bag bag = fixture.pull(only(plain(PullFixture.pin("big.zip", all, "md5")), "tiles/2.png"))
                .bag();
        FetchRecord fetch = fetch(bag);
        assertEquals("not-compared", fetch.check());
        assertFalse(fetch.verified());
        assertEquals("", fetch.sha256());
        assertEquals(TAG, fetch.json().path("ranges").path("validator").asString(""));
        assertEquals(zip.sent(), fetch.json().path("ranges").path("bytes").asLong());
        assertEquals("big.zip", fetch.path());
        assertEquals("https://one.example/big.zip", fetch.url());
        String crate = Files.readString(bag.ref().path().resolve("ro-crate-metadata.json"));
        assertTrue(crate.contains("its own checksum was not compared"), crate);
        assertFalse(crate.contains("Verified against"), crate);
        assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
    }

    @Test
    void filesFarFromEachOther_areEachRequested_andNearOnesTogether() throws Exception {
        small(1_000_000);
        fixture.origin.always(PATH, zip.host(TAG));
        Bag bag = fixture.pull(only(manifest, "tiles/1.png", "tiles/3.png")).bag();
        assertEquals(
                Set.of("tiles/1.png", "tiles/3.png"),
                PullFixture.filesBelow(bag.ref().data()).keySet());
        assertTrue(zip.sent() < 1.05 * 200_200 + 1000, zip.sent() + "");
    }

    @Test
    void severalConnections_giveTheSame() throws Exception {
        fixture.segments = 4;
        small(1_000_000);
        fixture.origin.always(PATH, zip.host(TAG));
        Bag bag = fixture.pull(only(manifest, "tiles/*")).bag();
        for (int i = 1; i <= 3; i++) {
            assertArrayEquals(noise(100_000, i), content(bag, "tiles/" + i + ".png"));
        }
    }

    @Test
    void laterPullOfMore_addsToTheBag() throws Exception {
        small(1_000_000);
        fixture.origin.always(PATH, zip.host(TAG));
        fixture.pull(only(manifest, "tiles/1.png"));
        zip.forget();
        Bag bag = fixture.pull(only(manifest, "tiles/3.png")).bag();
        assertEquals(2, bag.fileCount());
        assertTrue(zip.sent() < 110_000, zip.sent() + "");
        assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
    }

    @Test
    void laterFullPull_comparesTheArchiveAndLeavesNoFileUncompared() throws Exception {
        zip.add("a.png", noise(50_000, 1));
        zip.add("b.png", noise(200_000, 2));
        zip.finish();
        byte[] all = zip.bytes();
        ManifestFile pinned = plain(PullFixture.pin("big.zip", all, "md5"));
        fixture.origin.always(PATH, zip.host(TAG));
        assertEquals(
                "not-compared", fetch(fixture.pull(only(pinned, "a.png")).bag()).check());
        Bag bag = fixture.pull(pinned).bag();
        assertEquals("verified", fetch(bag).check());
        assertEquals(
                Set.of("0002/1"),
                bag.files().stream().map(f -> f.fetch()).collect(java.util.stream.Collectors.toSet()));
    }

    @Test
    void hostWithoutRanges_givesAllOfIt() throws Exception {
        small(100_000);
        fixture.origin.always(PATH, (call, out) -> zip.send(call, out, false, "ETag: " + TAG));
        Bag bag = fixture.pull(only(manifest, "tiles/2.png")).bag();
        assertArrayEquals(noise(100_000, 2), content(bag, "tiles/2.png"));
        assertEquals("computed", fetch(bag).check());
        assertTrue(
                notes().contains("big.zip: downloading all of it, because the host does not support byte ranges"),
                notes());
    }

    @Test
    void hostWithoutValidator_givesAllOfIt() throws Exception {
        small(100_000);
        fixture.origin.always(PATH, zip.host(null));
        fixture.pull(only(manifest, "tiles/2.png"));
        assertTrue(notes().contains("no entity tag or date"), notes());
        assertEquals(
                "computed",
                fetch(fixture.pull(only(manifest, "tiles/2.png")).bag()).check());
    }

    @Test
    void weakEntityTag_isNoValidator() throws Exception {
        small(100_000);
        fixture.origin.always(PATH, (call, out) -> zip.send(call, out, call.range() != null, "ETag: W/\"v1\""));
        fixture.pull(only(manifest, "tiles/2.png"));
        assertTrue(notes().contains("no entity tag or date"), notes());
    }

    @Test
    void mostOfTheArchive_isFetchedAsAWhole() throws Exception {
        small(10_000);
        fixture.origin.always(PATH, zip.host(TAG));
        Bag bag = fixture.pull(only(manifest, "tiles/*")).bag();
        assertEquals("computed", fetch(bag).check());
        assertTrue(notes().contains("the selected files are most of it"), notes());
    }

    @Test
    void fileThatChangesBetweenRequests_isFetchedFromTheStart() throws Exception {
        small(1_000_000);
        fixture.origin.next(PATH, zip.host(TAG));
        fixture.origin.next(PATH, zip.host(TAG));
        fixture.origin.always(PATH, zip.host("\"v2\""));
        Bag bag = fixture.pull(only(manifest, "tiles/1.png")).bag();
        assertEquals("computed", fetch(bag).check());
        assertEquals("\"v2\"", fetch(bag).json().path("headers").path("etag").asString(""));
        assertTrue(notes().contains("changed at the host"), notes());
        assertEquals(Map.of(), fixture.files("partial"));
    }

    @Test
    void hostThatIgnoresIfRange_cannotMixVersions() throws Exception {
        small(1_000_000);
        fixture.origin.next(PATH, zip.host(TAG));
        fixture.origin.always(PATH, (call, out) -> zip.send(call, out, call.range() != null, "ETag: \"v2\""));
        Bag bag = fixture.pull(only(manifest, "tiles/1.png")).bag();
        assertEquals("computed", fetch(bag).check());
        assertTrue(notes().contains("changed at the host"), notes());
    }

    @Test
    void hostThatStatesAnotherSizeThanTheManifest_isNotReadByRanges() throws Exception {
        small(1_000_000);
        fixture.origin.always(PATH, zip.host(TAG));
        ManifestFile other = plain("      - path: big.zip\n        bytes: " + (zip.size() - 1) + "\n");
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(other, "tiles/1.png")));
        assertEquals(Problem.Kind.UPSTREAM_CHANGED, p.kind());
    }

    @Test
    void brokenConnection_isResumedWhereItBroke() throws Exception {
        small(1_000_000);
        fixture.origin.always(PATH, zip.host(TAG));
        // After the requests for the directory.
        List<Integer> lengths = new java.util.concurrent.CopyOnWriteArrayList<>();
        fixture.origin.always(PATH, (call, out) -> {
            long length = call.to(zip.size()) - call.from();
            if (length > 50_000 && lengths.isEmpty()) {
                lengths.add((int) length);
                FakeOrigin.head(
                        out,
                        "206 Partial Content",
                        "Content-Length: " + length,
                        "ETag: " + TAG,
                        "Content-Range: bytes " + call.from() + "-" + (call.to(zip.size()) - 1) + "/" + zip.size());
                out.write(java.util.Arrays.copyOfRange(zip.bytes(), (int) call.from(), (int) call.from() + 40_000));
                out.flush();
                return;
            }
            zip.host(TAG).respond(call, out);
        });
        Bag bag = fixture.pull(only(manifest, "tiles/1.png")).bag();
        assertArrayEquals(noise(100_000, 1), content(bag, "tiles/1.png"));
        assertEquals("not-compared", fetch(bag).check());
        assertTrue(notes().contains("reconnecting"), notes());
    }

    @Test
    void wordThatMatchesNothing_isReportedBeforeAnyMember_withSimilarPaths() throws Exception {
        small(1_000_000);
        fixture.origin.always(PATH, zip.host(TAG));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tile/*.png")));
        assertEquals(Problem.Kind.USAGE, p.kind());
        assertTrue(String.valueOf(p.hint()).contains("tiles/*.png"), p.hint());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
        p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tiles/*.pgn")));
        assertTrue(String.valueOf(p.hint()).contains("tiles/*.png"), p.hint());
        p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tiles/22.png")));
        assertTrue(String.valueOf(p.hint()).contains("tiles/2.png"), p.hint());
    }

    @Test
    void hostileDirectory_isRefusedBeforeAnyMember() throws Exception {
        zip.add("tiles/1.png", noise(100_000, 1));
        zip.hole("../../evil", 1_000_000);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tiles/*")));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("evil"), p.message());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
        assertEquals(Map.of(), fixture.files("partial"));
    }

    @Test
    void overlappingAndCollidingEntries_areRefusedBeforeAnyMember() throws Exception {
        zip.add("tiles/1.png", noise(100_000, 1));
        zip.repeatLast("Tiles/1.png");
        zip.hole("b", 1_000_000);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tiles/*")));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
    }

    @Test
    void unsupportedMethod_isReportedBeforeAnyMember() throws Exception {
        zip.add("tiles/1.png", noise(100_000, 1), 6, noise(90_000, 1));
        zip.hole("b", 1_000_000);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tiles/*")));
        assertEquals(Problem.Kind.PERSON, p.kind());
        assertTrue(p.message().contains("tiles/1.png"), p.message());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
    }

    @Test
    void unsupportedMethod_endsTheDownloadOfTheWholeEarly() throws Exception {
        zip.add("tiles/1.png", noise(100_000, 1), 6, noise(90_000, 1));
        zip.hole("b", 200_000_000);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.PERSON, p.kind());
        assertTrue(p.message().contains("tiles/1.png"), p.message());
        assertTrue(zip.sent() < 150_000_000, zip.sent() + "");
    }

    /** Of a zip whose size is known, the directory costs two small requests. */
    @Test
    void largeZipThatCannotBeUnpacked_isRefusedBeforeItIsDownloaded() throws Exception {
        zip.add("tiles/1.png", noise(100_000, 1), 6, noise(90_000, 1));
        zip.hole("b", 200_000_000);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(sized()));
        assertEquals(Problem.Kind.PERSON, p.kind());
        assertTrue(p.message().contains("tiles/1.png"), p.message());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
    }

    /** A table packs to a hundredth of its size. */
    @Test
    void smallZipWhoseFilesDoNotFitOnTheDisk_isRefusedBeforeItIsDownloaded_ifTheDiskIsNotMuchLarger() throws Exception {
        zip.hole("a", 1_000_000);
        zip.add("b.csv", new byte[100_000_000]);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        fixture.faulty = root -> FaultyMirror.withFree(root, 20_000_000);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(sized()));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertTrue(p.message().contains("are missing"), p.message());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
    }

    @Test
    void largeZipWhoseFilesDoNotFitOnTheDisk_isRefusedBeforeItIsDownloaded() throws Exception {
        zip.hole("a", 150_000_000);
        zip.add("b.csv", new byte[100_000_000]);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        fixture.faulty = root -> FaultyMirror.withFree(root, 390_000_000);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(sized()));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
    }

    private ManifestFile sized() throws Exception {
        return plain(bare("big.zip") + "        bytes: " + zip.size() + "\n");
    }

    @Test
    void memberThatIsNotWhatTheDirectorySays_isNotKept() throws Exception {
        byte[] wrong = noise(100_000, 1);
        wrong[5] ^= 1;
        zip.add("tiles/1.png", noise(100_000, 1), 0, wrong);
        zip.hole("b", 1_000_000);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tiles/*")));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertFalse(Files.exists(fixture.root.resolve("datasets/toy/1")));
    }

    @Test
    void dryRun_countsTheBytesOfTheMembersAndWritesNothing() throws Exception {
        long packed = small(1_000_000);
        fixture.origin.always(PATH, zip.host(TAG));
        PullPlan plan = fixture.puller().plan(only(manifest, "tiles/*"));
        long bytes = plan.size().exactly().orElseThrow();
        assertTrue(bytes >= packed && bytes <= packed * 1.05, bytes + " for " + packed);
        assertFalse(Files.exists(fixture.root.resolve("partial")));
        assertTrue(zip.sent() < 4000, zip.sent() + "");
    }

    @Test
    void killedFetch_isResumedWithoutFetchingTheSameBytes() throws Exception {
        small(1_000_000);
        fixture.origin.always(PATH, (call, out) -> {
            if (call.from() > 1_500_000 && call.from() < 2_500_000) {
                FakeOrigin.status("403 Forbidden", "no").respond(call, out);
            } else if (call.range() == null) {
                FakeOrigin.status("403 Forbidden", "no").respond(call, out);
            } else {
                zip.host(TAG).respond(call, out);
            }
        });
        assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tiles/*")));
        zip.forget();
        fixture.origin.always(PATH, zip.host(TAG));
        Bag bag = fixture.pull(only(manifest, "tiles/*")).bag();
        assertEquals(3, bag.fileCount());
        assertTrue(zip.sent() < 210_000, zip.sent() + "");
        assertEquals(Map.of(), fixture.files("partial"));
    }

    @Test
    void pullOfOneFileOfAZip_canBeKilledAtAnyTime_andLosesAMegabyteAtMost() throws Exception {
        zip.add("tiles/1.png", noise(3_000_000, 1));
        zip.hole("holes/1.bin", 9_000_000);
        zip.finish();
        AtomicBoolean written = new AtomicBoolean();
        fixture.origin.always(PATH, (call, out) -> {
            long length = call.to(zip.size()) - call.from();
            if (length < 2_900_000) {
                zip.host(TAG).respond(call, out);
                return;
            }
            FakeOrigin.head(
                    out,
                    "206 Partial Content",
                    "Content-Length: " + length,
                    "ETag: " + TAG,
                    "Content-Range: bytes " + call.from() + "-" + (call.to(zip.size()) - 1) + "/" + zip.size());
            byte[] bytes = java.util.Arrays.copyOfRange(zip.bytes(), (int) call.from(), (int) (call.from() + length));
            out.write(bytes, 0, 2_500_000);
            out.flush();
            // The host sends no more before the state on the disk says what has arrived.
            long deadline = System.nanoTime() + java.util.concurrent.TimeUnit.SECONDS.toNanos(20);
            while (!written.get() && System.nanoTime() < deadline) {
                written.set(savedBytes() >= 1_400_000);
                Thread.onSpinWait();
            }
            out.write(bytes, 2_500_000, bytes.length - 2_500_000);
        });
        Bag bag = fixture.pull(only(manifest, "tiles/1.png")).bag();
        assertArrayEquals(noise(3_000_000, 1), content(bag, "tiles/1.png"));
        assertTrue(written.get());
    }

    /** How many bytes a pull would use that came after a kill at this moment. */
    private long savedBytes() throws IOException {
        Path partial = fixture.root.resolve("partial");
        if (!Files.exists(partial)) {
            return 0;
        }
        long saved = 0;
        try (Stream<Path> files = Files.walk(partial)) {
            for (Path state : files.filter(file -> file.endsWith("state")).toList()) {
                for (String line : Files.readAllLines(state)) {
                    String[] words = line.split(" ", -1);
                    saved += words[0].equals("range") ? Long.parseLong(words[2]) - Long.parseLong(words[1]) : 0;
                }
            }
        } catch (java.io.UncheckedIOException | java.nio.file.NoSuchFileException e) {
            return 0;
        }
        return saved;
    }

    @Test
    void longLocalHeader_isFoundOnlyWhenItIsRead() throws Exception {
        zip.addBehind(30_000, "tiles/1.png", noise(100_000, 1));
        zip.hole("b", 1_000_000);
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Bag bag = fixture.pull(only(manifest, "tiles/*")).bag();
        assertArrayEquals(noise(100_000, 1), content(bag, "tiles/1.png"));
        assertEquals("not-compared", fetch(bag).check());
    }

    @Test
    void symbolicLink_isFetchedAsTheFileThatItLeadsTo() throws Exception {
        zip.hole("a", 1_000_000);
        zip.add("real/1.png", noise(100_000, 1));
        zip.hole("b", 1_000_000);
        zip.link("tiles/1.png", "../real/1.png");
        zip.finish();
        fixture.origin.always(PATH, zip.host(TAG));
        Bag bag = fixture.pull(only(manifest, "tiles/*")).bag();
        assertEquals(
                Set.of("tiles/1.png"), PullFixture.filesBelow(bag.ref().data()).keySet());
        assertArrayEquals(noise(100_000, 1), content(bag, "tiles/1.png"));
        assertTrue(zip.sent() < 110_000, zip.sent() + "");
    }

    @Test
    void leftoversOfAnotherVersion_areNotUsed() throws Exception {
        small(1_000_000);
        fixture.origin.always(
                PATH,
                (call, out) -> (call.range() == null || (call.from() > 1_500_000 && call.from() < 2_500_000)
                                ? FakeOrigin.status("403 Forbidden", "no")
                                : zip.host(TAG))
                        .respond(call, out));
        assertThrows(Problem.class, () -> fixture.pull(only(manifest, "tiles/*")));
        try (SparseZip other = new SparseZip(temp.resolve("other.zip"))) {
            for (int i = 1; i <= 3; i++) {
                other.add("tiles/" + i + ".png", noise(100_000, 10 + i));
                other.hole("holes/" + i + ".bin", 1_000_000);
            }
            other.finish();
            assertEquals(zip.size(), other.size());
            fixture.origin.always(PATH, other.host("\"v2\""));
            Bag bag = fixture.pull(only(manifest, "tiles/*")).bag();
            assertArrayEquals(noise(100_000, 11), content(bag, "tiles/1.png"));
            assertEquals("not-compared", fetch(bag).check());
        }
    }

    @Test
    void dateOfLastChange_isAValidatorUnlessItIsOfThisSecond() throws Exception {
        small(1_000_000);
        String changed = "Last-Modified: Mon, 02 Nov 2026 10:00:00 GMT\r\nDate: ";
        fixture.origin.always(
                PATH,
                (call, out) -> zip.send(call, out, call.range() != null, changed + "Mon, 02 Nov 2026 10:00:00 GMT"));
        PullPlan.Item now =
                fixture.puller().plan(only(manifest, "tiles/1.png")).items().get(0);
        assertTrue(String.valueOf(now.entirely()).contains("no date that tells"), now.entirely());
        fixture.origin.always(
                PATH,
                (call, out) -> zip.send(call, out, call.range() != null, changed + "Tue, 03 Nov 2026 10:00:00 GMT"));
        assertEquals(
                "not-compared",
                fetch(fixture.pull(only(manifest, "tiles/1.png")).bag()).check());
    }

    @Test
    void members_areListedWithoutFetchingAny() throws Exception {
        long packed = small(1_000_000);
        fixture.origin.always(PATH, zip.host(TAG));
        List<RemoteArchive> archives = fixture.puller().archives(PullRequest.of(manifest));
        assertEquals(1, archives.size());
        assertEquals(6, archives.get(0).members().size());
        assertEquals(zip.size(), archives.get(0).bytes());
        assertEquals(
                packed + 3_000_000,
                archives.get(0).members().stream().mapToLong(m -> m.packed()).sum());
        assertTrue(zip.sent() < 4000, zip.sent() + "");
    }

    @Test
    void membersOfAnUnreachableHost_areUnknownWithTheProblem() throws Exception {
        fixture.origin.always(PATH, FakeOrigin.status("404 Not Found", "away"));
        RemoteArchive archive =
                fixture.puller().archives(PullRequest.of(manifest)).get(0);
        assertTrue(archive.members().isEmpty());
        assertEquals(
                Problem.Kind.NETWORK,
                java.util.Objects.requireNonNull(archive.problem()).kind());
    }

    @Test
    void keepArchives_needsAllOfIt() throws Exception {
        small(100_000);
        fixture.origin.always(PATH, zip.host(TAG));
        fixture.pull(new PullRequest(manifest, null, List.of("tiles/1.png"), null, List.of(), true, 4));
        assertTrue(notes().contains("--keep-archives"), notes());
        assertEquals(1, fixture.files("archives").size());
    }

    private static void overwrite(Bag bag, String path) throws IOException {
        Path file = bag.ref().data().resolve(path);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(file, "changed");
    }

    /** A whole archive without holes, since all of it is unpacked. */
    private Bag pulled() throws Exception {
        for (int i = 1; i <= 9; i++) {
            zip.add("tiles/" + i + ".png", noise(100_000, i));
        }
        zip.finish();
        manifest = plain(PullFixture.pin("big.zip", zip.bytes(), "md5"));
        fixture.origin.always(PATH, zip.host(TAG));
        Bag bag = fixture.pull(manifest).bag();
        zip.forget();
        return bag;
    }

    @Test
    void repair_fetchesOnlyTheDamagedMembers_andTheFileStaysVerified() throws Exception {
        Bag bag = pulled();
        overwrite(bag, "tiles/4.png");
        Bag repaired = fixture.puller()
                .repair(PullRequest.of(manifest), Set.of(new FilePath("tiles/4.png")), fixture.events)
                .bag();
        assertTrue(zip.sent() < 106_000, zip.sent() + "");
        assertArrayEquals(noise(100_000, 4), content(repaired, "tiles/4.png"));
        assertEquals(bag.fingerprint(), repaired.fingerprint());
        assertTrue(fixture.verify(repaired, BagVerifier.Level.FULL).ok());
        assertEquals(
                Set.of("0001/1"),
                repaired.files().stream().map(f -> f.fetch()).collect(java.util.stream.Collectors.toSet()));
    }

    @Test
    void repairFromAnArchiveWithOtherContent_comparesTheWholeAndChangesNothing() throws Exception {
        Bag bag = pulled();
        overwrite(bag, "tiles/4.png");
        try (SparseZip other = new SparseZip(temp.resolve("other.zip"))) {
            for (int i = 1; i <= 9; i++) {
                other.add("tiles/" + i + ".png", noise(100_000, 100 + i));
            }
            other.finish();
            fixture.origin.always(PATH, other.host("\"v2\""));
            Problem p = assertThrows(
                    Problem.class,
                    () -> fixture.puller()
                            .repair(PullRequest.of(manifest), Set.of(new FilePath("tiles/4.png")), fixture.events));
            assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
            assertTrue(notes().contains("is not the file that was pulled"), notes());
            assertEquals(bag.fingerprint(), Bag.read(bag.ref()).fingerprint());
            assertEquals("changed", new String(content(bag, "tiles/4.png"), java.nio.charset.StandardCharsets.UTF_8));
        }
    }
}
