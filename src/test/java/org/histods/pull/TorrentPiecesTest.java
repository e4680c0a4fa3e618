package org.histods.pull;

import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a torrent are compared piece by piece, also if a piece crosses files. */
final class TorrentPiecesTest {

    private static final int PIECE = 1000;
    private static final String SEED = "/seeds.example/d/";

    @TempDir
    Path temp;

    private PullFixture fixture;
    private final Map<String, byte[]> files = new LinkedHashMap<>();

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        files.put("a.tif", ArchiveFixtures.noise(2500, 1));
        files.put("b.tif", ArchiveFixtures.noise(100, 2));
        files.put("c.tif", ArchiveFixtures.noise(1700, 3));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static void write(ByteArrayOutputStream out, Object... parts) {
        for (Object part : parts) {
            out.writeBytes(part instanceof byte[] bytes ? bytes : text(part.toString()));
        }
    }

    /** Serves the files and their torrent, with padding between the files if each begins with a piece. */
    private ManifestFile torrent(boolean aligned) throws Exception {
        return PullFixture.manifest(source(aligned));
    }

    /** The same with the files pinned by name and without checksums, for local files. */
    private ManifestFile pinned() throws Exception {
        StringBuilder pins = new StringBuilder("    files:\n");
        files.keySet()
                .forEach(name -> pins.append("      - { path: ").append(name).append(" }\n"));
        return PullFixture.manifest(source(false) + pins);
    }

