package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.HostileArchives;
import org.histods.testing.TarBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives made to escape, overwrite, deceive or exhaust: each is refused as a whole, and nothing is written outside. */
final class HostileArchiveTest {

    private static final String COMPOSED = "caf\u00e9.txt";
    private static final String DECOMPOSED = "cafe\u0301.txt";

    @TempDir
    Path temp;

    private static Arguments bad(String what, byte[] archive, String... words) {
        return Arguments.of(what, archive, List.of(words));
    }

    static Stream<Arguments> zips() throws Exception {
        return Stream.of(
                bad("parent", HostileArchives.zip("ok.txt", "../out.txt"), "../out.txt", "'..'"),
                bad("parent further in", HostileArchives.zip("a/b/../../../out.txt"), "'..'"),
                bad("parent as folder", HostileArchives.zip("ok.txt", "../"), "'..'"),
                bad("absolute", HostileArchives.zip("ok.txt", "/tmp/out.txt"), "absolute"),
                bad("drive", HostileArchives.zip("C:/out.txt"), "drive letter"),
                bad("drive with backslash", HostileArchives.zip("C:\\out.txt"), "drive letter"),
                bad("parent with backslash", HostileArchives.zip("..\\out.txt"), "'..'"),
                bad("network share", HostileArchives.zip("\\\\server\\share\\out.txt"), "absolute"),
                bad("both separators", HostileArchives.zip("a/b.txt", "c\\d.txt"), "backslash"),
                bad(
                        "link and a file through it",
                        HostileArchives.zipWithLink("etc/passwd", "etc", "/etc"),
                        "'etc' is a file and a folder"),
                bad("socket", HostileArchives.zip(HostileArchives.SOCKET, "socket"), "device"),
                bad("device", HostileArchives.zip(HostileArchives.DEVICE, "null"), "device"),
                bad("twice with different content", HostileArchives.zip("a.txt", "./a.txt"), "twice"),
                bad("file then folder", HostileArchives.zip("a", "a/b"), "file and a folder"),
                bad("folder then file", HostileArchives.zip("a/b", "a"), "file and a folder"),
                bad("case", HostileArchives.zip("A.png", "a.png"), "only in case"),
                bad("case of a folder", HostileArchives.zip("Dir/a", "dir/b"), "only in case"),
                bad("sharp s", HostileArchives.zip("STRASSE", "stra\u00dfe"), "only in case"),
                bad("Unicode form", HostileArchives.zip(COMPOSED, DECOMPOSED), "Unicode form"),
                bad("NUL", HostileArchives.zip("a\u0000b"), "control character"),
                bad("line break", HostileArchives.zip("a\nb"), "control character"),
                bad("terminal escape", HostileArchives.zip("a\u001b[2Jb"), "control character"),
                bad("Windows device", HostileArchives.zip("x/aux.txt"), "device on Windows"),
                bad("long segment", HostileArchives.zip("n".repeat(256)), "longer than 255"),
                bad("long path", HostileArchives.zip("a/".repeat(3000) + "b"), "longer than 1000"),
                bad(
                        "paths of 4,000 characters",
                        HostileArchives.zip("p".repeat(200) + "/" + ("q".repeat(99) + "/").repeat(38)),
                        "longer than 1000"),
                bad("2,000 nested folders", HostileArchives.zip("d/".repeat(2000) + "f"), "longer than 1000"),
                bad("empty name", HostileArchives.zip("ok", ""), "empty"),
                bad("system file that leaves", HostileArchives.zip("ok", "__MACOSX/../../out"), "leads out"),
                bad("folder with content", HostileArchives.zip("ok", "a/"), "content of its own"),
                bad("shared bytes", HostileArchives.withOffset(HostileArchives.zip("a", "b"), 1, 0), "overlap"),
                bad("beyond the end", HostileArchives.withOffset(HostileArchives.zip("a", "b"), 1, 1 << 20), "a.zip"),
                bad("ratio", HostileArchives.withSize(HostileArchives.zeros("z", 1 << 20), 0, 101 << 20), "to 1"));
    }

