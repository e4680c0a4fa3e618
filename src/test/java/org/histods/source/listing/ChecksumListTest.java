package org.histods.source.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChecksumListTest {

    private static final String MD5 = "0123456789abcdef0123456789ABCDEF";
    private static final String SHA256 = "0123456789abcdef".repeat(4);

    private static Map<String, List<Checksum>> read(String text) throws Problem {
        return ChecksumList.parse(text.getBytes(StandardCharsets.UTF_8), "list.md5")
                .checksums();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                MD5 + "  a b/c.tif\n",
                MD5 + " *a b/c.tif\r\n",
                MD5 + "  ./a b/c.tif",
                "\uFEFF# made by hand\n\n; and this\n" + MD5 + " \t a b/c.tif\n",
                "MD5 (a b/c.tif) = " + MD5,
                "md5 (a b/c.tif)= " + MD5
            })
    void everyForm_isReadAsPathAndChecksum(String text) throws Problem {
        assertEquals(Map.of("a b/c.tif", List.of(Checksum.parse("md5:" + MD5))), read(text));
    }

    @Test
    void numberOfDigits_givesTheAlgorithm() throws Problem {
        Checksum sha256 = Checksum.parse("sha256:" + SHA256);

        assertEquals(Map.of("x", List.of(sha256)), read(SHA256 + "  x"));
        assertEquals(Map.of("x", List.of(sha256)), read("SHA256 (x) = " + SHA256));
        assertEquals(
                Map.of("x", List.of(sha256, Checksum.parse("md5:" + MD5))), read(SHA256 + "  x\n" + MD5 + "  x\n"));
    }

    @Test
    void escapedName_isUnescaped() throws Problem {
        assertTrue(read("\\" + MD5 + "  a\\\\b").containsKey("a\\b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n", "hello world\n", "0123  x\n", MD5 + "00  x\n", "FOO1 (x) = " + MD5, MD5})
    void lineThatIsNotUnderstood_isRefusedRatherThanPassedOver(String text) {
        Problem problem = assertThrows(Problem.class, () -> read(text));

        assertEquals(Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("list.md5"));
    }
}
