package org.histods.digest;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A short name for exactly these files: the SHA-256 of the lines {@code <sha256>␠␠data/<path>\n} in the order of the
 * paths' UTF-8 bytes. That text is the bag's {@code manifest-sha256.txt}, so anyone can recompute the fingerprint with
 * {@code sha256sum manifest-sha256.txt}.
 *
 * @param hex 64 lower-case hex digits
 */
public record Fingerprint(String hex) {

    public Fingerprint {
        if (!Algorithm.SHA256.accepts(hex)) {
            throw new IllegalArgumentException("'" + hex + "' is not a fingerprint (64 lower-case hex digits)");
        }
    }

    /** The fingerprint of the files with these SHA-256 checksums, keyed by their path below {@code data/}. */
    public static Fingerprint of(Map<FilePath, Checksum> files) {
        Hasher hasher = Hasher.of(Set.of(), -1);
        manifest(files).forEach(line -> {
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            hasher.update(bytes, 0, bytes.length);
        });
        return new Fingerprint(hasher.sha256().hex());
    }

    /**
     * The lines of {@code manifest-sha256.txt} for these files, each with its line break. BagIt (RFC 8493 §2.1.3) writes {@code %} as
     * {@code %25} in a path, which {@code sha256sum -c} does not know: a name with {@code %} is the only case where it
     * fails on a good bag. {@link FilePath} refuses line breaks.
     */
    public static Stream<String> manifest(Map<FilePath, Checksum> files) {
        boolean sorted = files instanceof SortedMap<FilePath, Checksum> map && map.comparator() == null;
        return (sorted ? files : new TreeMap<>(files))
                .entrySet().stream().map(file -> line(file.getKey(), file.getValue()));
    }

    private static String line(FilePath path, Checksum checksum) {
        if (checksum.algorithm() != Algorithm.SHA256) {
            throw new IllegalArgumentException("a fingerprint consists of sha256 checksums, not of " + checksum);
        }
        return checksum.hex() + "  data/" + path.text().replace("%", "%25") + "\n";
    }

    @Override
    public String toString() {
        return hex;
    }
}
