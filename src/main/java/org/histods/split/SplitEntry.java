package org.histods.split;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file as somebody's split names it.
 *
 * @param split the name of the split
 * @param name the path, name or id that stands there
 * @param file the file itself where the split is a folder, null where it is a list
 * @param where it stands, such as {@code splits.csv:12}
 */
public record SplitEntry(
        String split, String name, @Nullable Path file, String where) {}
