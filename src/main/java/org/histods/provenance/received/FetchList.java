package org.histods.provenance.received;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Reads which files a received bag lists in {@code fetch.txt} (RFC 8493, section 2.2.3) and does not contain. */
public final class FetchList {

    /**
     * A file to be fetched.
     *
     * @param uri an HTTP or HTTPS URL, which somebody else wrote
     * @param bytes its size; null if none is stated
     * @param path below {@code data/}
     */
    public record Entry(URI uri, @Nullable Long bytes, FilePath path) {}

    private FetchList() {}

    /**
     * The files that are missing.
     *
     * @return empty if there is no {@code fetch.txt}, or everything that it names is there
     * @throws Problem {@code WRONG_BYTES} if a line is malformed or unsafe; {@code DISK}
     */
    public static List<Entry> missing(Path bag) throws Problem {
        List<Entry> entries = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        try {
            BagFolder folder = BagFolder.of(bag, 1);
            folder.lines("fetch.txt", (number, line) -> {
                if (!line.isBlank()) {
                    take(
                            folder,
                            line,
                            entries,
                            () -> faults.add("fetch.txt, line " + number + ": '" + FilePath.printable(line)
                                    + "' is not an HTTP URL, a size and a safe path below data/"));
                }
            });
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read " + bag, e));
        }
        if (!faults.isEmpty()) {
            throw new Problem(Problem.Kind.WRONG_BYTES, String.join("\n", faults));
        }
        return entries;
    }

    private static void take(BagFolder folder, String line, List<Entry> entries, Runnable faulty) {
        String[] words = line.strip().split("[ \\t]+", 3);
        String path = words.length < 3 ? "" : BagManifest.named(words[2]);
        if (!path.startsWith("data/") || FilePath.fault(path) != null || !words[1].matches("-|[0-9]{1,18}")) {
            faulty.run();
            return;
        }
        if (folder.has(path)) {
            return;
        }
        try {
            URI uri = new URI(words[0]);
            if (!("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) || uri.getHost() == null) {
                faulty.run();
                return;
            }
            Long bytes = words[1].equals("-") ? null : (Long) Long.parseLong(words[1]);
            entries.add(new Entry(uri, bytes, new FilePath(path.substring("data/".length()))));
        } catch (URISyntaxException e) {
            faulty.run();
        }
    }
}
