package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.histods.audit.finding.AuditedDataset;
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
public record DatasetUse(
        String name,
        Manifest manifest,
        @Nullable ManifestFile catalogue,
        @Nullable Declared declared,
        @Nullable Locked locked,
        @Nullable Bag bag,
        @Nullable ContentFingerprints prints,
        boolean codeCounts,
        List<UsageEvidence> signs) {

    /** Roles of data that a model has seen before it is tested. */
    private static final Set<String> SEEN = Set.of("train", "pretrain", "validation");

    private static final String TEST = "test";

    public DatasetUse {
        List<UsageEvidence> sorted = new ArrayList<>(signs);
        sorted.sort(Comparator.comparing(UsageEvidence::kind));
        signs = List.copyOf(sorted);
    }

    public DatasetId id() {
        return manifest.id();
    }

    /** Whether neither the catalogue nor the mirror says anything of it. */
    public boolean nothingKnown() {
        return catalogue == null && bag == null;
    }

    public DatasetVersion version() {
        return locked == null ? manifest.version() : locked.version();
    }

    /** The SHA-256 of the catalogue's manifest now; null where it has none. */
    @Nullable
    Checksum manifestSum() {
        return catalogue == null ? null : catalogue.sha256();
    }

    public List<String> roles() {
        return declared == null ? List.of() : declared.roles();
    }

    public List<String> only() {
        return declared != null ? declared.only() : locked != null ? locked.only() : List.of();
    }

    /** Whether the project takes a part of the dataset, so that what is said of the whole need not hold. */
    public boolean part() {
        return !only().isEmpty();
    }

    public boolean has(UsageEvidence.Kind kind) {
        return signs.stream().anyMatch(sign -> sign.kind() == kind);
    }

    public List<String> words(UsageEvidence.Kind kind) {
        return signs.stream()
                .filter(sign -> sign.kind() == kind)
                .map(UsageEvidence::words)
                .toList();
    }

    /** Whether there is more than a name in a text or, where datasets are declared, in code. */
    public boolean used() {
        return signs.stream()
                .anyMatch(sign -> sign.kind() != UsageEvidence.Kind.TEXT
                        && (codeCounts || sign.kind() != UsageEvidence.Kind.CODE));
    }

    /** Whether a model sees it before it is tested. */
    public boolean seen() {
        return roles().stream().anyMatch(SEEN::contains);
    }

    public boolean test() {
        return roles().contains(TEST);
    }

    /** Whether its roles say whether it is seen or tested on. */
    public boolean judged() {
        return seen() || test();
    }

    /** Its name with its roles, such as {@code monuseg (test)}. */
    public String shown() {
        return name + " (" + (roles().isEmpty() ? "no role" : String.join(", ", roles())) + ")";
    }

    public AuditedDataset audited() {
        return new AuditedDataset(
                name,
                new AuditedDataset.Selection(version(), variant(), only()),
                roles(),
                new AuditedDataset.State(declared != null, used(), bag != null),
                locked == null ? null : locked.content(),
                prints == null || prints.patients().isEmpty()
                        ? null
                        : (long) prints.patients().size(),
                manifest,
                signs.stream().map(UsageEvidence::words).toList());
    }

    private @Nullable String variant() {
        return locked != null ? locked.variant() : declared != null ? declared.variant() : null;
    }
}
