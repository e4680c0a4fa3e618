package org.histods.unpack;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.junit.jupiter.api.io.TempDir;

/** An archive of any bytes is unpacked below its folder, or is a problem of the archive. */
class ArchiveFuzzTest {

    /** A small archive may unpack to no more than this. */
    private static final UnpackOptions.Limits LIMITS = new UnpackOptions.Limits(1 << 22, 100, 1000);

    @TempDir
    Path temp;

    @FuzzTest(maxDuration = "2m")
    void zip_isUnpackedOrAProblem(byte[] bytes) throws IOException {
        unpack("a.zip", bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void tar_isUnpackedOrAProblem(byte[] bytes) throws IOException {
        unpack("a.tar", bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void gzip_isUnpackedOrAProblem(byte[] bytes) throws IOException {
        unpack("a.tar.gz", bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void bzip2_isUnpackedOrAProblem(byte[] bytes) throws IOException {
        unpack("a.csv.bz2", bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void xz_isUnpackedOrAProblem(byte[] bytes) throws IOException {
        unpack("a.csv.xz", bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void zstd_isUnpackedOrAProblem(byte[] bytes) throws IOException {
        unpack("a.csv.zst", bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void sevenZip_isUnpackedOrAProblem(byte[] bytes) throws IOException {
        unpack("a.7z", bytes);
    }

    private void unpack(String name, byte[] bytes) throws IOException {
        Path root = temp.resolve("box").resolve(UUID.randomUUID().toString());
        UnpackOptions options = new UnpackOptions("", null, List.of(), path -> true, null, Set.of(), LIMITS);
        try {
            UnpackedTree tree = new Unpacker(1).unpack(ArchiveSpecimen.source(name, bytes), root, options, count -> {});
            if (tree.files().size() != ArchiveSpecimen.onDisk(root).size()) {
                throw new AssertionError("not the files that were said to be unpacked");
            }
        } catch (Problem p) {
            if (!EnumSet.of(Problem.Kind.WRONG_BYTES, Problem.Kind.PERSON).contains(p.kind())) {
                throw new AssertionError(p.kind() + ": " + p.message(), p);
            }
        } finally {
            delete(root);
        }
        try (var left = Files.list(temp)) {
            if (left.anyMatch(path -> !path.endsWith("box"))) {
                throw new AssertionError("something was written outside of its folder");
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var walk = Files.walk(folder)) {
            for (Path path : walk.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