    private String source(boolean aligned) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ByteArrayOutputStream list = new ByteArrayOutputStream();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            fixture.origin.put(SEED + "Cells/" + file.getKey(), file.getValue());
            all.writeBytes(file.getValue());
            write(list, "d6:lengthi", file.getValue().length, "e4:pathl5:", file.getKey(), "ee");
            int pad = (PIECE - all.size() % PIECE) % PIECE;
            if (aligned && pad > 0) {
                all.writeBytes(new byte[pad]);
                write(list, "d4:attr1:p6:lengthi", pad, "e4:pathl4:.pad1:pee");
            }
        }
        ByteArrayOutputStream info = new ByteArrayOutputStream();
        write(info, "d5:filesl", list.toByteArray(), "e4:name5:Cells12:piece lengthi", PIECE, "e6:pieces");
        byte[] sums = sums(all.toByteArray());
        write(info, sums.length, ":", sums, "e");
        ByteArrayOutputStream torrent = new ByteArrayOutputStream();
        String seed = "https:/" + SEED;
        write(torrent, "d4:info", info.toByteArray(), "8:url-list", seed.length(), ":", seed, "e");
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(info.toByteArray()));
        fixture.origin.put("/academictorrents.com/download/" + hash + ".torrent", torrent.toByteArray());
        return "sources:\n  - kind: torrent\n    record: \"" + hash + "\"\n    official: true\n";
    }

    private Path local(String name, byte[] bytes) throws IOException {
        return Files.write(Files.createDirectories(temp.resolve("downloads")).resolve(name), bytes);
    }

    private byte[] content(String name) {
        return Objects.requireNonNull(files.get(name));
    }

    private byte[] changed(String name, int at) {
        byte[] other = content(name).clone();
        other[at]++;
        return other;
    }

    private static byte[] sums(byte[] all) throws Exception {
        ByteArrayOutputStream sums = new ByteArrayOutputStream();
        for (int from = 0; from < all.length; from += PIECE) {
            byte[] piece = Arrays.copyOfRange(all, from, Math.min(all.length, from + PIECE));
            sums.writeBytes(MessageDigest.getInstance("SHA-1").digest(piece));
        }
        return sums.toByteArray();
    }

    /** The check of each file in the receipt. */
    private Map<String, String> checks(Puller.Result result) throws Exception {
        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        return files.keySet().stream()
                .collect(Collectors.toMap(
                        name -> name,
                        name -> receipt.replaceAll(
                                "(?s).*?\"path\" : \"Cells/" + name + "\".*?\"check\" : \"(\\w+)\".*", "$1")));
    }

    @Test
    void everyByteInAnEqualPiece_isVerifiedByThePieces() throws Exception {
        Puller.Result result = fixture.pull(torrent(false));

        assertEquals(Map.of("a.tif", "verified", "b.tif", "verified", "c.tif", "verified"), checks(result));
        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertTrue(receipt.contains("\"by\" : \"the torrent's pieces\""), receipt);
    }

    @Test
    void paddingBetweenTheFiles_isCountedAsZeros() throws Exception {
        assertEquals(
                Map.of("a.tif", "verified", "b.tif", "verified", "c.tif", "verified"),
                checks(fixture.pull(torrent(true))));
    }

    @Test
    void fileWhoseNeighbourWasNotFetched_isComputed() throws Exception {
        ManifestFile torrent = torrent(false);

        Puller.Result result = fixture.pull(PullFixture.only(torrent, "Cells/a.tif"));

        assertEquals("computed", checks(result).get("a.tif"));
    }

    @Test
    void wrongBytesWithinAFile_areReportedWithThePieceNumber() throws Exception {
        ManifestFile torrent = torrent(false);
        byte[] other = Objects.requireNonNull(files.get("a.tif")).clone();
        other[1500]++;
        fixture.origin.put(SEED + "Cells/a.tif", other);

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(torrent));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("piece 2 of 5"), problem.message());
        assertEquals(Map.of(), fixture.files("datasets"));
    }

    @Test
    void wrongBytesAcrossFiles_discardAllFilesOfThePiece() throws Exception {
        ManifestFile torrent = torrent(false);
        byte[] other = Objects.requireNonNull(files.get("b.tif")).clone();
        other[50]++;
        fixture.origin.put(SEED + "Cells/b.tif", other);

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(torrent));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("piece 3 of 5"), problem.message());
        assertTrue(problem.message().contains("Cells/a.tif, Cells/b.tif, Cells/c.tif"), problem.message());
        assertEquals(Map.of(), fixture.files("datasets"));

        fixture.origin.put(SEED + "Cells/b.tif", files.get("b.tif"));
        assertEquals("verified", checks(fixture.pull(torrent)).get("b.tif"));
    }

    @Test
    void allLocalFiles_areVerifiedByThePieces() throws Exception {
        Puller.Result result = fixture.pull(PullFixture.withLocalFiles(
                pinned(),
                local("a.tif", content("a.tif")),
                local("b.tif", content("b.tif")),
                local("c.tif", content("c.tif"))));

        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertEquals(3, receipt.split("\"by\" : \"the torrent's pieces\"", -1).length - 1, receipt);
        assertEquals(0, result.transferred());
    }

    @Test
    void someLocalFiles_areVerifiedTogetherWithDownloadedOnes() throws Exception {
        Puller.Result result = fixture.pull(PullFixture.withLocalFiles(pinned(), local("b.tif", content("b.tif"))));

        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertEquals(3, receipt.split("\"by\" : \"the torrent's pieces\"", -1).length - 1, receipt);
    }

    @Test
    void localFileWithWrongBytesWithin_isRefused() throws Exception {
        ManifestFile torrent = pinned();
        fixture.origin.put(SEED + "Cells/a.tif", changed("a.tif", 1500));
        PullRequest request = PullFixture.withLocalFiles(torrent, local("a.tif", changed("a.tif", 1500)));

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(request));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("piece 2 of 5"), problem.message());
        assertEquals(Map.of(), fixture.files("datasets"));
    }

    @Test
    void localFileWithWrongBytesAcrossFiles_isRefusedWithoutItsFolder() throws Exception {
        PullRequest request = PullFixture.withLocalFiles(
                pinned(),
                local("a.tif", content("a.tif")),
                local("b.tif", changed("b.tif", 50)),
                local("c.tif", content("c.tif")));

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(request));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("piece 3 of 5"), problem.message());
        assertEquals(
                List.of("a.tif", "b.tif", "c.tif"),
                problem.attempts().stream().map(Problem.Attempt::url).toList());
    }

    @Test
    void localFileTruncatedAtTheEndOfAPiece_isRefused() throws Exception {
        ManifestFile torrent = pinned();
        fixture.origin.put(SEED + "Cells/a.tif", Arrays.copyOf(content("a.tif"), 2000));
        PullRequest request =
                PullFixture.withLocalFiles(torrent, local("a.tif", Arrays.copyOf(content("a.tif"), 2000)));

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(request));

        assertTrue(problem.message().contains("2000 bytes, expected 2500"), problem.message());
    }

    @Test
    void localFileOfAnUnavailableTorrent_isComputedWithANote() throws Exception {
        ManifestFile torrent = pinned();
        fixture.origin.put(
                "/academictorrents.com/download/"
                        + torrent.manifest().sources().get(0).record() + ".torrent",
                text("gone"));

        Puller.Result result = fixture.pull(PullFixture.withLocalFiles(
                torrent,
                local("a.tif", content("a.tif")),
                local("b.tif", content("b.tif")),
                local("c.tif", content("c.tif"))));

        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertEquals(3, receipt.split("\"check\" : \"computed\"", -1).length - 1, receipt);
        assertTrue(
                fixture.events.notes.stream().anyMatch(note -> note.contains("not compared with the pieces")),
                fixture.events.notes::toString);
    }
}
