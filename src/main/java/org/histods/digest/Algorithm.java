package org.histods.digest;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The kinds of checksum that hosts publish and histods compares. */
public enum Algorithm {
    MD5("md5", 32, "MD5"),
    SHA1("sha1", 40, "SHA-1"),
    SHA256("sha256", 64, "SHA-256"),
    SHA512("sha512", 128, "SHA-512"),
    /** CRC-32C (Castagnoli), as Google Cloud Storage and S3 publish it; big-endian hex. */
    CRC32C("crc32c", 8, null),
    /** Git's id of a file: SHA-1 of {@code "blob " + length + NUL + content}. */
    GIT_BLOB("git-blob", 40, "SHA-1"),
    /** Git's id of a folder: covers names, content and the executable bit of everything below it. */
    GIT_TREE("git-tree", 40, "SHA-1"),
    /** An S3 entity tag of a multipart upload, {@code <hex>-<parts>}: MD5 of the parts' MD5s. */
    S3_ETAG("s3-etag", -1, null),
    /** A torrent's infohash: covers names, sizes and, by the hashes of their pieces, the content of all its files. */
    TORRENT("torrent", 40, null);

    private static final Pattern S3_FORM = Pattern.compile("[0-9a-f]{32}-[1-9][0-9]{0,4}");

    private final String word;
    private final int hexLength;
    private final @Nullable String jcaName;

    Algorithm(String word, int hexLength, @Nullable String jcaName) {
        this.word = word;
        this.hexLength = hexLength;
        this.jcaName = jcaName;
    }

    /** The word in manifests and records, such as {@code sha256} or {@code git-tree}. */
    public String word() {
        return word;
    }

    /** Whether this names a folder rather than the bytes of one file. */
    public boolean ofFolder() {
        return this == GIT_TREE || this == TORRENT;
    }

    /** The name for {@link java.security.MessageDigest}, empty where there is none. */
    Optional<String> jcaName() {
        return Optional.ofNullable(jcaName);
    }

    /** Whether a text has the form of this algorithm's checksums. */
    public boolean accepts(String value) {
        if (this == S3_ETAG) {
            return S3_FORM.matcher(value).matches();
        }
        if (value.length() != hexLength) {
            return false;
        }
        for (int i = 0; i < hexLength; i++) {
            char c = value.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }

    /** Whether this algorithm's checksums have so many bytes. */
    boolean hasBytes(int count) {
        return 2 * count == hexLength;
    }

    String form() {
        return this == S3_ETAG ? "32 hex digits, '-' and the number of parts" : hexLength + " hex digits";
    }

    /** The algorithm of that word, in any case and with or without a dash ({@code SHA-256}); empty if unknown. */
    public static Optional<Algorithm> named(String word) {
        String plain = word.toLowerCase(Locale.ROOT);
        String dashless = plain.replace("-", "").replace("_", "");
        for (Algorithm algorithm : values()) {
            if (algorithm.word.equals(plain) || algorithm.word.replace("-", "").equals(dashless)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