    static Stream<Arguments> zipsThatLie() throws Exception {
        byte[] honest = HostileArchives.zip("first", "second");
        byte[] zeros = HostileArchives.zeros("z", 1 << 20);
        return Stream.of(
                bad("absolute link", HostileArchives.zipWithLink("a", "l", "/etc/passwd"), "symbolic link that leads"),
                bad("link upwards", HostileArchives.zipWithLink("a", "x/l", "../../a"), "symbolic link that leads"),
                bad("link to a drive", HostileArchives.zipWithLink("a", "l", "C:/a"), "symbolic link that leads"),
                bad("less than stated", HostileArchives.withSize(honest, 1, 100), "second", "states 100 bytes"),
                bad("more than stated", HostileArchives.withSize(honest, 1, 2), "second", "more than the 2 bytes"),
                bad("bomb that states 10 bytes", HostileArchives.withSize(zeros, 0, 10), "more than the 10 bytes"),
                bad("CRC", HostileArchives.withCrc(honest, 1, 1), "second", "CRC-32"),
                bad("no member there", HostileArchives.withOffset(honest, 0, 1), "first"));
    }

    static Stream<Arguments> tars() throws Exception {
        byte[] plain = new TarBuilder().file("first").file("second").end();
        byte[] badChecksum = plain.clone();
        badChecksum[1024] ^= 1;
        byte[] globalName = new TarBuilder()
                .header('g', TarBuilder.records("path", "../x"))
                .file("a")
                .end();
        byte[] hugeHeader =
                new TarBuilder().header('x', new byte[17 << 20]).file("a").end();
        return Stream.of(
                bad("parent", new TarBuilder().file("ok").file("../out").end(), "'..'"),
                bad("parent behind dot", new TarBuilder().file("./../out").end(), "'..'"),
                bad("absolute", new TarBuilder().file("/tmp/out").end(), "absolute"),
                bad(
                        "absolute in an extended header",
                        new TarBuilder()
                                .pax("path", "/tmp/out")
                                .file("harmless")
                                .end(),
                        "absolute"),
                bad(
                        "parent in an extended header",
                        new TarBuilder().pax("path", "../out").file("harmless").end(),
                        "'..'"),
                bad(
                        "absolute long name",
                        new TarBuilder().file("/tmp/" + "n/".repeat(60) + "o").end(),
                        "absolute"),
                bad(
                        "parent in a long name",
                        new TarBuilder().file("n/".repeat(60) + "../../x").end(),
                        "'..'"),
                bad("symbolic link", new TarBuilder().symbolicLink("l", "/etc").end(), "symbolic"),
                bad(
                        "link and a file through it",
                        new TarBuilder().symbolicLink("l", "/tmp").file("l/out").end(),
                        "'l' is a file and a folder"),
                bad(
                        "hard link to outside",
                        new TarBuilder().file("a").hardLink("l", "/etc/passwd").end(),
                        "/etc/passwd"),
                bad("device", new TarBuilder().empty('3', "null").end(), "device"),
                bad("block device", new TarBuilder().empty('4', "sda").end(), "device"),
                bad("pipe", new TarBuilder().empty('6', "pipe").end(), "pipe"),
                bad("unknown type", new TarBuilder().empty('Z', "z").end(), "unknown"),
                bad(
                        "case of a repeated name",
                        new TarBuilder().file("a").file("./A").end(),
                        "only in case"),
                bad("file and folder", new TarBuilder().file("a").file("a/b").end(), "file and a folder"),
                bad("case", new TarBuilder().file("a").file("A").end(), "only in case"),
                bad(
                        "Unicode form",
                        new TarBuilder().file(COMPOSED).file(DECOMPOSED).end(),
                        "Unicode form"),
                bad("header checksum", badChecksum, "checksum"),
                bad("no end", Arrays.copyOf(plain, 2048), "ends too early"),
                bad("huge extra header", hugeHeader, "extra tar header"),
                bad("one name for all", globalName, "all"),
                bad(
                        "malformed extra header",
                        new TarBuilder()
                                .header('x', "99999 x=y\n".getBytes(StandardCharsets.UTF_8))
                                .file("a")
                                .end(),
                        "a.tar"));
    }

