package org.histods.dataset;

import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A dataset and optionally one of its versions, as users type them: {@code ID} or {@code ID@VERSION}.
 *
 * @param version null if none was typed
 */
public record DatasetRef(DatasetId id, @Nullable DatasetVersion version) {

    private static final int LONGEST = 300;

    /** Finds datasets by name. */
    public interface NameLookup {

        /**
         * The dataset of that id or alias.
         *
         * @throws Problem {@code USAGE} if there is none
         */
        DatasetId of(String name) throws Problem;
    }

    /**
     * Parses an id or alias, optionally with {@code @VERSION}.
     *
     * @param names finds the dataset; never called with an empty name
     * @throws Problem {@code USAGE} if it is malformed or there is no such dataset
     */
    public static DatasetRef parse(String typed, NameLookup names) throws Problem {
        int at = typed.lastIndexOf('@');
        String name = at < 0 ? typed : typed.substring(0, at);
        if (name.isEmpty() || name.length() > LONGEST) {
            // Throws with the right message.
            return new DatasetRef(DatasetId.parse(name), null);
        }
        DatasetVersion version = at < 0 ? null : DatasetVersion.parse(typed.substring(at + 1));
        return new DatasetRef(names.of(name), version);
    }

    @Override
    public String toString() {
        return version == null ? id.text() : id + "@" + version;
    }
}
