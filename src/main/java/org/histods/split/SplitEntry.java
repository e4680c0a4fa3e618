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
 * @param patient whether the list says that the name is one of a patient or case, which may be the name of a file too
 * @param stated the patient of the file according to the list, as {@code patient_id 'A'}; null if the list does not say
 */
public record SplitEntry(
        String split,
        String name,
        @Nullable Path file,
        String where,
        boolean patient,
        @Nullable String stated) {

    SplitEntry(String split, String name, @Nullable Path file, String where) {
        this(split, name, file, where, false, null);
    }

    /** Whether it is a line of a list that begins with {@code #}: a comment, unless a file or patient has that name. */
    boolean comment() {
        return file == null && name.startsWith("#");
    }
}
