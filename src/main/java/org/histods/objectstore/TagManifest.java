package org.histods.objectstore;

import java.util.Map;
import java.util.TreeMap;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;

/** Reads a {@code tagmanifest-sha256.txt}. */
final class TagManifest {

    private TagManifest() {}

    /**
     * The SHA-256 of each tag file by its path.
     *
     * @throws IllegalArgumentException if a line is not a checksum and a path
     */
    static Map<String, Checksum> parse(String text) {
        Map<String, Checksum> checksums = new TreeMap<>();
        for (String line : text.lines().toList()) {
            if (line.length() < 67 || !line.startsWith("  ", 64)) {
                throw new IllegalArgumentException("a line of its tagmanifest-sha256.txt is not a checksum and a path");
            }
            String path = new FilePath(line.substring(66)).text();
            checksums.put(path, new Checksum(Algorithm.SHA256, line.substring(0, 64)));
        }
        return checksums;
    }
}
