package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.testing.ArchivePacker;
import org.histods.testing.ArchiveSpecimen;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Contract of every kind of archive. */
final class ArchiveContractTest {

    private static final List<ArchiveSpecimen> FILES =
            ArchiveSpecimen.described("""
            top/read me.txt = hello
            top/images/a.png = <20000>
            top/images/deeper/b.png = <7000>
            top/images/é 病理.txt = unicode
            x top/run.sh = #!/bin/sh
            top/empty.txt = <0>
            top/%s/%s.txt = long
            other/c.txt = outside
            """.formatted("l".repeat(120), "n".repeat(120)));

    private static final Map<ArchivePacker, byte[]> PACKED = packed();

    @TempDir
    Path root;

    private static Map<ArchivePacker, byte[]> packed() {
        Map<ArchivePacker, byte[]> packed = new EnumMap<>(ArchivePacker.class);
        for (ArchivePacker packer : ArchivePacker.values()) {
            try {
                packed.put(packer, packer.pack(FILES));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return packed;
    }

    private static byte[] packed(ArchivePacker packer) {
        return Objects.requireNonNull(PACKED.get(packer)).clone();
    }

    private UnpackedTree unpack(ArchivePacker packer, List<ArchiveSpecimen> files, UnpackOptions options)
            throws Exception {
        return unpack(packer, files, root, options);
    }

    private static UnpackedTree unpack(
            ArchivePacker packer, List<ArchiveSpecimen> files, Path root, UnpackOptions options) throws Exception {
        return new Unpacker(3)
                .unpack(
                        ArchiveSpecimen.source(packer.fileName(), files == FILES ? packed(packer) : packer.pack(files)),
                        root,
                        options,
                        count -> {});
    }

    private static UnpackOptions from(String folder) {
        UnpackOptions whole = UnpackOptions.whole();
        return new UnpackOptions(
                "", folder, List.of(), whole.wanted(), null, EnumSet.allOf(Algorithm.class), whole.limits());
    }

    @ParameterizedTest
    @EnumSource
    void everyFile_hasItsContent(ArchivePacker packer) throws Exception {
        UnpackedTree tree = unpack(packer, FILES, UnpackOptions.whole());

        assertEquals(ArchiveSpecimen.expected(FILES), ArchiveSpecimen.onDisk(root));
        assertEquals(
                ArchiveSpecimen.expected(FILES).keySet(),
                tree.files().stream().map(f -> f.path().text()).collect(java.util.stream.Collectors.toSet()));
        assertEquals(List.of(), tree.skipped());
    }

    @ParameterizedTest
    @EnumSource
    void everyFile_isHashedWhileItIsWritten(ArchivePacker packer) throws Exception {
        UnpackedTree tree = unpack(packer, FILES, from(""));

        for (UnpackedFile file : tree.files()) {
            byte[] onDisk = Files.readAllBytes(root.resolve(file.path().text()));
            Hasher hasher = Hasher.of(EnumSet.allOf(Algorithm.class), onDisk.length);
            hasher.update(onDisk, 0, onDisk.length);
            Map<Algorithm, Checksum> checksums = hasher.finish();
            assertEquals(checksums, file.checksums());
            assertNotNull(checksums.get(Algorithm.GIT_BLOB));
            assertEquals(onDisk.length, file.bytes());
            assertEquals(file.path().text(), file.entry());
        }
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheExecutableBit_isKept(ArchivePacker packer) throws Exception {
        UnpackedTree tree = unpack(packer, FILES, UnpackOptions.whole());

        for (UnpackedFile file : tree.files()) {
            assertEquals(file.path().text().equals("top/run.sh"), file.executable());
            assertEquals(
                    file.executable(),
                    Files.isExecutable(root.resolve(file.path().text())));
        }
    }

    @ParameterizedTest
    @EnumSource
    void kind_isFoundByBytesRatherThanName(ArchivePacker packer) throws Exception {
        byte[] bytes = packed(packer);
        assertEquals(packer.kind(), new Unpacker(1).kindOf(ArchiveSpecimen.source("no-ending", bytes)));
        assertEquals(packer.kind(), new Unpacker(1).kindOf(ArchiveSpecimen.source("lies.bz2", bytes)));
        assertEquals(packer.kind(), ArchiveKind.named(packer.fileName()).orElseThrow());
    }

    @ParameterizedTest
    @EnumSource
    void folder_isUnpackedAloneAndWithoutItsName(ArchivePacker packer) throws Exception {
        UnpackedTree tree = unpack(packer, FILES, from("*/images"));

        assertEquals(
                Set.of("a.png", "deeper/b.png", "é 病理.txt"),
                ArchiveSpecimen.onDisk(root).keySet());
        assertEquals("top/images/a.png", tree.files().get(0).entry());
        assertEquals(List.of(), tree.skipped());
    }

    @ParameterizedTest
    @EnumSource
    void folderThatDoesNotExist_isAProblem(ArchivePacker packer) {
        Problem problem = assertThrows(Problem.class, () -> unpack(packer, FILES, from("*/masks")));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("*/masks"), problem.message());
    }

    @ParameterizedTest
    @EnumSource
    void intoAndWanted_applyToTheResultingPath(ArchivePacker packer) throws Exception {
        UnpackedTree tree = unpack(
                packer,
                FILES,
                new UnpackOptions(
                        "data/x",
                        "top",
                        List.of(),
                        path -> path.text().startsWith("data/x/images/d"),
                        null,
                        Set.of(),
                        UnpackOptions.Limits.USUAL));

        assertEquals(
                Set.of("data/x/images/deeper/b.png"),
                ArchiveSpecimen.onDisk(root).keySet());
        assertEquals(
                new FilePath("data/x/images/deeper/b.png"), tree.files().get(0).path());
    }

    @ParameterizedTest
    @EnumSource
    void systemFilesAndSkipped_areLeftOutAndListed(ArchivePacker packer) throws Exception {
        List<ArchiveSpecimen> files = ArchiveSpecimen.described("""
                a.txt = a
                __MACOSX/._a.txt = of the system
                sub/.DS_Store = of the system
                sub/Thumbs.db = of the system
                sub/Thumbs.db.txt = wanted
                docs/deep/guide.pdf = skipped
                docs/icon\t = skipped although its name is invalid
                """);
        UnpackedTree tree = unpack(
                packer,
                files,
                new UnpackOptions(
                        "", null, List.of("docs/**"), path -> true, null, Set.of(), UnpackOptions.Limits.USUAL));

        assertEquals(
                Set.of("a.txt", "sub/Thumbs.db.txt"),
                ArchiveSpecimen.onDisk(root).keySet());
        assertEquals(
                List.of(
                        "__MACOSX/._a.txt",
                        "sub/.DS_Store",
                        "sub/Thumbs.db",
                        "docs/deep/guide.pdf",
                        "docs/icon\\u0009"),
                tree.skipped());
    }

    @ParameterizedTest
    @EnumSource
    void everyCut_isWrongBytes(ArchivePacker packer) throws Exception {
        byte[] whole = packed(packer);
        for (int eighth = 1; eighth < 8; eighth += 2) {
            byte[] cut = Arrays.copyOf(whole, whole.length * eighth / 8);
            Path folder = Files.createDirectory(root.resolve("cut" + eighth));
            Problem problem = assertThrows(
                    Problem.class,
                    () -> new Unpacker(2)
                            .unpack(
                                    ArchiveSpecimen.source(packer.fileName(), cut),
                                    folder,
                                    UnpackOptions.whole(),
                                    c -> {}));
            assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
        }
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"TAR", "TAR_PAX"})
    void flippedBitInContent_isWrongBytes(ArchivePacker packer) throws Exception {
        byte[] bytes = packed(packer);
        bytes[10_000] ^= 0x10;
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(2)
                        .unpack(
                                ArchiveSpecimen.source(packer.fileName(), bytes),
                                root,
                                UnpackOptions.whole(),
                                c -> {}));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
    }

