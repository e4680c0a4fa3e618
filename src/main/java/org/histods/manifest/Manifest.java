package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
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
 * <p>A null or empty component is unknown; nothing is guessed. Controlled words are in {@link Vocabulary}. The file has the
 * same fields under the same names, without the groups; {@link ManifestFields} converts between the two.
 *
 * @param version the upstream's own version word or the pinned record; names the folder in the mirror
 */
public record Manifest(
        DatasetId id,
        String title,
        DatasetVersion version,
        Names names,
        Images images,
        Publication publication,
        Terms terms,
        Contents contents,
        List<SourceSpec> sources,
        Notes notes) {

    /**
     * The names of the dataset.
     *
     * @param aliases other names that people type; matched without regard to case
     * @param ambiguous those of the id and the aliases that also mean something else, such as {@code bach}
     * @param fileNames names of files that suggest this dataset wherever they are; empty if none does
     */
    public record Names(List<String> aliases, List<String> ambiguous, List<FileNamePattern> fileNames) {

        public static final Names NONE = new Names(List.of(), List.of(), List.of());

        public Names {
            aliases = List.copyOf(aliases);
            ambiguous = List.copyOf(ambiguous);
            fileNames = List.copyOf(fileNames);
        }
    }

    /**
     * Content and acquisition of the images.
     *
     * @param unit what one image is, such as {@code slide} or {@code patch}
     * @param mpp micrometres per pixel at full resolution
     * @param imageSize pixels, such as {@code 224x224}
     */
    public record Images(
            List<String> organs,
            List<String> stains,
            List<String> species,
            @Nullable String unit,
            List<String> magnification,
            List<Double> mpp,
            List<String> scanner,
            @Nullable String imageSize,
            List<String> formats) {

        public static final Images UNKNOWN =
                new Images(List.of(), List.of(), List.of(), null, List.of(), List.of(), List.of(), null, List.of());

        public Images {
            organs = List.copyOf(organs);
            stains = List.copyOf(stains);
            species = List.copyOf(species);
            magnification = List.copyOf(magnification);
            mpp = List.copyOf(mpp);
            scanner = List.copyOf(scanner);
            formats = List.copyOf(formats);
        }
    }

    /**
     * How the dataset was published.
     *
     * @param description plain text
     * @param year of publication
     * @param creators authors of the dataset, {@code Family, Given} or an institution; {@code et al.} as the last if
     *     the list is incomplete
     * @param publisher such as {@code Zenodo}
     * @param landing the landing page
     * @param doi of this version of the dataset
     */
    public record Publication(
            @Nullable String description,
            @Nullable Integer year,
            List<String> creators,
            @Nullable String publisher,
            @Nullable String landing,
            @Nullable String doi,
            @Nullable Paper paper) {

        public static final Publication UNKNOWN = new Publication(null, null, List.of(), null, null, null, null);

        public Publication {
            creators = List.copyOf(creators);
        }

        /** The creators without {@code et al.} */
        public List<String> namedCreators() {
            return creators.stream().filter(name -> !name.equals("et al.")).toList();
        }

        /** The same with that description. */
        public Publication withDescription(@Nullable String other) {
            return new Publication(other, year, creators, publisher, landing, doi, paper);
        }

        /** The same with that DOI. */
        public Publication withDoi(@Nullable String other) {
            return new Publication(description, year, creators, publisher, landing, other, paper);
        }
    }

    /** Conditions of access and use. */
    public record Terms(License license, Access access) {
        public static final Terms UNKNOWN = new Terms(License.UNKNOWN, Access.UNKNOWN);
    }

    /**
     * The contents of the dataset.
     *
     * @param counts numbers of things, such as {@code patches: 100000}
     * @param unpacked the size on disk of a plain pull with its archives unpacked; null if unknown
     * @param splits name of a split to the globs of its files
     * @param lineage the datasets that its images come from, and those that share them
     */
    public record Contents(
            List<String> tasks,
            Map<String, Long> counts,
            @Nullable StatedSize unpacked,
            List<Variant> variants,
            Map<String, List<String>> splits,
            @Nullable Unpacking unpack,
            @Nullable PatientRule patients,
            List<Lineage> lineage) {

        public static final Contents UNKNOWN =
                new Contents(List.of(), Map.of(), null, List.of(), Map.of(), null, null, List.of());

        public Contents {
            tasks = List.copyOf(tasks);
            counts = ManifestFields.orEmpty(counts);
            variants = List.copyOf(variants);
            splits = ManifestFields.orEmpty(splits);
            lineage = List.copyOf(lineage);
        }
    }

    /**
     * Remarks on the dataset and on this description of it.
     *
     * @param problems what a user should know before training
     * @param doubts facts above that are doubtful, each with its reason
     */
    public record Notes(List<String> problems, List<String> doubts) {

        public static final Notes NONE = new Notes(List.of(), List.of());

        public Notes {
            problems = List.copyOf(problems);
            doubts = List.copyOf(doubts);
        }
    }

    /** @throws IllegalArgumentException if the version names a variant */
    public Manifest {
        requireNonNull(id, "id");
        requireNonNull(title, "title");
        requireNonNull(version, "version");
        if (version.variant() != null) {
            throw new IllegalArgumentException("'" + version + "' names a variant, which belongs under variants");
        }
        sources = List.copyOf(sources);
    }

    /** Of a dataset of which only the id and version are known. */
    public static Manifest ofUnknown(DatasetId id, DatasetVersion version) {
        return new Manifest(
                id,
                id.text(),
                version,
                Names.NONE,
                Images.UNKNOWN,
                Publication.UNKNOWN,
                Terms.UNKNOWN,
                Contents.UNKNOWN,
                List.of(),
                Notes.NONE);
    }

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Manifest of(ManifestFields fields) {
        return fields.manifest();
    }

    @JsonValue
    ManifestFields fields() {
        return new ManifestFields(this);
    }

    /** The same dataset at another version, with other sources. */
    public Manifest with(DatasetVersion otherVersion, @Nullable String otherDoi, List<SourceSpec> otherSources) {
        return new Manifest(
                id,
                title,
                otherVersion,
                names,
                images,
                publication.withDoi(otherDoi),
                terms,
                contents,
                otherSources,
                notes);
    }

    /** The same with other sources. */
    public Manifest with(List<SourceSpec> otherSources) {
        return with(version, publication.doi(), otherSources);
    }

    /** The same with one more doubt. */
    public Manifest withDoubt(String doubt) {
        List<String> doubts = new ArrayList<>(notes.doubts());
        doubts.add(doubt);
        return new Manifest(
                id,
                title,
                version,
                names,
                images,
                publication,
                terms,
                contents,
                sources,
                new Notes(notes.problems(), doubts));
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
            authors = ManifestFields.orEmpty(authors);
        }
    }

    /**
     * Options for unpacking archives of this dataset.
     *
     * @param skip globs of entries that are left out, such as {@code __MACOSX/**}
     * @param charset of entry names that are neither UTF-8 nor flagged; null to guess
     */
    public record Unpacking(List<String> skip, @Nullable String charset) {
        public Unpacking {
            skip = ManifestFields.orEmpty(skip);
        }
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
        return contents.variants().stream()
                .filter(Variant::preferred)
                .findFirst()
                .or(() -> contents.variants().stream().findFirst());
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
     * The size of the largest source that is downloaded only if it is named; for datasets whose plain download is of unknown
     * size.
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
        return contents.lineage().stream()
                .anyMatch(link -> link.relation() == Lineage.Relation.PART_OF
                        && link.shares().contains(Lineage.Shared.FILES)
                        && link.dataset() != null
                        && others.contains(link.dataset()));
    }
}
