package org.histods.manifest;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.histods.problem.Problem;

/** A manifest of any bytes is read, and written as it was read, or is a problem. */
class ManifestFuzzTest {

    private final ManifestReader reader = new ManifestReader();

    @FuzzTest(maxDuration = "2m")
    void manifest_isReadOrAProblem(byte[] bytes) {
        Manifest read;
        try {
            read = reader.read(new String(bytes, StandardCharsets.UTF_8), "fuzzed.yaml", null)
                    .manifest();
        } catch (Problem p) {
            return;
        }
        String written = reader.write(read);
        try {
            Manifest again = reader.read(written, "written.yaml", null).manifest();
            if (!Objects.equals(read, again)) {
                throw new AssertionError("written and read again, it is another manifest:\n" + written);
            }
        } catch (Problem p) {
            throw new AssertionError("what was written is refused: " + p.message() + "\n" + written, p);
        }
    }
}
