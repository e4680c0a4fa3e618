package org.histods.manifest;

import org.histods.digest.Checksum;
import org.histods.digest.Hasher;

/**
 * A manifest and the text that it was read from.
 *
 * @param text the YAML
 * @param origin the name of the file
 */
public record ManifestFile(Manifest manifest, String text, String origin) {

    /** The SHA-256 of the text, which identifies this manifest in records and locks. */
    public Checksum sha256() {
        return sha256(text);
    }

    /** The SHA-256 of a manifest's text in UTF-8, with LF as line ends and without a byte order mark: git may change either. */
    public static Checksum sha256(String text) {
        return Hasher.sha256(
                text.replaceFirst("^\ufeff", "").replace("\r\n", "\n").replace('\r', '\n'));
    }
}
