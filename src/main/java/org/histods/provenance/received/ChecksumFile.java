package org.histods.provenance.received;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** A list of checksums from another person or tool: the manifest of a bag, or the output of {@code sha256sum}. */
public final class ChecksumFile {

    private static final List<Algorithm> STRONGEST_FIRST =
            List.of(Algorithm.SHA512, Algorithm.SHA256, Algorithm.SHA1, Algorithm.MD5);

    private static final Pattern FIRST = Pattern.compile("([0-9A-Fa-f]+)[ \\t].*", Pattern.DOTALL);
    private static final String PAYLOAD = "data/";

    private ChecksumFile() {}

    /**
     * Reads the checksums.
     *
     * @param bagOrFile a file with a checksum and a path in each line, or the folder of a bag that has one
     * @return by path in the dataset, without the {@code data/} of a bag
     * @throws Problem {@code USAGE} if it cannot be read, or has a malformed line
     */
    public static Map<FilePath, Checksum> read(Path bagOrFile) throws Problem {
        Path file = Files.isDirectory(bagOrFile) ? manifest(bagOrFile) : bagOrFile;
        List<String> lines;
        try {
            lines = Files.readAllLines(file).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
        Algorithm algorithm = lines.isEmpty() ? null : algorithm(lines.get(0));
        if (algorithm == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " is not a list of checksums",
                    "each line has a checksum (MD5, SHA-1, SHA-256 or SHA-512) and a path, as in manifest-sha256.txt");
        }
        Map<FilePath, Checksum> checksums = new TreeMap<>();
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String fault = BagManifest.take(lines.get(i), algorithm, checksums);
            if (fault != null) {
                faults.add("line " + (i + 1) + ": " + fault);
            }
        }
        if (!faults.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " cannot be used: " + String.join("\n  ", faults.subList(0, Math.min(faults.size(), 10))));
        }
        boolean payload =
                checksums.keySet().stream().allMatch(path -> path.text().startsWith(PAYLOAD));
        if (!payload) {
            return checksums;
        }
        Map<FilePath, Checksum> below = new TreeMap<>();
        checksums.forEach(
                (path, checksum) -> below.put(new FilePath(path.text().substring(PAYLOAD.length())), checksum));
        return below;
    }

    /** The algorithm of the checksum at the start of a line, by its length; null if there is none. */
    private static @Nullable Algorithm algorithm(String line) {
        Matcher first = FIRST.matcher(line);
        return first.matches()
                ? switch (first.group(1).length()) {
                    case 32 -> Algorithm.MD5;
                    case 40 -> Algorithm.SHA1;
                    case 64 -> Algorithm.SHA256;
                    case 128 -> Algorithm.SHA512;
                    default -> null;
                }
                : null;
    }

    private static Path manifest(Path bag) throws Problem {
        for (Algorithm algorithm : STRONGEST_FIRST) {
            Path file = bag.resolve("manifest-" + algorithm.word() + ".txt");
            if (Files.isRegularFile(file)) {
                return file;
            }
        }
        throw new Problem(
                Problem.Kind.USAGE,
                bag + " has no manifest-sha256.txt or other manifest of a bag",
                "give the folder of a bag, or a file of checksums");
    }
}
