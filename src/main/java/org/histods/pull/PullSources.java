package org.histods.pull;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchCandidate;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.provenance.FileSelection;
import org.histods.pull.remote.RemoteBag;
import org.histods.source.Narrowing;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** The sources that a request may use, and the files that each lists. A source is asked once, when it is first needed. */
final class PullSources {

    private final List<Source> sources;
    private final Transport transport;
    private final PullRequest request;
    private final Manifest manifest;
    private final FailedSources failed;
    private final @Nullable String variant;
    private final Narrowing narrowing;
    private final @Nullable RemoteBag served;
    private final List<SourceSpec> specified;
    private final IdentityHashMap<SourceSpec, Listing> listings = new IdentityHashMap<>();
    /** Listings from which nothing was left out, also of other requests for the dataset. */
    private final Map<SourceSpec, Listing> complete;

    /**
     * The sources of a request.
     *
     * @param narrowing which folders of them are listed; null for those that the request selects
     * @param complete collects the listings that other requests for the dataset can use as well
     * @throws Problem {@code USAGE} if the dataset does not have the requested variant
     */
    PullSources(
            List<Source> sources,
            Transport transport,
            PullRequest request,
            FailedSources failed,
            @Nullable Narrowing narrowing,
            Map<SourceSpec, Listing> complete)
            throws Problem {
        this(sources, transport, request, failed, narrowing, complete, null);
    }

    private PullSources(
            List<Source> sources,
            Transport transport,
            PullRequest request,
            FailedSources failed,
            @Nullable Narrowing narrowing,
            Map<SourceSpec, Listing> complete,
            @Nullable RemoteBag served)
            throws Problem {
        this.sources = served == null ? sources : List.of(served);
        this.served = served;
        this.specified = served == null ? request.manifest().manifest().sources() : List.of(served.spec());
        this.transport = transport;
        this.request = request;
        this.failed = failed;
        this.complete = complete;
        this.narrowing = narrowing != null
                ? narrowing
                : narrowing(FileSelection.of(request.only(), request.manifest().manifest()));
        this.manifest = request.manifest().manifest();
        this.variant = variant(request.variant());
    }

    /** The folders that may have selected files. */
    static Narrowing narrowing(FileSelection selection) {
        return folders -> folders.stream()
                .filter(folder -> selection.mayMatchBelow(folder.path()))
                .toList();
    }

