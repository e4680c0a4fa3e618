package org.histods.pull;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.IntStream;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;

final class ClaimedPathsTest {

    private final ClaimedPaths claimed = new ClaimedPaths();

    private static List<FilePath> paths(String... paths) {
        return List.of(paths).stream().map(FilePath::new).toList();
    }

    private String refusal(List<FilePath> paths, String from) {
        Problem problem = assertThrows(Problem.class, () -> claimed.add(paths, from));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        return problem.message();
    }

    @Test
    void pathOfTwoArchives_isRefused_andBothAreNamed() throws Exception {
        claimed.add(paths("a/1.png", "a/2.png"), "one.zip");
        claimed.add(paths("labels.csv"), "labels.csv");
        assertEquals("one.zip and two.zip both contain a/2.png", refusal(paths("b/1.png", "a/2.png"), "two.zip"));
        assertEquals("labels.csv and two.zip both contain labels.csv", refusal(paths("labels.csv"), "two.zip"));
    }

    @Test
    void pathsThatDifferOnlyInCaseOrUnicodeForm_areRefused() throws Exception {
        claimed.add(paths("Readme.txt", "u\u0308.txt"), "one.zip");
        assertEquals(
                "README.TXT and Readme.txt differ only in upper and lower case, or in their form of Unicode",
                refusal(paths("README.TXT"), "two.zip"));
        assertEquals(
                "\u00fc.txt and u\u0308.txt differ only in upper and lower case, or in their form of Unicode",
                refusal(paths("\u00fc.txt"), "two.zip"));
        assertEquals(
                "c.txt and C.txt differ only in upper and lower case, or in their form of Unicode",
                refusal(paths("C.txt", "c.txt"), "three.zip"));
    }

    @Test
    void manyDifferentPaths_areAccepted() throws Exception {
        for (int archive = 0; archive < 10; archive++) {
            int number = archive;
            claimed.add(
                    IntStream.range(0, 2000)
                            .mapToObj(i -> new FilePath(number + "/tile" + i + ".png"))
                            .toList(),
                    archive + ".zip");
        }
        assertEquals("7.zip and x.zip both contain 7/tile1999.png", refusal(paths("7/tile1999.png"), "x.zip"));
    }
}
