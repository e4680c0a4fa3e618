package org.histods.audit.finding;

import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * A dataset that a project uses, as far as an audit can tell.
 *
 * @param name what the project calls it; its id where it is not declared
 * @param id in the catalogue
 * @param version that is locked, else of the catalogue
 * @param variant null where there is none
 * @param only what is selected of it; empty for everything
 * @param roles such as {@code train}; empty where the project does not say
 * @param declared whether it stands in {@code histods.yaml}
 * @param used false where only code or texts name it, so that it may be merely spoken of
 * @param pulled whether the mirror has these files, so that they could be looked at
 * @param fingerprint of the locked files; null where nothing is locked
 * @param holds how much of it is locked; null where nothing is locked
 * @param patients how many patients the pulled files are of, as far as their names tell; null where none can be told
 * @param license the terms, in the manifest's words; {@code unknown} where it has none
 * @param manifest what the catalogue says of it
 * @param evidence how it is known that the project uses it, one fact a line
 */
public record AuditedDataset(
        String name,
        DatasetId id,
        DatasetVersion version,
        @Nullable String variant,
        List<String> only,
        List<String> roles,
        boolean declared,
        boolean used,
        boolean pulled,
        @Nullable Fingerprint fingerprint,
        @Nullable Holds holds,
        @Nullable Long patients,
        String license,
        Manifest manifest,
        List<String> evidence) {

    /** How many files, and how many bytes are in them. */
    public record Holds(long files, long bytes) {}

    public AuditedDataset {
        only = List.copyOf(only);
        roles = List.copyOf(roles);
        evidence = List.copyOf(evidence);
    }
}
