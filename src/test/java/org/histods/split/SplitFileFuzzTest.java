package org.histods.split;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/** A split file of any bytes is read or is a problem. */
class SplitFileFuzzTest {

    @TempDir
    Path folder;

    @FuzzTest(maxDuration = "2m")
    void table_isReadOrAProblem(byte[] bytes) throws IOException {
        read("split.csv", null, bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void list_isReadOrAProblem(byte[] bytes) throws IOException {
        read("train.txt", "train", bytes);
    }

    @FuzzTest(maxDuration = "2m")
    void json_isReadOrAProblem(byte[] bytes) throws IOException {
        read("split.json", null, bytes);
    }

    private void read(String name, @Nullable String split, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, bytes);
        try {
            new SplitFile(split, file, name).read(SplitTable.Columns.NONE);
        } catch (Problem p) {
            return;
        }
    }
}
