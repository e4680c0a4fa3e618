package org.histods.provenance;

import java.util.Map;
import java.util.TreeMap;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;

/**
 * A line of a bag's {@code manifest-sha256.txt} or {@code tagmanifest-sha256.txt}: 64 hexadecimal digits, two spaces, a path.
 *
 * @param path from the bag's folder
 */
public record ManifestLine(Checksum sha256, String path) {

    private static final int PATH = 66;

    private static final String DATA = "data/";

    /**
     * The checksum and path in a line of either manifest.
     *
     * @throws IllegalArgumentException if it is not such a line
     */
    public static ManifestLine parse(String line) {
        String path = path(line, "");
        return new ManifestLine(new Checksum(Algorithm.SHA256, line.substring(0, 64)), path);
    }

    /**
     * The path below {@code data/} in a line of {@code manifest-sha256.txt}.
     *
     * @throws IllegalArgumentException if it is not such a line
     */
    public static String pathInData(String line) {
        return path(line, DATA);
    }

    private static String path(String line, String folder) {
        if (line.length() <= PATH || !line.startsWith("  ", PATH - 2) || !line.startsWith(folder, PATH)) {
            throw new IllegalArgumentException("'" + FilePath.printable(line) + "' is not a checksum and a path");
        }
        return line.substring(PATH + folder.length()).replace("%25", "%");
    }

    /**
     * The file of a line of {@code manifest-sha256.txt}.
     *
     * @throws IllegalArgumentException if it is not below {@code data/}, or its path is not safe
     */
    public FilePath file() {
        if (!path.startsWith(DATA)) {
            throw new IllegalArgumentException("'" + FilePath.printable(path) + "' is not below data/");
        }
        return new FilePath(path.substring(DATA.length()));
    }

    /**
     * The SHA-256 of each tag file by its path.
     *
     * @param tagManifest the text of a {@code tagmanifest-sha256.txt}
     * @throws IllegalArgumentException if a line is not a checksum and a safe path
     */
    public static Map<String, Checksum> tagFiles(String tagManifest) {
        Map<String, Checksum> checksums = new TreeMap<>();
        tagManifest
                .lines()
                .map(ManifestLine::parse)
                .forEach(line -> checksums.put(new FilePath(line.path).text(), line.sha256));
        return checksums;
    }
}
