package org.histods.project;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.histods.problem.Problem;

/** The files of a project with any bytes are read or are a problem. */
class ProjectFilesFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void declaration_isReadOrAProblem(byte[] bytes) {
        try {
            DeclarationFormat.read(new String(bytes, StandardCharsets.UTF_8), Declaration.FILE);
        } catch (Problem p) {
            return;
        }
    }

    @FuzzTest(maxDuration = "2m")
    void lock_isReadAndWrittenAlike_orAProblem(byte[] bytes) {
        Lock lock;
        try {
            lock = LockFormat.read(new String(bytes, StandardCharsets.UTF_8), Lock.FILE);
        } catch (Problem p) {
            return;
        }
        String written = LockFormat.write(lock);
        try {
            if (!LockFormat.write(LockFormat.read(written, Lock.FILE)).equals(written)) {
                throw new AssertionError("written and read again, it is another lock:\n" + written);
            }
        } catch (Problem p) {
            throw new AssertionError("what was written is refused: " + p.message() + "\n" + written, p);
        }
    }
}
