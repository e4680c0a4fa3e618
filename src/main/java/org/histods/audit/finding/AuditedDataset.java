package org.histods.audit.finding;

import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Manifest;
import org.histods.project.Lock.Content;
import org.jspecify.annotations.Nullable;

/**
 * A dataset that a project uses, according to the audit.
 *
 * @param name what the project calls it; its id if it is not declared
 * @param selection which version and which part of it
 * @param roles such as {@code train}; empty if the project does not say
 * @param state whether it is declared, used and pulled
 * @param locked the locked files; null if nothing is locked
 * @param patients how many patients the pulled files are from, as far as their names contain ids; null if unknown
 * @param manifest the catalogue's description of it
 * @param evidence how it is known that the project uses it, one fact a line
 * @param places where that evidence is, the most certain first; if it is declared, its entry is the first
 */
public record AuditedDataset(
        String name,
        Selection selection,
        List<String> roles,
        State state,
        @Nullable Content locked,
        @Nullable Long patients,
        Manifest manifest,
        List<String> evidence,
        List<FilePosition> places) {

    /**
     * Which part of a dataset.
     *
     * @param version the locked version, else the catalogue's
     * @param variant null if there is none
     * @param only names of splits and globs; empty for everything
     */
    public record Selection(
            DatasetVersion version, @Nullable String variant, List<String> only) {
        public Selection {
            only = List.copyOf(only);
        }
    }

    /**
     * How a project and the mirror hold a dataset.
     *
     * @param declared whether {@code histods.yaml} lists it
     * @param used false if only code or texts name it, so that it may only be mentioned
     * @param pulled whether the mirror has its files, so that they could be compared
     */
    public record State(boolean declared, boolean used, boolean pulled) {}

    public AuditedDataset {
        roles = List.copyOf(roles);
        evidence = List.copyOf(evidence);
        places = List.copyOf(places);
    }

    /** Its id in the catalogue. */
    public DatasetId id() {
        return manifest.id();
    }

    /** The terms, in the manifest's words; {@code unknown} if it states none. */
    public String license() {
        return manifest.terms().license().shown();
    }
}
