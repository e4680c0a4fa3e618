package org.histods.provenance.received;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;

/** Files of a received bag, with any bytes, are read or are a problem. */
final class ReceivedBagFuzzTest {

    private static Path bag(String name, byte[] bytes) throws IOException {
        Path bag = Files.createTempDirectory("bag");
        Files.createDirectory(bag.resolve("data"));
        Files.writeString(bag.resolve("bagit.txt"), "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        Files.write(bag.resolve(name), bytes);
        return bag;
    }

    private static void drop(Path bag) throws IOException {
        try (var list = Files.list(bag)) {
            for (Path path : list.toList()) {
                Files.delete(path);
            }
        }
        Files.delete(bag);
    }

    @FuzzTest(maxDuration = "2m")
    void fetchList_namesSafePathsAndUrls_orIsAProblem(byte[] bytes) throws IOException {
        Path bag = bag("fetch.txt", bytes);
        try {
            for (FetchList.Entry entry : FetchList.missing(bag)) {
                boolean web =
                        entry.uri().getScheme().matches("https?") && entry.uri().getHost() != null;
                if (!web || FilePath.fault(entry.path().text()) != null) {
                    throw new AssertionError(entry.toString());
                }
            }
        } catch (Problem p) {
            return;
        } finally {
            drop(bag);
        }
    }

    @FuzzTest(maxDuration = "2m")
    void manifest_isReadOrAProblem(byte[] bytes) throws IOException {
        Path bag = bag("manifest-sha256.txt", bytes);
        try {
            ChecksumFile.read(bag);
            ReceivedBag.verify(bag, 1, null);
        } catch (Problem p) {
            return;
        } finally {
            drop(bag);
        }
    }
}
