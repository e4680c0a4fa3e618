package org.histods.audit.finding;

import java.util.List;
import java.util.Locale;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.manifest.Lineage.Shared;
import org.jspecify.annotations.Nullable;

/**
 * What two datasets of a project have in common.
 *
 * @param a the project's name of the first
 * @param b the project's name of the second
 * @param shares the strongest thing in common: files, slides or patients; null if unknown
 * @param chains the links between the two in the manifests, strongest first; empty if only the files themselves show it
 * @param files files with the same content in both: the first {@link #LISTED} by path; empty if one is not pulled
 * @param fileCount the number of all such files
 * @param patients patients in both: the first {@link #LISTED}; empty if one is not pulled or ids cannot be compared
 * @param patientCount the number of all such patients
 * @param filesCompared whether the files of both could be compared
 * @param patientsCompared whether the patients of both could be compared
 */
public record Overlap(
        String a,
        String b,
        @Nullable Shared shares,
        Certainty certainty,
        List<Chain> chains,
        List<CommonFile> files,
        long fileCount,
        List<CommonPatient> patients,
        long patientCount,
        boolean filesCompared,
        boolean patientsCompared) {

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
        files = List.copyOf(files);
        patients = List.copyOf(patients);
    }
}
