package org.histods.split;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a split.
 *
 * @param split the name of the split
 * @param name the path, name or id in the list
 * @param file the file itself if the split is a folder; null for a list
 * @param where the position in the list, such as {@code splits.csv:12}
 */
public record SplitEntry(
        String split, String name, @Nullable Path file, String where) {

    /** Whether it is a line of a list that begins with {@code #}: a comment, unless a file has that name. */
    boolean comment() {
        return file == null && name.startsWith("#");
    }
}