    private @Nullable String variant(@Nullable String requested) throws Problem {
        List<String> names = manifest.contents().variants().stream()
                .map(Manifest.Variant::name)
                .toList();
        if (requested == null) {
            return manifest.preferredVariant().map(Manifest.Variant::name).orElse(null);
        }
        if (!names.contains(requested)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    manifest.id() + " has no variant '" + requested + "'",
                    names.isEmpty() ? "it has no variants" : "it has " + String.join(", ", names));
        }
        return requested;
    }

    /** What one source lists. */
    static final class Listing {

        private final SourceSpec spec;
        private final Source source;
        private final List<RemoteFile> files;
        /** Positions of the pinned files in the spec, by their paths without and with the slash of a folder. */
        private final Map<String, Integer> byPlainPath = new HashMap<>();

        private final Map<String, Integer> byPath = new HashMap<>();
        /** What {@link #at} finds; made at its first call. */
        private @Nullable Map<FilePath, List<RemoteFile>> byRemotePath;

        private Listing(SourceSpec spec, Source source, List<RemoteFile> files) {
            this.spec = spec;
            this.source = source;
            this.files = files;
            for (int i = 0; i < spec.files().size(); i++) {
                PinnedFile file = spec.files().get(i);
                byPlainPath.putIfAbsent(file.plainPath(), i);
                byPath.putIfAbsent(file.path(), i);
            }
        }

        List<RemoteFile> files() {
            return files;
        }

        /** The files of that path; several in different variants. */
        synchronized List<RemoteFile> at(FilePath path) {
            Map<FilePath, List<RemoteFile>> all = byRemotePath;
            if (all == null) {
                all = files.stream().collect(Collectors.groupingBy(RemoteFile::path));
                byRemotePath = all;
            }
            return all.getOrDefault(path, List.of());
        }

        /** Those of a variant; null for a dataset without variants. */
        List<RemoteFile> files(@Nullable String variant) {
            return files.stream()
                    .filter(file -> {
                        PinnedFile pinned = pinned(file);
                        return pinned == null
                                || pinned.variant() == null
                                || pinned.variant().equals(variant);
                    })
                    .toList();
        }

        /** What the manifest pins of a file, null if nothing. */
        @Nullable
        PinnedFile pinned(RemoteFile file) {
            RemoteFile.Slice slice = file.slice();
            String path = file.path().text();
            int plain = byPlainPath.getOrDefault(slice == null ? path : slice.into(), Integer.MAX_VALUE);
            int first = Math.min(plain, byPath.getOrDefault(path, Integer.MAX_VALUE));
            return first == Integer.MAX_VALUE ? null : spec.files().get(first);
        }

        FetchCandidate candidate(RemoteFile file) {
            return new FetchCandidate(source, spec.record(), file);
        }

        /** Whether a candidate is a file of this listing. */
        boolean has(FetchCandidate candidate, RemoteFile file) {
            return source == candidate.source()
                    && file.uris().equals(candidate.file().uris());
        }
    }

    /** What the manifest pins of the file of an item, null if nothing. */
    @Nullable
    PinnedFile pinned(PullPlan.Item item) {
        return listings.values().stream()
                .filter(listing -> listing.source == item.first().source()
                        && listing.spec.record().equals(item.first().record()))
                .map(listing -> listing.pinned(item.file()))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** A bag of a served mirror as the only source. */
    PullSources only(RemoteBag bag) throws Problem {
        return new PullSources(sources, transport, request, failed, narrowing, complete, bag);
    }

    /** The bag of a served mirror that is the only source; null if the sources are the dataset's own. */
    @Nullable
    RemoteBag served() {
        return served;
    }

    PullRequest request() {
        return request;
    }

    Manifest manifest() {
        return manifest;
    }

    /** The variant that is pulled, null if the dataset has none. */
    @Nullable
    String variant() {
        return variant;
    }

    /** The folder in the mirror: the version, and the variant if it is not the preferred one. */
    DatasetVersion version() {
        boolean preferred = variant == null
                || manifest.preferredVariant()
                        .map(v -> v.name().equals(variant))
                        .orElse(true);
        return manifest.version().with(preferred ? null : variant);
    }

    /** Whether the variant is the one that is pulled by default, whose sizes the manifest states. */
    boolean isDefaultVariant() {
        return version().equals(manifest.version());
    }

    /** Whether the request may use any source of the manifest. */
    boolean any() {
        return specified.stream().anyMatch(this::usable);
    }

    /** The parts of the dataset; one with an empty name if no source is usable. */
    List<String> parts() {
        List<String> parts = specified.stream()
                .filter(this::usable)
                .map(SourceSpec::part)
                .distinct()
                .toList();
        return parts.isEmpty() ? List.of("") : parts;
    }

    /** The sources of a part, in the order in which they are tried: those that failed in an earlier run last. */
    List<SourceSpec> of(String part) {
        List<SourceSpec> specs = new ArrayList<>();
        List<SourceSpec> last = new ArrayList<>();
        for (SourceSpec source : specified) {
            if (source.part().equals(part) && usable(source)) {
                boolean later = failed.failedAt(source.kind(), source.record()).isPresent();
                (later ? last : specs).add(source);
            }
        }
        specs.addAll(last);
        return specs;
    }

    /** One line for each source that is tried last because it failed in an earlier run. */
    List<String> demoted() {
        List<String> lines = new ArrayList<>();
        for (String part : parts()) {
            List<SourceSpec> specs = of(part);
            for (SourceSpec source : specs.subList(Math.min(1, specs.size()), specs.size())) {
                failed.failedAt(source.kind(), source.record())
                        .ifPresent(
                                at -> lines.add("starting with " + specs.get(0).kind() + ": " + source.kind() + " ("
                                        + source.record() + ") failed at " + at.truncatedTo(ChronoUnit.SECONDS)
                                        + " and is tried last for a day"));
            }
        }
        return lines;
    }

    /** Which sources failed in this and in earlier runs. */
    FailedSources failed() {
        return failed;
    }

    private boolean usable(SourceSpec source) {
        if (request.source() != null) {
            return source.kind().equals(request.source()) && source.use() != SourceSpec.Use.NEVER;
        }
        return source.use() == SourceSpec.Use.AUTO;
    }

    /** @throws Problem as {@link Source#resolve} */
    synchronized Listing listing(SourceSpec spec) throws Problem {
        Listing known = listings.getOrDefault(spec, complete.get(spec));
        if (known != null) {
            listings.put(spec, known);
            return known;
        }
        Listing listing = listed(spec, transport);
        listings.put(spec, listing);
        return listing;
    }

    /** The listing of a source that was asked, or need not be asked since its files are pinned; else empty. */
    synchronized Optional<Listing> listingWithoutRequest(SourceSpec spec) {
        Listing known = listings.get(spec);
        if (known != null || spec.files().isEmpty()) {
            return Optional.ofNullable(known);
        }
        try {
            Listing listing = listed(spec, Transport.refusing());
            listings.put(spec, listing);
            return Optional.of(listing);
        } catch (Problem p) {
            return Optional.empty();
        }
    }

    private Listing listed(SourceSpec spec, Transport asked) throws Problem {
        Source source = sources.stream()
                .filter(s -> s.kind().equals(spec.kind()))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "this version of histods has no source of the kind '" + spec.kind() + "'",
                        "it has "
                                + String.join(
                                        ", ", sources.stream().map(Source::kind).toList())));
        boolean[] narrowed = new boolean[1];
        Narrowing noted = folders -> {
            List<Narrowing.Folder> kept = narrowing.narrow(folders);
            narrowed[0] |= kept.size() < folders.size();
            return kept;
        };
        Listing listing = new Listing(spec, source, source.resolve(spec, noted, asked));
        if (!narrowed[0]) {
            complete.put(spec, listing);
        }
        return listing;
    }
}
