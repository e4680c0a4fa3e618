package org.histods.audit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock.Locked;
import org.histods.provenance.Bag;
import org.jspecify.annotations.Nullable;

/**
 * A dataset of the audited project, with everything that rules look at.
 *
 * @param name what the project calls it; its id where it is not declared
 * @param manifest the catalogue's, else the bag's, else one that holds the id alone
 * @param catalogue the catalogue's; null where it has none of that id
 * @param declared null where {@code histods.yaml} does not name it
 * @param locked null where {@code histods.lock} does not name it
 * @param bag what the mirror holds of it in that version; null if nothing
 * @param prints of the selected files; null where there is no bag
 * @param codeCounts whether being named in code counts as use: where nothing can be declared
 * @param signs how its use is known, the surest first; not empty
 */
record Subject(
        String name,
        Manifest manifest,
        @Nullable ManifestFile catalogue,
        @Nullable Declared declared,
        @Nullable Locked locked,
        @Nullable Bag bag,
        @Nullable Prints prints,
        boolean codeCounts,
        List<Sign> signs) {

    /** Roles of data that a model has seen before it is tested. */
    private static final Set<String> SEEN = Set.of("train", "pretrain", "validation");

    private static final String TEST = "test";

    Subject {
        List<Sign> sorted = new ArrayList<>(signs);
        sorted.sort(Comparator.comparing(Sign::kind));
        signs = List.copyOf(sorted);
    }

    DatasetId id() {
        return manifest.id();
    }

    /** Whether neither the catalogue nor the mirror says anything of it. */
    boolean nothingKnown() {
        return catalogue == null && bag == null;
    }

    DatasetVersion version() {
        return locked == null ? manifest.version() : locked.version();
    }

    /** The SHA-256 of the catalogue's manifest now; null where it has none. */
    @Nullable
    Checksum manifestSum() {
        return catalogue == null ? null : catalogue.sha256();
    }

    List<String> roles() {
        return declared == null ? List.of() : declared.roles();
    }

    List<String> only() {
        return declared != null ? declared.only() : locked != null ? locked.only() : List.of();
    }

    /** Whether the project takes a part of the dataset, so that what is said of the whole need not hold. */
    boolean part() {
        return !only().isEmpty();
    }

    boolean has(Sign.Kind kind) {
        return signs.stream().anyMatch(sign -> sign.kind() == kind);
    }

    List<String> words(Sign.Kind kind) {
        return signs.stream()
                .filter(sign -> sign.kind() == kind)
                .map(Sign::words)
                .toList();
    }

    /** Whether there is more than a name in a text or, where datasets are declared, in code. */
    boolean used() {
        return signs.stream()
                .anyMatch(sign -> sign.kind() != Sign.Kind.TEXT && (codeCounts || sign.kind() != Sign.Kind.CODE));
    }

    /** Whether a model sees it before it is tested. */
    boolean seen() {
        return roles().stream().anyMatch(SEEN::contains);
    }

    boolean test() {
        return roles().contains(TEST);
    }

    /** Whether its roles say whether it is seen or tested on. */
    boolean judged() {
        return seen() || test();
    }

    /** Its name with its roles, such as {@code monuseg (test)}. */
    String shown() {
        return name + " (" + (roles().isEmpty() ? "no role" : String.join(", ", roles())) + ")";
    }

    AuditedDataset audited() {
        return new AuditedDataset(
                name,
                id(),
                version(),
                variant(),
                only(),
                roles(),
                declared != null,
                used(),
                bag != null,
                locked == null ? null : locked.fingerprint(),
                locked == null ? null : new AuditedDataset.Holds(locked.files(), locked.bytes()),
                prints == null || prints.patients().isEmpty()
                        ? null
                        : (long) prints.patients().size(),
                manifest.license().shown(),
                manifest,
                signs.stream().map(Sign::words).toList());
    }

    private @Nullable String variant() {
        return locked != null ? locked.variant() : declared != null ? declared.variant() : null;
    }
}
