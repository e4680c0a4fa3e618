package org.histods.pull.local;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.fetch.FetchedFile;
import org.histods.provenance.FetchResult;
import org.histods.provenance.LocalContent;
import org.jspecify.annotations.Nullable;

/**
 * The files of an item that are on this machine, so that they are not downloaded.
 *
 * @param copies the files
 * @param from as {@link LocalContent#from}
 * @param result what the record says of the item; null if the rest of it is fetched, and the record is of that
 */
public record LocalItem(
        List<LocalCopy> copies, String from, @Nullable FetchResult result) {

    public LocalItem {
        copies = List.copyOf(copies);
    }

    /** A file that is stored as it is. */
    public static LocalItem plain(LocalCopy copy, String from, FetchedFile file, String part) {
        return new LocalItem(List.of(copy), from, new FetchResult(file, part, null));
    }

    /** Whether the files are the user's, and not those of the mirror. */
    public boolean offered() {
        return from.equals(LocalContent.FOLDER);
    }

    /** Whether the archive that the files are of was not compared as a whole. */
    public boolean ofRanges() {
        return result == null || result.file().ranges() != null;
    }

    /** For the record. */
    public LocalContent content() {
        return new LocalContent(from, groups(copies));
    }

    /** How many files have which check. */
    public static List<LocalContent.Group> groups(List<LocalCopy> copies) {
        Map<String, long[]> sums = new TreeMap<>();
        for (LocalCopy copy : copies) {
            long[] sum = sums.computeIfAbsent(copy.check(), k -> new long[2]);
            sum[0]++;
            sum[1] += copy.file().bytes();
        }
        List<LocalContent.Group> groups = new ArrayList<>();
        sums.forEach((check, sum) -> groups.add(new LocalContent.Group(check, sum[0], sum[1])));
        return groups;
    }
}
