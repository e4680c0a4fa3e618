package org.histods.digest;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A checksum with its algorithm, always well formed: lower-case hex digits of the right number. Kept as bytes, because there is
 * one for each of a million files.
 */
public final class Checksum {

    private static final HexFormat HEX = HexFormat.of();

    private final Algorithm algorithm;
    private final byte[] digest;
    /** Of {@link Algorithm#S3_ETAG}; 0 for all others. */
    private final int parts;

    /**
     * A checksum.
     *
     * @param hex hex digits in any case; for {@link Algorithm#S3_ETAG} followed by {@code -} and the number of parts
     * @throws IllegalArgumentException if the value does not have the form of the algorithm; the message names both
     */
    public Checksum(Algorithm algorithm, String hex) {
        String digits = hex.toLowerCase(Locale.ROOT);
        if (!algorithm.accepts(digits)) {
            throw new IllegalArgumentException(
                    "'" + digits + "' is not a valid " + algorithm.word() + " (" + algorithm.form() + ")");
        }
        int dash = digits.indexOf('-');
        this.algorithm = algorithm;
        this.digest = HEX.parseHex(dash < 0 ? digits : digits.substring(0, dash));
        this.parts = dash < 0 ? 0 : Integer.parseInt(digits.substring(dash + 1));
    }

    private Checksum(Algorithm algorithm, byte[] digest) {
        this.algorithm = algorithm;
        this.digest = digest;
        this.parts = 0;
    }

    /** The checksum that was computed with that algorithm, which is not {@link Algorithm#S3_ETAG}. */
    static Checksum of(Algorithm algorithm, byte[] digest) {
        if (!algorithm.hasBytes(digest.length)) {
            throw new IllegalArgumentException(digest.length + " bytes are not a " + algorithm.word());
        }
        return new Checksum(algorithm, digest.clone());
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    /** Lower-case hex digits; for {@link Algorithm#S3_ETAG} followed by {@code -} and the number of parts. */
    public String hex() {
        String digits = HEX.formatHex(digest);
        return parts == 0 ? digits : digits + "-" + parts;
    }

    /**
     * Reads {@code md5:6fd7…}, the form in manifests and records.
     *
     * @throws IllegalArgumentException if the algorithm is unknown or the value does not have its form
     */
    public static Checksum parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a checksum: expected ALGORITHM:HEX, such as md5:…");
        }
        String word = text.substring(0, colon);
        Algorithm algorithm = Algorithm.named(word)
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + word + "' is not a known checksum algorithm (md5, sha1, sha256, sha512, crc32c,"
                                + " git-blob, git-tree, s3-etag)"));
        return new Checksum(algorithm, text.substring(colon + 1).trim());
    }

    /** From the base64 that HTTP headers use ({@code Content-MD5}, {@code x-goog-hash}, {@code x-amz-checksum-*}). */
    public static Checksum ofBase64(Algorithm algorithm, String base64) {
        return new Checksum(
                algorithm, HexFormat.of().formatHex(Base64.getDecoder().decode(base64.trim())));
    }

    /** {@code md5:6fd7…}; {@link #parse} reads it back. */
    @Override
    public String toString() {
        return algorithm.word() + ":" + hex();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Checksum that
                && algorithm == that.algorithm
                && parts == that.parts
                && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }
}
