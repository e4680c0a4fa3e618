package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.histods.audit.finding.AuditedDataset;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock.Locked;
import org.histods.provenance.Bag;
import org.jspecify.annotations.Nullable;

/**
 * A dataset of the audited project, with everything that rules examine.
 *
 * @param name what the project calls it; its id where it is not declared
 * @param manifest the catalogue's, else the bag's, else one with the id alone
 * @param catalogue the catalogue's manifest; null if it has none of that id
 * @param declared null if {@code histods.yaml} does not declare it
 * @param locked null if {@code histods.lock} does not have it
 * @param bag the mirror's bag of that version; null if there is none
 * @param prints of the selected files; null if there is no bag
 * @param codeCounts whether a mention in code counts as use: if the project has no declaration
 * @param evidence how its use is known, the most certain first; not empty
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
        List<UsageEvidence> evidence) {

    public DatasetUse {
        List<UsageEvidence> sorted = new ArrayList<>(evidence);
        sorted.sort(Comparator.comparing(UsageEvidence::kind));
        evidence = List.copyOf(sorted);
    }

    public DatasetId id() {
        return manifest.id();
    }

    /** Whether neither the catalogue nor the mirror has it. */
    public boolean nothingKnown() {
        return catalogue == null && bag == null;
    }

    public DatasetVersion version() {
        return locked == null ? manifest.version() : locked.version();
    }

    public List<String> roles() {
        return declared == null ? List.of() : declared.roles();
    }

    public List<String> only() {
        return declared != null ? declared.only() : locked != null ? locked.only() : List.of();
    }

    /** Whether the project uses a part of the dataset, so that facts about the whole may not apply. */
    public boolean part() {
        return !only().isEmpty();
    }

    public boolean has(UsageEvidence.Kind kind) {
        return evidence.stream().anyMatch(one -> one.kind() == kind);
    }

    public List<String> words(UsageEvidence.Kind kind) {
        return evidence.stream()
                .filter(one -> one.kind() == kind)
                .map(UsageEvidence::words)
                .toList();
    }

    /** Whether there is more evidence than a mention in a text or, if the project has a declaration, in code. */
    public boolean used() {
        return evidence.stream()
                .anyMatch(one ->
                        one.kind() != UsageEvidence.Kind.TEXT && (codeCounts || one.kind() != UsageEvidence.Kind.CODE));
    }

    /** Whether a model sees it before it is tested. */
    public boolean seen() {
        return roles().stream().anyMatch(Declaration.SEEN::contains);
    }

    public boolean test() {
        return roles().contains(Declaration.TEST);
    }

    /** Whether it has a known role. */
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
                evidence.stream().map(UsageEvidence::words).toList(),
                evidence.stream()
                        .map(UsageEvidence::place)
                        .filter(Objects::nonNull)
                        .toList());
    }

    private @Nullable String variant() {
        return locked != null ? locked.variant() : declared != null ? declared.variant() : null;
    }
}
