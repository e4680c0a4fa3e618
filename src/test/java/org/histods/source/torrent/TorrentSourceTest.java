package org.histods.source.torrent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.SourceContract;
import org.histods.testing.SpecBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TorrentSourceTest extends SourceContract {

    private static final String HASH = "7413b1cff4f1baa7bb6d2e4e158f2478ca5f37ae";
    private static final String PIECE = "abcdefghijklmnopqrst";

    @Override
    public String kind() {
        return "torrent";
    }

    @Override
    public SpecBuilder unpinned() {
        return SpecBuilder.spec("torrent", HASH);
    }

    @Override
    public SpecBuilder pinned() {
        return unpinned()
                .option("web-seed", "https://seeds.example.org/d/LC%2025000.zip")
                .file("LC 25000.zip", null, 7L, "md5:0123456789abcdef0123456789abcdef");
    }

    @Override
    public SpecBuilder misspelt() {
        return SpecBuilder.spec("torrent", "magnet:?xt=urn:btih:" + HASH).file("a.zip");
    }

    @Override
    public String requested() {
        return "/academictorrents.com/download/" + HASH + ".torrent";
    }

    @Override
    public String recorded() {
        return resource("torrent/several.torrent");
    }

    @Override
    public List<String> listed() {
        return List.of("Cells/images/a b.TIF", "Cells/c.TIF", "Cells/d.TIF");
    }

    @Override
    public String recordedEmpty() {
        return "d4:infodee";
    }

    @Override
    public String withUnknownField() {
        return recorded().replaceFirst("^d", "d5:x-newd5:filesli1eee");
    }

    /** The infohash would reveal a name that was changed on the way, so this name is hostile in the torrent itself. */
    @Override
    @Test
    public void hostileName_isRefusedAndNotRepaired() {
        Problem problem = refused(served(info("6:lengthi7e", "7:../evil"), "https://seeds.example.org/"));

        assertEquals(Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("../evil"), problem.message());
    }

    private static String info(String files, String name) {
        return "d" + files + "4:name" + name + "12:piece lengthi16e6:pieces20:" + PIECE + "e";
    }

    /** A spec of a torrent that the host has, with one web seed or none. */
    private static SpecBuilder served(String info, String seed) {
        String hash;
        try {
            hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(info.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        String seeds = seed.isEmpty() ? "" : "8:url-list" + seed.length() + ":" + seed;
        stub(
                "/academictorrents.com/download/" + hash + ".torrent",
                200,
                "d8:announce19:https://tr.example/4:info" + info + seeds + "e");
        return SpecBuilder.spec("torrent", hash);
    }

    @Test
    void listedFile_hasItsSizeAndItsEncryptedWebSeed() throws Problem {
        stub(requested(), 200, recorded());

        RemoteFile file = resolve(unpinned()).get(0);

        assertEquals(
                List.of("https://seeds.example.org/x/Cells/images/a%20b.TIF"),
                file.uris().stream().map(Object::toString).toList());
        assertEquals(16L, file.bytes());
    }

    @Test
    void webSeedWithoutEncryption_isUsedIfThereIsNoOther() throws Problem {
        SpecBuilder spec = served(info("6:lengthi7e", "5:x.zip"), "http://host1.example.org/share/");

        assertEquals(
                "http://host1.example.org/share/x.zip",
                resolve(spec).get(0).uri().toString());
    }

    @Test
    void eachFile_hasItsPositionInThePieces() throws Problem {
        stub(requested(), 200, recorded());

        List<RemoteFile> files = resolve(unpinned());

        // The second is behind eight bytes that are no file's.
        assertEquals(
                List.of(0L, 24L, 33L),
                files.stream()
                        .map(f -> f.span() == null ? -1L : f.span().start())
                        .toList());
        assertEquals("torrent:" + HASH, span(files.get(0)).stated().checksum().toString());
        assertEquals("the torrent's pieces", span(files.get(0)).by());
        assertEquals(3, span(files.get(0)).pieces().count());
        assertEquals(
                "md5:0123456789abcdef0123456789abcdef",
                files.get(1).checksums().get(0).checksum().toString());
        assertTrue(
                files.get(0).checksums().isEmpty() && files.get(2).checksums().isEmpty());
    }

    @Test
    void pinnedFileWithoutChecksum_hasItsPiecesAndTheUrlOfTheManifest() throws Problem {
        SpecBuilder spec = served(info("6:lengthi7e", "5:x.zip"), "")
                .option("web-seed", "https://other.example.org/y/x.zip")
                .file("x.zip", null, 7L);

        RemoteFile file = resolve(spec).get(0);

        assertEquals(
                List.of("https://other.example.org/y/x.zip"),
                file.uris().stream().map(Object::toString).toList());
        assertEquals(0, span(file).start());
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://seeds.example.org/d/", "https://seeds.example.org/d/x.zip"})
    void torrentOfOneFile_isAtTheSeedOrBelowIt(String seed) throws Problem {
        SpecBuilder spec = served(info("6:lengthi7e", "5:x.zip"), seed);

        RemoteFile file = resolve(spec).get(0);

        assertEquals("https://seeds.example.org/d/x.zip", file.uri().toString());
        assertEquals("x.zip", file.path().text());
    }

    @Test
    void torrentWithoutWebSeed_needsManualActionWithTheMagnetLink() {
        Problem problem = refused(served(info("6:lengthi7e", "5:x.zip"), ""));

        assertEquals(Kind.PERSON, problem.kind());
        String hint = String.valueOf(problem.hint());
        assertTrue(hint.contains("magnet:?xt=urn:btih:"), hint);
        assertTrue(hint.contains("&dn=x.zip&tr=https%3A%2F%2Ftr.example%2F"), hint);
    }

    @Test
    void otherTorrent_isWrongBytes() {
        stub(requested(), 200, recorded().replace("a b.TIF", "a c.TIF"));

        assertEquals(Kind.WRONG_BYTES, refused(unpinned()).kind());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "d4:infod6:lengthi7e4:name5:x.zip12:piece lengthi16e6:pieces99999999999:a",
                "d4:info",
                "i1e",
                "d1:ai-e1:bi1ee",
                "d4:infod5:filesld4:pathl1:aeee4:name1:x12:piece lengthi1e6:pieces0:eee"
            })
    void brokenTorrent_isNetworkAndNamesTheRecord(String torrent) {
        stub(requested(), 200, torrent);

        Problem problem = refused(unpinned());

        assertEquals(Kind.NETWORK, problem.kind());
        assertTrue(problem.message().contains(HASH), problem.message());
    }

    @Test
    void bottomlessLists_areRefused() {
        stub(requested(), 200, "d1:a" + "l".repeat(100_000));

        assertEquals(Kind.NETWORK, refused(unpinned()).kind());
    }

    @Test
    void pinnedFileAtTheWebSeed_hasItsUrl() throws Problem {
        assertEquals(
                "https://seeds.example.org/d/LC%2025000.zip",
                resolve(pinned()).get(0).uri().toString());
    }

    @Test
    void pinnedFileWithoutWebSeed_isLookedUpInTheTorrent() throws Problem {
        stub(requested(), 200, recorded());

        RemoteFile file = resolve(unpinned().file("c.TIF")).get(0);

        assertEquals("c.TIF", file.path().text());
        assertEquals("https://seeds.example.org/x/Cells/c.TIF", file.uri().toString());
        assertEquals(9L, file.bytes());
        assertEquals(Kind.UPSTREAM_CHANGED, refused(unpinned().file("z.TIF")).kind());
        assertEquals(
                Kind.UPSTREAM_CHANGED,
                refused(unpinned().file("c.TIF", null, 8L)).kind());
    }

    private static RemoteFile.Span span(RemoteFile file) {
        return Objects.requireNonNull(file.span());
    }
}
