package org.histods.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ChecksumTest {

    @Test
    void upperCase_isTakenAndLowered() {
        Checksum checksum = Checksum.parse("MD5:D41D8CD98F00B204E9800998ECF8427E");
        assertEquals("md5:d41d8cd98f00b204e9800998ecf8427e", checksum.toString());
        assertEquals(checksum, Checksum.parse(checksum.toString()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "d41d8cd98f00b204e9800998ecf8427e",
                "md5:d41d8cd98f00b204e9800998ecf8427",
                "md5:d41d8cd98f00b204e9800998ecf8427g",
                "md5:",
                "md6:d41d8cd98f00b204e9800998ecf8427e",
                "s3-etag:d41d8cd98f00b204e9800998ecf8427e",
                "s3-etag:d41d8cd98f00b204e9800998ecf8427e-0",
                "sha256:d41d8cd98f00b204e9800998ecf8427e"
            })
    void malformed_isRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Checksum.parse(text));
    }

    @Test
    void multipartTag_isNeverReadAsMd5() {
        String tag = "d41d8cd98f00b204e9800998ecf8427e-14";
        assertThrows(IllegalArgumentException.class, () -> new Checksum(Algorithm.MD5, tag));
        assertEquals(Algorithm.S3_ETAG, new Checksum(Algorithm.S3_ETAG, tag).algorithm());
    }

    @Test
    void base64OfAHeader_isRead() {
        assertEquals(
                Checksum.parse("md5:d41d8cd98f00b204e9800998ecf8427e"),
                Checksum.ofBase64(Algorithm.MD5, "1B2M2Y8AsgTpgAmY7PhCfg=="));
        assertThrows(IllegalArgumentException.class, () -> Checksum.ofBase64(Algorithm.MD5, "AAAA"));
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void everyAlgorithm_isFoundByItsWord(Algorithm algorithm) {
        assertEquals(Optional.of(algorithm), Algorithm.named(algorithm.word()));
        assertEquals(
                Optional.of(algorithm),
                Algorithm.named(
                        algorithm.word().toUpperCase(java.util.Locale.ROOT).replace('-', '_')));
    }

    @Test
    void dashes_doNotMatter() {
        assertEquals(Optional.of(Algorithm.SHA256), Algorithm.named("SHA-256"));
        assertTrue(Algorithm.named("blake3").isEmpty());
    }
}
