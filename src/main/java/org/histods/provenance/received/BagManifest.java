package org.histods.provenance.received;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A manifest of a received bag. Invalid lines are noted and ignored.
 *
 * @param file the manifest's name, such as {@code manifest-sha512.txt}
 * @param checksums by path in the bag; those of the payload start with {@code data/}
 * @param faults lines that cannot be read, lead out of the bag, or repeat a path
 */
record BagManifest(String file, Algorithm algorithm, Map<FilePath, Checksum> checksums, List<String> faults) {

    private static final Pattern LINE = Pattern.compile("([0-9A-Fa-f]+)[ \\t]+\\*?(.+)");
    private static final int MAX_FAULTS = 20;

    static BagManifest read(BagFolder folder, String file, Algorithm algorithm) throws IOException {
        Map<FilePath, Checksum> checksums = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        folder.lines(file, (number, line) -> {
            String fault = line.isBlank() ? null : take(line, algorithm, checksums);
            if (fault != null && faults.size() < MAX_FAULTS) {
                faults.add(file + ", line " + number + ": " + fault);
            }
        });
        return new BagManifest(file, algorithm, checksums, faults);
    }

    /** Adds the checksum of a line; returns why the line is invalid, or null. */
    static @Nullable String take(String line, Algorithm algorithm, Map<FilePath, Checksum> checksums) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return "not a checksum and a path: '" + FilePath.printable(line) + "'";
        }
        String path = named(matcher.group(2));
        String fault = FilePath.fault(path);
        if (fault != null) {
            return "unsafe path '" + FilePath.printable(path) + "': " + fault;
        }
        try {
            Checksum checksum = new Checksum(algorithm, matcher.group(1));
            Checksum before = checksums.put(new FilePath(path), checksum);
            return before == null ? null : path + " is listed twice";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /**
     * The path that a line of a manifest or of {@code fetch.txt} names. RFC 8493 escapes line breaks and the percent sign, and nothing
     * else. A {@code ./} at the start, which tools such as {@code find} write, means the same file.
     */
    static String named(String text) {
        String path = text.replaceAll("%0[Aa]", "\n").replaceAll("%0[Dd]", "\r").replace("%25", "%");
        while (path.startsWith("./")) {
            path = path.substring(2);
        }
        return path;
    }
}
