package org.histods.manifest;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;

/**
 * A manifest and the text that it was read from.
 *
 * @param manifest what the text says
 * @param text the YAML, to the letter
 * @param origin where it was read: a file's name, or {@code histods's own catalogue}
 */
public record ManifestFile(Manifest manifest, String text, String origin) {

    /** The SHA-256 of the text in UTF-8: the name of exactly this manifest in records and locks. */
    public Checksum sha256() {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Hasher hasher = Hasher.of(Set.of(), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return java.util.Objects.requireNonNull(hasher.finish().get(Algorithm.SHA256));
    }
}