    static Stream<Arguments> sevenZs() throws Exception {
        return Stream.of(
                bad("parent", HostileArchives.sevenZ(0, "ok", "../out"), "'..'"),
                bad("absolute", HostileArchives.sevenZ(0, "/tmp/out"), "absolute"),
                bad("drive", HostileArchives.sevenZ(0, "C:\\out"), "drive"),
                bad("Windows link", HostileArchives.sevenZ(0x400, "l"), "unknown"),
                bad("twice", HostileArchives.sevenZ(0, "a", "a"), "twice"),
                bad("case", HostileArchives.sevenZ(0, "a", "A"), "only in case"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"zips", "sevenZs"})
    void faultSeenInTheDirectory_isRefusedBeforeAnythingIsWritten(String what, byte[] archive, List<String> words)
            throws Exception {
        assertRefused(archive, words);
        assertEquals(Map.of(), ArchiveSpecimen.onDisk(root()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"zipsThatLie", "tars"})
    void faultSeenWhileUnpacking_isRefused(String what, byte[] archive, List<String> words) throws Exception {
        assertRefused(archive, words);
    }

    private Path root() {
        return temp.resolve("deep/er/root");
    }

    private void assertRefused(byte[] archive, List<String> words) throws Exception {
        Files.createDirectories(root());
        String name = archive[0] == 'P' ? "a.zip" : archive[0] == '7' ? "a.7z" : "a.tar";
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(2)
                        .unpack(ArchiveSpecimen.source(name, archive), root(), UnpackOptions.whole(), count -> {}));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
        for (String word : words) {
            assertTrue(problem.message().contains(word), problem.message());
        }
        assertFalse(problem.message().contains("\u001b"), "a terminal would interpret it");
        Set<String> outside =
                new java.util.HashSet<>(ArchiveSpecimen.onDisk(temp).keySet());
        outside.removeIf(path -> path.startsWith("deep/er/root/"));
        assertEquals(Set.of(), outside);
        assertFalse(Files.exists(Path.of("/tmp/out")) || Files.exists(Path.of("/tmp/out.txt")));
        try (Stream<Path> all = Files.walk(temp)) {
            assertTrue(all.noneMatch(Files::isSymbolicLink));
        }
    }

    @Test
    void manyFaults_areListedAndCounted() throws Exception {
        String[] names = IntStream.range(0, 50).mapToObj(i -> "../" + i).toArray(String[]::new);
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(1)
                        .unpack(
                                ArchiveSpecimen.source("a.zip", HostileArchives.zip(names)),
                                root(),
                                UnpackOptions.whole(),
                                count -> {}));
        assertTrue(problem.message().contains("50 entries"), problem.message());
        assertTrue(problem.message().contains("30 more"), problem.message());
        assertEquals(22, problem.message().lines().count());
    }

