package org.histods.split;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.csv.TextFile;
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

    /** The table of {@code --patients}: each patient that it gives is in its text. */
    @FuzzTest(maxDuration = "2m")
    void tableOfPatients_isReadOrAProblem(byte[] bytes) throws IOException {
        Path file = folder.resolve("patients.csv");
        Files.write(file, bytes);
        List<String> paths = List.of("a/1001.svs", "1002.svs", "x.y.png");
        try {
            PatientTable table = PatientTable.read(file, "patients.csv", paths, "patient");
            String text = TextFile.read(file, "patients.csv").text();
            for (String path : paths) {
                String patient = table.of(path).orElse("");
                if (!patient.contains("\"") && !text.contains(patient)) {
                    throw new AssertionError(path + " is of '" + patient + "', which is not in the table");
                }
            }
        } catch (Problem p) {
            return;
        }
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
