package org.histods.source.listing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;

/**
 * A published list of checksums, such as {@code checksums.md5}: lines of {@code md5sum}, {@code sha256sum} and
 * similar tools ({@code <hex>␠␠path}, {@code <hex>␠*path}), also in BSD format ({@code MD5 (path) = <hex>}). The number of
 * digits gives the algorithm. Empty lines and lines that start with {@code #} or {@code ;} are ignored.
 */
public final class ChecksumList {

    private static final Pattern GNU = Pattern.compile("(\\\\?)([0-9A-Fa-f]{32,128})[ \\t]+\\*?(.+)");
    private static final Pattern BSD = Pattern.compile("(\\\\?)([A-Za-z0-9-]+) \\((.+)\\) ?= ?([0-9A-Fa-f]+)");

    private final Map<String, List<Checksum>> checksums;

    private ChecksumList(Map<String, List<Checksum>> checksums) {
        this.checksums = Collections.unmodifiableMap(checksums);
    }

    /**
     * Reads a list.
     *
     * @param name name of the list, for messages
     * @throws Problem {@code WRONG_BYTES} if a line cannot be parsed, or the list is empty: a checksum that was not
     *     understood must not look like one that was not published
     */
    public static ChecksumList parse(byte[] text, String name) throws Problem {
        Map<String, List<Checksum>> checksums = new LinkedHashMap<>();
        String[] lines =
                new String(text, StandardCharsets.UTF_8).replace("\uFEFF", "").split("\r?\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].strip();
            if (!line.isEmpty() && !line.startsWith("#") && !line.startsWith(";")) {
                read(line, name + " line " + (i + 1), checksums);
            }
        }
        if (checksums.isEmpty()) {
            throw new Problem(Kind.WRONG_BYTES, name + " lists no checksums");
        }
        return new ChecksumList(checksums);
    }

    /** Each path, as the list writes it but without a leading {@code ./}, with its checksums; never empty. */
    public Map<String, List<Checksum>> checksums() {
        return checksums;
    }

    private static void read(String line, String where, Map<String, List<Checksum>> checksums) throws Problem {
        Matcher gnu = GNU.matcher(line);
        Matcher bsd = BSD.matcher(line);
        try {
            if (gnu.matches()) {
                add(checksums, path(gnu.group(3), gnu.group(1)), new Checksum(algorithm(gnu.group(2)), gnu.group(2)));
                return;
            }
            if (bsd.matches()) {
                Algorithm algorithm = Algorithm.named(bsd.group(2))
                        .orElseThrow(() -> new IllegalArgumentException("unknown algorithm " + bsd.group(2)));
                add(checksums, path(bsd.group(3), bsd.group(1)), new Checksum(algorithm, bsd.group(4)));
                return;
            }
        } catch (IllegalArgumentException e) {
            throw new Problem(Kind.WRONG_BYTES, where + ": " + e.getMessage());
        }
        String shown = line.length() > 80 ? line.substring(0, 80) + "…" : line;
        throw new Problem(Kind.WRONG_BYTES, where + " is not a checksum line: '" + shown + "'");
    }

    private static void add(Map<String, List<Checksum>> checksums, String path, Checksum checksum) {
        checksums.computeIfAbsent(path, p -> new ArrayList<>()).add(checksum);
    }

    /** GNU tools start a line with a backslash if its name contains escapes. */
    private static String path(String written, String mark) {
        String path = mark.isEmpty() ? written : written.replace("\\n", "\n").replace("\\\\", "\\");
        return path.startsWith("./") ? path.substring(2) : path;
    }

    private static Algorithm algorithm(String hex) {
        Algorithm algorithm = StatedChecksums.byLength(hex.length());
        if (algorithm == null) {
            throw new IllegalArgumentException("no checksum has " + hex.length() + " hex digits");
        }
        return algorithm;
    }
}
