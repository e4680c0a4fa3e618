package org.histods.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.histods.digest.Checksum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ManifestLineTest {

    private static final String SUM = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    @Test
    void line_hasChecksumAndDecodedPath() {
        ManifestLine line = ManifestLine.parse(SUM + "  data/a/50%25 b.png");
        assertEquals(Checksum.parse("sha256:" + SUM), line.sha256());
        assertEquals("a/50% b.png", line.file().text());
        assertEquals("a/50% b.png", ManifestLine.pathInData(SUM + "  data/a/50%25 b.png"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", SUM, SUM + "  ", SUM + " data/a", SUM + " *data/a", "x" + SUM + "  data/a", "xyz  data/a"})
    void otherLine_isRefused(String line) {
        assertThrows(IllegalArgumentException.class, () -> ManifestLine.parse(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bagit.txt", "data/", "data/../x", "data//x", "database/x"})
    void pathThatIsNotBelowData_isRefused(String path) {
        assertThrows(
                IllegalArgumentException.class,
                () -> ManifestLine.parse(SUM + "  " + path).file());
    }

    @Test
    void tagFiles_areByTheirPaths() {
        assertEquals(
                Map.of("bagit.txt", Checksum.parse("sha256:" + SUM)), ManifestLine.tagFiles(SUM + "  bagit.txt\n"));
        assertThrows(IllegalArgumentException.class, () -> ManifestLine.tagFiles(SUM + "  ../bagit.txt\n"));
    }
}
