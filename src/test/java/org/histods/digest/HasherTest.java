package org.histods.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The expected values come from md5sum, sha1sum, sha256sum, sha512sum, git and RFC 3720. */
final class HasherTest {

    private static Map<Algorithm, Checksum> checksums(Hasher hasher, byte[] bytes, int step) {
        for (int from = 0; from < bytes.length; from += step) {
            hasher.update(bytes, from, Math.min(step, bytes.length - from));
        }
        return hasher.finish();
    }

    private static Map<Algorithm, Checksum> all(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return checksums(Hasher.of(EnumSet.allOf(Algorithm.class), bytes.length), bytes, 3);
    }

    private static void assertChecksum(String expected, Map<Algorithm, Checksum> checksums) {
        Checksum checksum = Checksum.parse(expected);
        assertEquals(checksum, checksums.get(checksum.algorithm()));
    }

    @Test
    void nothing_hasTheKnownChecksums() {
        Map<Algorithm, Checksum> checksums = all("");
        assertChecksum("md5:d41d8cd98f00b204e9800998ecf8427e", checksums);
        assertChecksum("sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709", checksums);
        assertChecksum("sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", checksums);
        assertChecksum("git-blob:e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", checksums);
        assertChecksum("crc32c:00000000", checksums);
    }

    @Test
    void nineDigits_haveTheKnownChecksums() {
        Map<Algorithm, Checksum> checksums = all("123456789");
        assertChecksum("crc32c:e3069283", checksums);
        assertChecksum("md5:25f9e794323b453885f5181f1b624d0b", checksums);
        assertChecksum("sha1:f7c3bc1d808e04732adf679965ccc34ca7ae3441", checksums);
        assertChecksum("sha256:15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225", checksums);
        assertChecksum(
                "sha512:d9e6762dd1c8eaf6d61b3c6192fc408d4d6d5f1176d0c29169bc24e71c3f274a"
                        + "d27fcd5811b313d681f7e55ec02d73d499c95455b6b5bb503acf574fba8ffe85",
                checksums);
    }

    @Test
    void sha256_isAlwaysComputed() {
        assertEquals(
                Set.of(Algorithm.SHA256),
                checksums(Hasher.of(Set.of(), -1), new byte[1], 1).keySet());
    }

    @Test
    void unknownLength_leavesOutTheGitBlob() {
        Map<Algorithm, Checksum> checksums =
                checksums(Hasher.of(Set.of(Algorithm.GIT_BLOB, Algorithm.MD5), -1), new byte[5], 5);
        assertEquals(Set.of(Algorithm.MD5, Algorithm.SHA256), checksums.keySet());
    }

    @Test
    void bytes_areCounted() {
        Hasher hasher = Hasher.of(Set.of(), -1);
        hasher.update(new byte[10], 2, 7);
        hasher.update(new byte[10], 0, 0);
        assertEquals(7, hasher.bytes());
    }

    /** 9 MiB of zeros in parts of 8 MiB and of 5 MiB, computed with hashlib. */
    @Test
    void multipartTag_isRecognisedForUsualPartSizes() {
        byte[] zeros = new byte[9 << 20];
        Checksum eight = Checksum.parse("s3-etag:d126ef08817d0490e207e456cb0ae080-2");
        Checksum five = Checksum.parse("s3-etag:0dcfb490d7b52ad0947c3f34e846f6a3-2");
        assertEquals(
                eight,
                checksums(Hasher.toCompare(List.of(eight), zeros.length), zeros, 1_000_003)
                        .get(Algorithm.S3_ETAG));
        assertEquals(
                five,
                checksums(Hasher.toCompare(List.of(five), zeros.length), zeros, 65536)
                        .get(Algorithm.S3_ETAG));
    }

    @Test
    void multipartTagThatDoesNotFit_saysNothing() {
        byte[] zeros = new byte[9 << 20];
        Checksum other = Checksum.parse("s3-etag:00000000000000000000000000000000-2");
        assertFalse(checksums(Hasher.toCompare(List.of(other), zeros.length), zeros, 65536)
                .containsKey(Algorithm.S3_ETAG));
        assertFalse(
                checksums(Hasher.toCompare(List.of(other), -1), zeros, 65536).containsKey(Algorithm.S3_ETAG));
    }
}
