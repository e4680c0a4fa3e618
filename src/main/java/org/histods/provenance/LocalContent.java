package org.histods.provenance;

import java.util.List;

/**
 * Files of a fetch that were on this machine and were not downloaded, with what each group of them was compared with.
 *
 * @param from {@code folder} for a folder of the user, or the dataset of the mirror that they were in, as {@code ID@VERSION}
 * @param groups sorted by check
 */
public record LocalContent(String from, List<Group> groups) {

    /** The value of {@link #from} for a folder of the user, whose name is private. */
    public static final String FOLDER = "folder";

    /** The {@link Group#check} of files that were compared with nothing. */
    public static final String UNCHECKED = "none";

    /** The {@link Group#check} of files of which only the size was compared. */
    public static final String SIZE = "size";

    /** The {@link Group#check} of files that were compared with the directory of a zip. */
    public static final String CRC32 = "crc32";

    /** The {@link Group#check} of files that were compared with the manifest of somebody's bag. */
    public static final String MANIFEST = "manifest";

    /**
     * Files with the same check.
     *
     * @param check the algorithm of the published checksum that is equal, such as {@code md5} or {@code git-tree}; else one of
     *     the constants above
     */
    public record Group(String check, long files, long bytes) {

        /** Description of the check, as the end of a sentence. */
        public String text() {
            return switch (check) {
                case UNCHECKED -> "unchecked: nothing to compare with";
                case SIZE -> "unchecked except for the size";
                case CRC32 -> "same CRC-32 and size as in the directory of the archive";
                case MANIFEST -> "same checksum as in the given manifest";
                default -> "same " + check + " as published";
            };
        }
    }

    /** Whether a {@link Group#check} says that content was compared. */
    public static boolean compared(String check) {
        return !check.equals(UNCHECKED) && !check.equals(SIZE);
    }

    public LocalContent {
        groups = List.copyOf(groups);
    }
}
