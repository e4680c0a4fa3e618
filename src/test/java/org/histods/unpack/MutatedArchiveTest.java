package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.histods.testing.ArchivePacker;
import org.histods.testing.ArchiveSpecimen;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives with bytes changed at random: each unpacks or is a problem. */
final class MutatedArchiveTest {

    private static final int ROUNDS = Integer.getInteger("histods.mutations", 15);

    private static final List<ArchiveSpecimen> FILES = ArchiveSpecimen.described("""
            dir/a.txt = a short text
            x dir/run.sh = #!/bin/sh
            b.bin = <300>
            """);

    @TempDir
    Path temp;

    @ParameterizedTest
    @EnumSource
    void mutatedArchive_isUnpackedOrAProblem(ArchivePacker packer) throws Exception {
        byte[] whole = packer.pack(FILES);
        for (int seed = 0; seed < ROUNDS; seed++) {
            Path root = temp.resolve("box/" + seed);
            byte[] mutated = mutated(whole, new Random(seed));
            UnpackOptions.Limits limits = new UnpackOptions.Limits(1 << 24, 100, 1000);
            UnpackOptions options =
                    new UnpackOptions("", null, List.of(), path -> true, null, java.util.Set.of(), limits);
            String what = packer + " with seed " + seed;
            try {
                UnpackedTree tree = new Unpacker(2)
                        .unpack(ArchiveSpecimen.source(packer.fileName(), mutated), root, options, count -> {});
                assertEquals(tree.files().size(), ArchiveSpecimen.onDisk(root).size(), what);
            } catch (Problem problem) {
                boolean ofTheArchive =
                        problem.kind() == Problem.Kind.WRONG_BYTES || problem.kind() == Problem.Kind.PERSON;
                assertTrue(ofTheArchive, () -> what + ": " + problem.kind() + " " + problem.message());
            }
        }
        assertEquals(Map.of(), outside());
    }

    private static byte[] mutated(byte[] whole, Random random) {
        byte[] bytes = whole.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)) : bytes;
    }

    private Map<String, String> outside() throws Exception {
        Map<String, String> files = ArchiveSpecimen.onDisk(temp);
        files.keySet().removeIf(path -> path.startsWith("box/"));
        try (Stream<Path> all = Files.walk(temp)) {
            assertTrue(all.noneMatch(Files::isSymbolicLink));
        }
        return files;
    }
}