    @ParameterizedTest
    @EnumSource
    void progress_isTheBytesWritten(ArchivePacker packer) throws Exception {
        AtomicLong written = new AtomicLong();
        UnpackedTree tree = new Unpacker(2)
                .unpack(
                        ArchiveSpecimen.source(packer.fileName(), packed(packer)),
                        root,
                        from("top"),
                        written::addAndGet);
        assertEquals(tree.files().stream().mapToLong(file -> file.bytes()).sum(), written.get());
    }

    @ParameterizedTest
    @EnumSource
    void limits_applyToTheUnpackedBytes(ArchivePacker packer) {
        UnpackOptions.Limits bytes = new UnpackOptions.Limits(10_000, 100, 1000);
        UnpackOptions.Limits entries = new UnpackOptions.Limits(1 << 30, 3, 1000);
        for (UnpackOptions.Limits limits : List.of(bytes, entries)) {
            Problem problem = assertThrows(
                    Problem.class,
                    () -> unpack(
                            packer,
                            FILES,
                            root.resolve("within " + limits.entries()),
                            new UnpackOptions("", null, List.of(), path -> true, null, Set.of(), limits)));
            assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
            assertTrue(problem.message().contains("limit"), problem.message());
        }
    }

    @ParameterizedTest
    @EnumSource
    void interruptedThread_isTheProblemInterrupted(ArchivePacker packer) {
        Thread.currentThread().interrupt();
        try {
            Problem problem = assertThrows(Problem.class, () -> unpack(packer, FILES, UnpackOptions.whole()));
            assertEquals(Problem.Kind.INTERRUPTED, problem.kind());
        } finally {
            assertTrue(Thread.interrupted(), "the interrupt status is kept");
        }
    }

    @ParameterizedTest
    @EnumSource
    void folderThatCannotBeWritten_isAProblemOfTheDisk(ArchivePacker packer) throws Exception {
        Files.writeString(root.resolve("top"), "a file blocks the folder");
        Problem problem = assertThrows(Problem.class, () -> unpack(packer, FILES, UnpackOptions.whole()));
        assertEquals(Problem.Kind.DISK, problem.kind());
        assertTrue(problem.message().contains(packer.fileName()), problem.message());
    }
}