    @Test
    void sparseTarThatClaimsMuch_isStoppedByTheRatio() throws Exception {
        byte[] tar = new TarBuilder()
                .pax(
                        "GNU.sparse.major", "0",
                        "GNU.sparse.minor", "1",
                        "GNU.sparse.name", "big",
                        "GNU.sparse.size", String.valueOf(1L << 40),
                        "GNU.sparse.map", (1L << 40) + ",0")
                .file("big", "")
                .end();
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(1)
                        .unpack(ArchiveSpecimen.source("a.tar", tar), root(), UnpackOptions.whole(), count -> {}));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
    }

    @Test
    void linkOutsideOfTheFolderThatCounts_doesNotMatter() throws Exception {
        byte[] tar = new TarBuilder()
                .symbolicLink("repo/docs", "elsewhere")
                .file("repo/data/a")
                .end();
        UnpackOptions options =
                new UnpackOptions("", "*/data", List.of(), path -> true, null, Set.of(), UnpackOptions.Limits.USUAL);
        new Unpacker(1).unpack(ArchiveSpecimen.source("a.tar", tar), root(), options, count -> {});
        assertEquals(Map.of("a", "repo/data/a"), ArchiveSpecimen.onDisk(root()));
    }

    @Test
    void entryThatIsNotWanted_isCheckedLikeTheOthers() throws Exception {
        UnpackOptions options = new UnpackOptions(
                "", null, List.of(), path -> path.text().equals("a"), null, Set.of(), UnpackOptions.Limits.USUAL);
        assertThrows(
                Problem.class,
                () -> new Unpacker(1)
                        .unpack(
                                ArchiveSpecimen.source("a.zip", HostileArchives.zip("a", "b", "B")),
                                root(),
                                options,
                                count -> {}));
    }

    private void assertRefusedIn(String name, byte[] archive, String words) {
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(1)
                        .unpack(ArchiveSpecimen.source(name, archive), root(), UnpackOptions.whole(), count -> {}));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
        assertTrue(problem.message().contains(words), problem.message());
    }

    @ParameterizedTest
    @ValueSource(chars = {'x', 'g', 'L', 'K'})
    void tarWithThousandsOfExtraHeaders_isRefused(char type) {
        byte[] body = type == 'L' || type == 'K' ? new byte[] {'n', 0} : TarBuilder.records("comment", "c");
        TarBuilder tar = new TarBuilder();
        for (int i = 0; i < 2000; i++) {
            tar.header(type, body);
        }
        assertRefusedIn("a.tar", tar.file("a").end(), "more than 100");
    }

    /** Each has a megabyte; kept together they were gigabytes. */
    @Test
    void globalHeadersInFrontOfEveryFile_takeNoMemory() throws Exception {
        byte[] comment = TarBuilder.records("comment", "c".repeat(1 << 20));
        TarBuilder tar = new TarBuilder();
        for (int i = 0; i < 40; i++) {
            tar.header('g', comment).file("f" + i);
        }
        byte[] archive = tar.end();
        long before = usedMemory();
        new Unpacker(1).unpack(ArchiveSpecimen.source("a.tar", archive), root(), UnpackOptions.whole(), count -> {});
        assertTrue(usedMemory() - before < 20 << 20, "the headers are kept");
    }

    private static long usedMemory() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void zipWithHugeExtraFields_isUnpackedWithoutKeepingThem() throws Exception {
        byte[] archive = HostileArchives.zipWithExtraFields(1000, 60_000);
        UnpackedTree tree = new Unpacker(1)
                .unpack(ArchiveSpecimen.source("a.zip", archive), root(), UnpackOptions.whole(), count -> {});
        assertEquals(1000, tree.files().size());
    }

    @Test
    void zipWhoseEntriesAllUseTheSameBytes_isRefusedWithoutReadingThemAll() {
        assertRefusedIn("a.zip", HostileArchives.zipOfOverlaps(100_000), "overlap");
    }

    @Test
    void sparseFileWithPiecesThatOverlap_isRefused() {
        byte[] pieces = "abcdef".getBytes(StandardCharsets.UTF_8);
        assertRefusedIn(
                "a.tar",
                new TarBuilder().oldSparse("s", 100, pieces, 10, 3, 12, 3).end(),
                "sparse");
        assertRefusedIn(
                "b.tar", new TarBuilder().oldSparse("s", 12, pieces, 10, 6).end(), "sparse");
        assertRefusedIn(
                "c.tar", new TarBuilder().oldSparse("s", 100, pieces, 10, 3).end(), "sparse");
    }

    @Test
    void symbolicLinksInACircle_areLeftOut() throws Exception {
        byte[] tar = new TarBuilder()
                .symbolicLink("a", "b")
                .symbolicLink("b", "a")
                .symbolicLink("c", "c")
                .file("f")
                .end();
        UnpackedTree tree = new Unpacker(1)
                .unpack(ArchiveSpecimen.source("a.tar", tar), root(), UnpackOptions.whole(), count -> {});
        assertEquals(Map.of("f", "f"), ArchiveSpecimen.onDisk(root()));
        assertEquals(List.of("a", "b", "c"), tree.skipped());
    }

    @Test
    void hardLinksThatWriteFarMoreThanTheirFiles_areRefusedBeforeTheyAreWritten() {
        TarBuilder tar = new TarBuilder().file("big", "x".repeat(1 << 20));
        for (int i = 0; i < 150; i++) {
            tar.hardLink("link" + i, "big");
        }
        assertRefusedIn("a.tar", tar.end(), "its links would write 157,286,400 bytes of copies of 1,048,576 bytes");
    }

    @Test
    void hardLinksToAnUnselectedFile_thatWriteFarMoreThanIt_areRefusedToo() {
        TarBuilder tar = new TarBuilder().file("big", "x".repeat(1 << 20));
        for (int i = 0; i < 150; i++) {
            tar.hardLink("link" + i, "big");
        }
        UnpackOptions links = new UnpackOptions(
                "",
                null,
                List.of(),
                path -> path.text().startsWith("link"),
                null,
                Set.of(),
                UnpackOptions.Limits.USUAL);
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(1).unpack(ArchiveSpecimen.source("a.tar", tar.end()), root(), links, count -> {}));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
        assertTrue(problem.message().contains("its links would write"), problem.message());
    }

    @Test
    void symbolicLinksInAZip_thatWriteFarMoreThanTheirFiles_areRefusedBeforeTheyAreWritten() throws Exception {
        assertRefusedIn(
                "a.zip",
                HostileArchives.zipWithLinks(1 << 20, 150),
                "its links would write 157,286,400 bytes of copies of 1,048,576 bytes");
    }

    @Test
    void hardLinksInACircle_areRefused() {
        assertRefusedIn(
                "a.tar",
                new TarBuilder().hardLink("a", "b").hardLink("b", "a").file("f").end(),
                "hard link");
    }
}
