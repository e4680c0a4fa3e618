package org.histods.audit.evidence;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** A notebook of any bytes gives lines. */
class NotebookFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void notebook_givesLines(byte[] bytes) {
        SourceLines.of(TextKind.NOTEBOOK, "a.ipynb", new String(bytes, StandardCharsets.UTF_8));
    }
}
