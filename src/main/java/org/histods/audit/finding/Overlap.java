package org.histods.audit.finding;

import java.util.List;
import java.util.Locale;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.manifest.Lineage.Shared;
import org.jspecify.annotations.Nullable;

/**
 * What two datasets of a project have in common.
 *
 * @param a the project's name of the one
 * @param b of the other
 * @param shares the strongest thing in common: files, slides or patients; null where it is not known
 * @param certainty how sure it is
 * @param chains the links between the two in the manifests that say so, strongest first; empty where only the files
 *     themselves say it
 * @param files files that both have, byte for byte, where both are pulled: the first {@link #LISTED} by path; empty
 *     where there are none or one is not pulled
 * @param fileCount how many there are
 * @param patients patients that both have, where both are pulled and their ids can be compared: the first
 *     {@link #LISTED}
 * @param patientCount how many there are
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

    /** How many common files, and how many patients, are listed at most. */
    public static final int LISTED = 1000;

    /** How sure it is. */
    public enum Certainty {
        /** Seen in the pulled files themselves. */
        SEEN,
        /** Follows from what the manifests say. */
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
     * The same bytes in both.
     *
     * @param sha256 lower-case hex
     * @param inA path in the one, below its {@code data/}
     * @param inB path in the other
     */
    public record CommonFile(String sha256, String inA, String inB) {}

    /**
     * A patient (or case, or slide, where the manifests tell no more) in both.
     *
     * @param id as both manifests read it from file names
     * @param inA how many files of it the one has
     * @param inB how many the other has
     * @param exampleA one of them
     * @param exampleB one of them
     */
    public record CommonPatient(String id, long inA, long inB, String exampleA, String exampleB) {}

    public Overlap {
        chains = List.copyOf(chains);
        files = List.copyOf(files);
        patients = List.copyOf(patients);
    }
}
