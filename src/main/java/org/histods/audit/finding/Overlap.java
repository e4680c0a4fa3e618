package org.histods.audit.finding;

import java.util.List;
import java.util.Locale;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.manifest.Lineage.Shared;
import org.jspecify.annotations.Nullable;

/**
 * The files, slides or patients that two datasets of a project have in common.
 *
 * @param a the project's name of the first
 * @param b the project's name of the second
 * @param shares the strongest thing in common: files, slides or patients; null if unknown
 * @param chains the links between the two in the manifests, strongest first; empty if only the files themselves show it
 * @param files files with the same content in both, by path
 * @param patients patients in both
 */
public record Overlap(
        String a,
        String b,
        @Nullable Shared shares,
        Certainty certainty,
        List<Chain> chains,
        Common<CommonFile> files,
        Common<CommonPatient> patients) {

    /** The most common files, and the most patients, that are listed. */
    public static final int LISTED = 1000;

    /** How certain an overlap is. */
    public enum Certainty {
        /** Found in the pulled files themselves. */
        SEEN,
        /** Follows from the manifests. */
        PROVEN,
        /** The manifests make it likely. */
        LIKELY,
        /** The manifests allow it. */
        POSSIBLE;

        /** The word in output, such as {@code seen}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is in both datasets.
     *
     * @param listed the first {@link #LISTED}; empty if the two could not be compared
     * @param count the number of all
     * @param compared whether the two could be compared: both are pulled, and the manifests give ids that can be
     */
    public record Common<T>(List<T> listed, long count, boolean compared) {
        public Common {
            listed = List.copyOf(listed);
        }

        /** Of all that is in both. */
        public static <T> Common<T> of(List<T> all, boolean compared) {
            return new Common<>(all.subList(0, Math.min(LISTED, all.size())), all.size(), compared);
        }
    }

    /**
     * A file with the same content in both.
     *
     * @param sha256 lower-case hex
     * @param inA its path in the first, below {@code data/}
     * @param inB its path in the second
     */
    public record CommonFile(String sha256, String inA, String inB) {}

    /**
     * A patient in both; or a case or slide, if the manifests give no patients.
     *
     * @param id as both manifests read it from file names
     * @param inA the number of its files in the first
     * @param inB the number of its files in the second
     * @param exampleA one of its files in the first
     * @param exampleB one of its files in the second
     */
    public record CommonPatient(String id, long inA, long inB, String exampleA, String exampleB) {}

    public Overlap {
        chains = List.copyOf(chains);
    }
}
