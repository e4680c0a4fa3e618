package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/**
 * The description of a dataset: what it is, where to get which files with which checksums, under which terms, and from which
 * datasets its images come. One file {@code manifests/<id>.yaml}; {@code docs/manifests.md} explains each field.
 *
 * <p>The record mirrors the file field by field, so that each field of the YAML is found here under its name. A null or empty
 * component is unknown; nothing is guessed. Controlled words are in {@link Vocabulary}.
 *
 * @param aliases other names that people type; matched without regard to case
 * @param ambiguous those of the id and the aliases that also mean something else, such as {@code bach}
 * @param version the upstream's own version word or the pinned record; names the folder in the mirror
 * @param imageSize pixels, such as {@code 224x224}
 * @param mpp micrometres per pixel at full resolution
 * @param counts numbers of things, such as {@code patches: 100000}
 * @param unpacked the size on disk of a plain pull with its archives unpacked; null if unknown
 * @param creators authors of the dataset, {@code Family, Given} or an institution; {@code et al.} as the last if
 *     the list is incomplete
 * @param splits name of a split to the globs of its files
 * @param fileNames names of files that suggest this dataset wherever they are; empty if none does
 * @param problems what a user should know before training
 * @param doubts facts above that are doubtful, each with its reason
 */
public record Manifest(
        DatasetId id,
        String title,
        List<String> aliases,
        List<String> ambiguous,
        @Nullable String description,
        DatasetVersion version,
        @Nullable Integer year,
        List<String> organs,
        List<String> stains,
        List<String> tasks,
        List<String> species,
        @Nullable String unit,
        List<String> magnification,
        List<Double> mpp,
        List<String> scanner,
        @Nullable String imageSize,
        List<String> formats,
        Map<String, Long> counts,
        @Nullable StatedSize unpacked,
        @JsonProperty(required = true) License license,
        @JsonProperty(required = true) Access access,
        @Nullable String landing,
        @Nullable String doi,
        @Nullable Paper paper,
        List<String> creators,
        @Nullable String publisher,
        List<Variant> variants,
        Map<String, List<String>> splits,

        @JsonProperty(required = true) @JsonInclude(JsonInclude.Include.ALWAYS)
        List<SourceSpec> sources,

        @Nullable Unpacking unpack,
        @Nullable PatientRule patients,
        List<FileName> fileNames,
        List<Lineage> lineage,
        List<String> problems,
        List<String> doubts) {

    /** @throws IllegalArgumentException if the version names a variant */
    public Manifest {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(version, "version");
        if (version.variant() != null) {
            throw new IllegalArgumentException("'" + version + "' names a variant, which belongs under variants");
        }
        aliases = List.copyOf(orEmpty(aliases));
        ambiguous = List.copyOf(orEmpty(ambiguous));
        organs = List.copyOf(orEmpty(organs));
        stains = List.copyOf(orEmpty(stains));
        tasks = List.copyOf(orEmpty(tasks));
        species = List.copyOf(orEmpty(species));
        magnification = List.copyOf(orEmpty(magnification));
        mpp = List.copyOf(orEmpty(mpp));
        scanner = List.copyOf(orEmpty(scanner));
        formats = List.copyOf(orEmpty(formats));
        counts = orEmpty(counts);
        license = license == null ? License.UNKNOWN : license;
        access = access == null ? Access.UNKNOWN : access;
        creators = List.copyOf(orEmpty(creators));
        variants = List.copyOf(orEmpty(variants));
        splits = orEmpty(splits);
        sources = List.copyOf(orEmpty(sources));
        fileNames = List.copyOf(orEmpty(fileNames));
        lineage = List.copyOf(orEmpty(lineage));
        problems = List.copyOf(orEmpty(problems));
        doubts = List.copyOf(orEmpty(doubts));
    }

    /** Of a dataset of which only the id and version are known. */
    public static Manifest ofUnknown(DatasetId id, DatasetVersion version) {
        return new Manifest(
                id,
                id.text(),
                List.of(),
                List.of(),
                null,
                version,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(),
                Map.of(),
                null,
                License.UNKNOWN,
                Access.UNKNOWN,
                null,
                null,
                null,
                List.of(),
                null,
                List.of(),
                Map.of(),
                List.of(),
                null,
                null,
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** The same dataset at another version, with other sources. */
    public Manifest with(DatasetVersion otherVersion, @Nullable String otherDoi, List<SourceSpec> otherSources) {
        return new Manifest(
                id,
                title,
                aliases,
                ambiguous,
                description,
                otherVersion,
                year,
                organs,
                stains,
                tasks,
                species,
                unit,
                magnification,
                mpp,
                scanner,
                imageSize,
                formats,
                counts,
                unpacked,
                license,
                access,
                landing,
                otherDoi,
                paper,
                creators,
                publisher,
                variants,
                splits,
                otherSources,
                unpack,
                patients,
                fileNames,
                lineage,
                problems,
                doubts);
    }

    /** The same with other sources. */
    public Manifest with(List<SourceSpec> otherSources) {
        return with(version, doi, otherSources);
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
        return map == null ? Map.of() : java.util.Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** One of several forms of the same files, of which one is pulled at a time, such as normalised or raw colours. */
    public record Variant(String name, @Nullable String title, boolean preferred) {
        /** @throws IllegalArgumentException if it could not be part of a version's name */
        public Variant {
            String fault = DatasetVersion.variantFault(requireNonNull(name, "name"));
            if (fault != null) {
                throw new IllegalArgumentException(fault);
            }
        }
    }

    /**
     * The paper that describes the dataset.
     *
     * @param authors {@code Family, Given} or a group; of the paper, who may differ from the dataset's creators
     * @param venue the journal or the conference
     */
    public record Paper(
            @Nullable String doi,
            @Nullable String url,
            @Nullable String title,
            List<String> authors,
            @Nullable Integer year,
            @Nullable String venue) {
        public Paper {
            authors = List.copyOf(orEmpty(authors));
        }
    }

    /**
     * How archives of this dataset unpack.
     *
     * @param skip globs of entries that are left out, such as {@code __MACOSX/**}
     * @param charset of entry names that are neither UTF-8 nor flagged; null to guess
     */
    public record Unpacking(List<String> skip, @Nullable String charset) {
        public Unpacking {
            skip = List.copyOf(orEmpty(skip));
        }
    }

    /** The creators without {@code et al.} */
    public List<String> namedCreators() {
        return creators.stream().filter(name -> !name.equals("et al.")).toList();
    }

    /** The parts of the dataset, in the order of their first source; all are needed for the whole. */
    public Set<String> parts() {
        Set<String> parts = new LinkedHashSet<>();
        for (SourceSpec source : sources) {
            if (source.use() == SourceSpec.Use.AUTO) {
                parts.add(source.part());
            }
        }
        return parts;
    }

    /** The sources of one part, best first. */
    public List<SourceSpec> sourcesOf(String part) {
        List<SourceSpec> list = new ArrayList<>();
        for (SourceSpec source : sources) {
            if (source.part().equals(part) && source.use() == SourceSpec.Use.AUTO) {
                list.add(source);
            }
        }
        return list;
    }

    /** The variant that is pulled by default; empty for a dataset without variants. */
    public Optional<Variant> preferredVariant() {
        return variants.stream()
                .filter(Variant::preferred)
                .findFirst()
                .or(() -> variants.stream().findFirst());
    }

    /** The download size of a plain pull: all parts, the preferred variant, one source for each part. */
    public Size download() {
        String variant = preferredVariant().map(Variant::name).orElse(null);
        Size sum = Size.ZERO;
        for (String part : parts()) {
            List<Size> sizes =
                    sourcesOf(part).stream().map(s -> s.size(variant)).toList();
            sum = sum.plus(sizes.stream()
                    .filter(size -> size.atMost() != null)
                    .findFirst()
                    .orElse(sizes.get(0)));
        }
        return sum.exactly().orElse(1L) == 0 ? Size.UNKNOWN : sum;
    }

    /**
     * The size of what is downloaded only if its source is named: the largest that is known. Tells something about a dataset
     * whose plain download is of unknown size.
     */
    public Size optionalDownload() {
        Size largest = Size.UNKNOWN;
        for (SourceSpec source : sources) {
            Size size = source.use() == SourceSpec.Use.ASK ? source.size(null) : Size.UNKNOWN;
            Long most = size.atMost();
            if (most != null && (largest.atMost() == null || most > largest.atMost())) {
                largest = size;
            }
        }
        return largest;
    }

    /** Whether all its files are also in one of these datasets, so that they are downloaded once. */
    public boolean isPartOf(Collection<DatasetId> others) {
        return lineage.stream()
                .anyMatch(link -> link.relation() == Lineage.Relation.PART_OF
                        && link.shares().contains(Lineage.Shared.FILES)
                        && link.dataset() != null
                        && others.contains(link.dataset()));
    }
}
