package org.histods.source.tcia;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.ChecksumList;
import org.histods.source.tcia.FaspexPackage.Entry;
import org.histods.text.Count;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/** The checksums in a package's own lists ({@code ….sums} in its root), which are fetched by FASP. */
final class FaspexChecksums {

    private static final int MAX_BYTES = 64 << 20;

    private final Map<String, List<Stated>> byPath = new HashMap<>();

    private FaspexChecksums() {}

    /** No checksums, for a package whose lists cannot be fetched. */
    static FaspexChecksums none() {
        return new FaspexChecksums();
    }

    /**
     * The package's lists: the named one, else every one in its root.
     *
     * @param named a path in the package; null if none is named
     */
    static List<Entry> lists(List<Entry> entries, @Nullable String named) {
        return entries.stream()
                .filter(entry -> named != null
                        ? entry.path().equals(named)
                        : entry.path().toLowerCase(Locale.ROOT).matches("[^/]+\\.sums"))
                .toList();
    }

    /** @throws Problem if a list cannot be fetched or parsed, because it must not look as if there were none */
    static FaspexChecksums read(List<Entry> lists, List<Entry> entries, FaspexPackage from, String subject)
            throws Problem {
        FaspexChecksums checksums = new FaspexChecksums();
        for (Entry list : lists) {
            Map<String, List<Checksum>> listed = ChecksumList.parse(
                            bytes(list, from, subject), subject + ": " + list.path())
                    .checksums();
            checksums.add(list.path(), listed, entries, subject);
        }
        return checksums;
    }

    private static byte[] bytes(Entry list, FaspexPackage from, String subject) throws Problem {
        try (Response response = from.open(list, 0, -1)) {
            return response.body().readNBytes(MAX_BYTES);
        } catch (IOException e) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": its checksum list " + list.path() + " could not be fetched: " + e.getMessage(),
                    "run the same command again later",
                    e);
        }
    }

    /**
     * Adds a list. Its paths start at the package's root, or below its top folder, or with the name of a folder above it:
     * the interpretation that matches the most files is used.
     */
    private void add(String name, Map<String, List<Checksum>> listed, List<Entry> entries, String subject)
            throws Problem {
        List<Map<String, List<Checksum>>> ways = List.of(
                found(entries, listed, false), found(entries, listed, true), found(entries, withoutTop(listed), false));
        Map<String, List<Checksum>> best = ways.get(0);
        for (Map<String, List<Checksum>> way : ways) {
            best = way.size() > best.size() ? way : best;
        }
        if (best.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + ": its checksum list " + name + " names none of the files in the package, but "
                            + Count.shortened(List.copyOf(listed.keySet()), 3),
                    "its format may have changed, or it belongs to another package");
        }
        best.forEach((path, checksums) -> {
            List<Stated> stated = byPath.computeIfAbsent(path, p -> new ArrayList<>());
            checksums.forEach(checksum -> stated.add(new Stated(checksum, name)));
        });
    }

    /** The checksums of each file; none at all if one line could mean two files. */
    private static Map<String, List<Checksum>> found(
            List<Entry> entries, Map<String, List<Checksum>> listed, boolean belowTop) {
        Map<String, List<Checksum>> found = new HashMap<>();
        Set<String> used = new HashSet<>();
        for (Entry entry : entries) {
            String path = belowTop ? belowTop(entry.path()) : entry.path();
            List<Checksum> checksums = listed.get(path);
            if (checksums != null) {
                found.put(entry.path(), checksums);
                if (!used.add(path)) {
                    return Map.of();
                }
            }
        }
        return found;
    }

    /** The list with the first folder removed from each path; empty if two paths would be equal. */
    private static Map<String, List<Checksum>> withoutTop(Map<String, List<Checksum>> listed) {
        Map<String, List<Checksum>> shorter = new HashMap<>();
        for (Map.Entry<String, List<Checksum>> line : listed.entrySet()) {
            if (shorter.put(belowTop(line.getKey()), line.getValue()) != null) {
                return Map.of();
            }
        }
        return shorter;
    }

    private static String belowTop(String path) {
        return path.substring(path.indexOf('/', 1) + 1);
    }

    /** The checksums of a file; empty if it is in no list. */
    List<Stated> of(String path) {
        return byPath.getOrDefault(path, List.of());
    }
}
