package org.histods.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FilePathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/etc/passwd",
                "../x",
                "a/../x",
                "a/..",
                ".",
                "./a",
                "a/./b",
                "a//b",
                "a/",
                "C:/x",
                "c:x",
                "a\\b",
                "\\\\server\\share",
                "a\nb",
                "a\u0000b",
                "a\u001b[31m",
                "a\u0085b",
                "a\u007f",
                "\ud800",
                "\udc00\ud800",
                "NUL",
                "x/aux.txt",
                "Com1",
                "lpt9.tar.gz"
            })
    void unsafePath_isRefused(String path) {
        assertNotNull(FilePath.fault(path));
        assertThrows(IllegalArgumentException.class, () -> new FilePath(path));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "a/b.png", "..a", "a..", "...", "é/😀.tif", "a b", "auxiliary.txt", "com10", "10:y", "-rf"})
    void ordinaryPath_isTaken(String path) {
        assertEquals(path, new FilePath(path).text());
    }

    @Test
    void segmentLength_isCountedInUtf8Bytes() {
        assertEquals(
                255,
                new FilePath("é".repeat(127) + "x").text().getBytes(java.nio.charset.StandardCharsets.UTF_8).length);
        assertNotNull(FilePath.fault("é".repeat(128)));
    }

    @Test
    void pathLength_isCountedInUtf8Bytes() {
        String folder = "é".repeat(99) + "/";
        assertEquals(
                1000,
                new FilePath(folder.repeat(5) + "x".repeat(5))
                        .text()
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)
                        .length);
        assertNotNull(FilePath.fault(folder.repeat(5) + "x".repeat(6)));
        assertNotNull(FilePath.fault("d/".repeat(2000) + "f"));
    }

    @Test
    void refusal_doesNotRepeatControlCharacters() {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new FilePath("a\u001b[2Jb"));
        String message = String.valueOf(refusal.getMessage());
        assertFalse(message.contains("\u001b"));
        assertTrue(message.contains("\\u001b"), message);
    }

    @Test
    void order_isThatOfUtf8BytesUnsigned() {
        FilePath beyondTheBasicPlane = new FilePath("\ud83d\ude00");
        FilePath privateUse = new FilePath("\uffee");
        assertEquals(
                List.of(new FilePath("B"), new FilePath("a"), privateUse, beyondTheBasicPlane),
                List.of(beyondTheBasicPlane, new FilePath("a"), privateUse, new FilePath("B")).stream()
                        .sorted()
                        .toList());
    }

    @Test
    void parts_areThoseOfThePath() {
        FilePath path = new FilePath("a/b/c.png");
        assertEquals("c.png", path.name());
        assertEquals("a/b", path.parent());
        assertEquals("", new FilePath("c.png").parent());
    }
}
