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
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.HostileArchives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Archives made to escape, to overwrite, to deceive or to flood: each is refused whole, and nothing gets outside. */
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
                bad("symbolic link", HostileArchives.zip(HostileArchives.LINK, "etc"), "symbolic link"),
                bad(
                        "link and a file through it",
                        HostileArchives.zip(HostileArchives.LINK, "etc", "etc/passwd"),
                        "symbolic link"),
                bad("pipe", HostileArchives.zip(HostileArchives.PIPE, "pipe"), "device"),
                bad("device", HostileArchives.zip(HostileArchives.DEVICE, "null"), "device"),
                bad("twice", HostileArchives.zip("a.txt", "a.txt"), "twice"),
                bad("file then folder", HostileArchives.zip("a", "a/b"), "file and a folder"),
                bad("folder then file", HostileArchives.zip("a/b", "a"), "file and a folder"),
                bad("case", HostileArchives.zip("A.png", "a.png"), "nothing but case"),
                bad("case of a folder", HostileArchives.zip("Dir/a", "dir/b"), "nothing but case"),
                bad("sharp s", HostileArchives.zip("STRASSE", "stra\u00dfe"), "nothing but case"),
                bad("Unicode form", HostileArchives.zip(COMPOSED, DECOMPOSED), "Unicode form"),
                bad("NUL", HostileArchives.zip("a\u0000b"), "control character"),
                bad("line break", HostileArchives.zip("a\nb"), "control character"),
                bad("terminal escape", HostileArchives.zip("a\u001b[2Jb"), "control character"),
                bad("Windows device", HostileArchives.zip("x/aux.txt"), "device on Windows"),
                bad("long segment", HostileArchives.zip("n".repeat(256)), "longer than 255"),
                bad("long path", HostileArchives.zip("a/".repeat(3000) + "b"), "longer than 4096"),
                bad("empty segment", HostileArchives.zip("a//b"), "empty segment"),
                bad("dot segment", HostileArchives.zip("a/./b"), "'.'"),
                bad("empty name", HostileArchives.zip("ok", ""), "empty"),
                bad("rubbish that leaves", HostileArchives.zip("ok", "__MACOSX/../../out"), "leads out"),
                bad("folder with content", HostileArchives.zip("ok", "a/"), "content of its own"),
                bad("shared bytes", HostileArchives.withOffset(HostileArchives.zip("a", "b"), 1, 0), "overlap"),
                bad("beyond the end", HostileArchives.withOffset(HostileArchives.zip("a", "b"), 1, 1 << 20), "a.zip"),
                bad("ratio", HostileArchives.zeros("z", 101 << 20), "to 1"));
    }

    static Stream<Arguments> zipsThatLie() throws Exception {
        byte[] honest = HostileArchives.zip("first", "second");
        byte[] zeros = HostileArchives.zeros("z", 1 << 20);
        return Stream.of(
                bad("less than stated", HostileArchives.withSize(honest, 1, 100), "second", "states 100 bytes"),
                bad("more than stated", HostileArchives.withSize(honest, 1, 2), "second", "more than the 2 bytes"),
                bad("bomb that states 10 bytes", HostileArchives.withSize(zeros, 0, 10), "more than the 10 bytes"),
                bad("CRC", HostileArchives.withCrc(honest, 1, 1), "second", "CRC-32"),
                bad("no member there", HostileArchives.withOffset(honest, 0, 1), "first"));
    }

    static Stream<Arguments> tars() throws Exception {
        byte[] plain = new HostileArchives.Tar().file("first").file("second").end();
        byte[] badSum = plain.clone();
        badSum[1024] ^= 1;
        byte[] globalName = new HostileArchives.Tar()
                .header('x', HostileArchives.record("path", "../x"))
                .file("a")
                .end();
        HostileArchives.retype(globalName, 'g');
        byte[] hugeHeader = new HostileArchives.Tar()
                .header('x', new byte[2 << 20])
                .file("a")
                .end();
        return Stream.of(
                bad(
                        "parent",
                        new HostileArchives.Tar().file("ok").file("../out").end(),
                        "'..'"),
                bad(
                        "parent behind dot",
                        new HostileArchives.Tar().file("./../out").end(),
                        "'..'"),
                bad("absolute", new HostileArchives.Tar().file("/tmp/out").end(), "absolute"),
                bad(
                        "absolute in an extended header",
                        new HostileArchives.Tar().pax("/tmp/out").end(),
                        "absolute"),
                bad(
                        "parent in an extended header",
                        new HostileArchives.Tar().pax("../out").end(),
                        "'..'"),
                bad(
                        "absolute long name",
                        new HostileArchives.Tar()
                                .file("/tmp/" + "n/".repeat(60) + "o")
                                .end(),
                        "absolute"),
                bad(
                        "parent in a long name",
                        new HostileArchives.Tar()
                                .file("n/".repeat(60) + "../../x")
                                .end(),
                        "'..'"),
                bad(
                        "symbolic link",
                        new HostileArchives.Tar()
                                .link(TarConstants.LF_SYMLINK, "l", "/etc")
                                .end(),
                        "symbolic"),
                bad(
                        "link and a file through it",
                        new HostileArchives.Tar()
                                .link(TarConstants.LF_SYMLINK, "l", "/tmp")
                                .file("l/out")
                                .end(),
                        "symbolic"),
                bad(
                        "hard link to outside",
                        new HostileArchives.Tar()
                                .file("a")
                                .link(TarConstants.LF_LINK, "l", "/etc/passwd")
                                .end(),
                        "/etc/passwd"),
                bad(
                        "hard link to what comes later",
                        new HostileArchives.Tar()
                                .link(TarConstants.LF_LINK, "l", "a")
                                .file("a")
                                .end(),
                        "hard link"),
                bad(
                        "device",
                        new HostileArchives.Tar()
                                .link(TarConstants.LF_CHR, "null", "")
                                .end(),
                        "device"),
                bad(
                        "block device",
                        new HostileArchives.Tar()
                                .link(TarConstants.LF_BLK, "sda", "")
                                .end(),
                        "device"),
                bad(
                        "pipe",
                        new HostileArchives.Tar()
                                .link(TarConstants.LF_FIFO, "pipe", "")
                                .end(),
                        "pipe"),
                bad(
                        "unknown type",
                        new HostileArchives.Tar().link((byte) 'Z', "z", "").end(),
                        "unknown"),
                bad("twice", new HostileArchives.Tar().file("a").file("./a").end(), "twice"),
                bad(
                        "file and folder",
                        new HostileArchives.Tar().file("a").file("a/b").end(),
                        "file and a folder"),
                bad("case", new HostileArchives.Tar().file("a").file("A").end(), "nothing but case"),
                bad(
                        "Unicode form",
                        new HostileArchives.Tar()
                                .file(COMPOSED)
                                .file(DECOMPOSED)
                                .end(),
                        "Unicode form"),
                bad("header checksum", badSum, "checksum"),
                bad("no end", Arrays.copyOf(plain, 2048), "ends too early"),
                bad("huge extra header", hugeHeader, "extra tar header"),
                bad("one name for all", globalName, "all"),
                bad(
                        "malformed extra header",
                        new HostileArchives.Tar()
                                .header('x', "99999 x=y\n".getBytes(StandardCharsets.UTF_8))
                                .file("a")
                                .end(),
                        "a.tar"));
    }

    static Stream<Arguments> sevenZs() throws Exception {
        int unixLink = 0x8000 | HostileArchives.LINK << 16;
        return Stream.of(
                bad("parent", HostileArchives.sevenZ(0, "ok", "../out"), "'..'"),
                bad("absolute", HostileArchives.sevenZ(0, "/tmp/out"), "absolute"),
                bad("drive", HostileArchives.sevenZ(0, "C:\\out"), "drive"),
                bad("symbolic link", HostileArchives.sevenZ(unixLink, "l"), "symbolic"),
                bad("Windows link", HostileArchives.sevenZ(0x400, "l"), "unknown"),
                bad("twice", HostileArchives.sevenZ(0, "a", "a"), "twice"),
                bad("case", HostileArchives.sevenZ(0, "a", "A"), "nothing but case"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"zips", "sevenZs"})
    void judgedFromItsDirectory_isRefusedBeforeAnythingIsWritten(String what, byte[] archive, List<String> words)
            throws Exception {
        assertRefused(archive, words);
        assertEquals(Map.of(), ArchiveSpecimen.onDisk(root()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"zipsThatLie", "tars"})
    void seenOnlyOnTheWay_isRefusedAllTheSame(String what, byte[] archive, List<String> words) throws Exception {
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
        assertFalse(problem.message().contains("\u001b"), "a terminal would obey it");
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
        assertTrue(problem.message().contains("50 members"), problem.message());
        assertTrue(problem.message().contains("30 more"), problem.message());
        assertEquals(22, problem.message().lines().count());
    }

    @Test
    void sparseTarThatClaimsMuch_isStoppedByTheRatio() throws Exception {
        byte[] tar = new HostileArchives.Tar()
                .header(
                        'x',
                        join(
                                HostileArchives.record("GNU.sparse.major", "0"),
                                HostileArchives.record("GNU.sparse.minor", "1"),
                                HostileArchives.record("GNU.sparse.name", "big"),
                                HostileArchives.record("GNU.sparse.size", String.valueOf(1L << 40)),
                                HostileArchives.record("GNU.sparse.map", (1L << 40) + ",0")))
                .link(TarConstants.LF_NORMAL, "big", "")
                .end();
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(1)
                        .unpack(ArchiveSpecimen.source("a.tar", tar), root(), UnpackOptions.whole(), count -> {}));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
    }

    private static byte[] join(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    @Test
    void linkOutsideOfTheFolderThatCounts_doesNotMatter() throws Exception {
        byte[] tar = new HostileArchives.Tar()
                .link(TarConstants.LF_SYMLINK, "repo/docs", "elsewhere")
                .file("repo/data/a")
                .end();
        UnpackOptions options =
                new UnpackOptions("", "*/data", List.of(), path -> true, null, Set.of(), UnpackOptions.Limits.USUAL);
        new Unpacker(1).unpack(ArchiveSpecimen.source("a.tar", tar), root(), options, count -> {});
        assertEquals(Map.of("a", "repo/data/a"), ArchiveSpecimen.onDisk(root()));
    }

    @Test
    void memberThatIsNotWanted_isJudgedLikeTheOthers() throws Exception {
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
}
