package org.histods.dataset;

import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A dataset and maybe one of its versions, as people type them: {@code ID} or {@code ID@VERSION}.
 *
 * @param version null where none is named
 */
public record DatasetRef(DatasetId id, @Nullable DatasetVersion version) {

    private static final int LONGEST = 300;

    /** Finds datasets by what they are called. */
    public interface Names {

        /**
         * The dataset of that id, or of another name.
         *
         * @throws Problem {@code USAGE} if none is called so
         */
        DatasetId of(String name) throws Problem;
    }

    /**
     * What a person typed: an id, or another name of a dataset, and {@code @VERSION} where they insist on one.
     *
     * @param names finds the dataset; is not asked for an empty name
     * @throws Problem {@code USAGE} if it is malformed or no dataset is called so
     */
    public static DatasetRef parse(String typed, Names names) throws Problem {
        int at = typed.lastIndexOf('@');
        String name = at < 0 ? typed : typed.substring(0, at);
        if (name.isEmpty() || name.length() > LONGEST) {
            // It can only be refused, and that parser knows in which words.
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
