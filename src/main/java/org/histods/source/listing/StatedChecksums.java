package org.histods.source.listing;

import java.util.List;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.source.RemoteFile.Stated;
import org.jspecify.annotations.Nullable;

/**
 * Reads the checksums in hosts' responses. A value that is missing or not in the form of its algorithm counts as none:
 * the file is then reported as computed, never as verified.
 */
public final class StatedChecksums {

    private StatedChecksums() {}

    /**
     * A value in hex digits, in any case.
     *
     * @param by who states it
     * @return one checksum or none
     */
    public static List<Stated> hex(Algorithm algorithm, @Nullable String hex, String by) {
        try {
            return hex == null ? List.of() : List.of(new Stated(new Checksum(algorithm, hex.strip()), by));
        } catch (IllegalArgumentException ignored) {
            return List.of();
        }
    }

    /** A value in base64, as Google writes it. */
    public static List<Stated> base64(Algorithm algorithm, @Nullable String base64, String by) {
        try {
            return base64 == null ? List.of() : List.of(new Stated(Checksum.ofBase64(algorithm, base64), by));
        } catch (IllegalArgumentException ignored) {
            return List.of();
        }
    }

    /** A value in hex digits with its algorithm before it, such as {@code md5:…}; else the number of digits gives the algorithm. */
    public static List<Stated> text(@Nullable String text, String by) {
        if (text == null) {
            return List.of();
        }
        int colon = text.indexOf(':');
        Algorithm algorithm = colon > 0
                ? Algorithm.named(text.substring(0, colon)).orElse(null)
                : byLength(text.strip().length());
        return algorithm == null ? List.of() : hex(algorithm, text.substring(colon + 1), by);
    }

    /** The usual algorithm whose value has that many hex digits; null if there is none. */
    static @Nullable Algorithm byLength(int digits) {
        return switch (digits) {
            case 32 -> Algorithm.MD5;
            case 40 -> Algorithm.SHA1;
            case 64 -> Algorithm.SHA256;
            case 128 -> Algorithm.SHA512;
            default -> null;
        };
    }
}
