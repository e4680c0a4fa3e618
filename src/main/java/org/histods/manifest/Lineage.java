package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import org.histods.dataset.DatasetId;
import org.jspecify.annotations.Nullable;

/**
 * A relation to another dataset.
 *
 * @param dataset the other dataset's id, null if it is not in the catalogue
 * @param outside its name if it is not in the catalogue; null otherwise
 * @param relation how the two are related
 * @param shares what they have in common; empty if unknown
 * @param note a remark; null if none
 * @param evidence the source of this fact; null if none
 */
public record Lineage(
        @Nullable DatasetId dataset,
        @Nullable String outside,
        Relation relation,
        List<Shared> shares,
        @Nullable String note,
        @Nullable String evidence) {

    /** How two datasets are related; the words follow DataCite's relation types. */
    public enum Relation {
        /** Images were cut from, scanned again or annotated again from the other's (DataCite IsDerivedFrom). */
        DERIVED_FROM,
        /** The same images in another form or edition (IsVariantFormOf). */
        VARIANT_OF,
        /** The same bytes (IsIdenticalTo). */
        IDENTICAL_TO,
        /** A subset of the other (IsPartOf). */
        PART_OF,
        /** Neither comes from the other, but they have something in common. */
        OVERLAPS;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether the other dataset is the origin; the remaining relations are symmetric. */
        public boolean fromOther() {
            return this == DERIVED_FROM || this == PART_OF;
        }
    }

    /**
     * The strongest thing that two datasets have in common. Sharing files implies sharing slides, and sharing slides
     * implies sharing patients.
     */
    public enum Shared {
        FILES,
        SLIDES,
        PATIENTS;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Lineage {
        requireNonNull(relation, "relation");
        shares = ManifestFields.orEmpty(shares);
    }

    /** The other dataset's id, or its name if it is not in the catalogue. */
    public String other() {
        if (dataset != null) {
            return dataset.text();
        }
        return outside == null ? "" : outside;
    }
}
