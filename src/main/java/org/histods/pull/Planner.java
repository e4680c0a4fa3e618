package org.histods.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.fetch.Candidate;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.pull.Listings.Listing;
import org.histods.quantity.Size;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.transport.Transport;
import org.histods.unpack.ArchiveKind;
import org.jspecify.annotations.Nullable;

/** Finds out what there is to fetch and where, without fetching it. */
final class Planner {

    private final PullRequest request;
    private final Manifest manifest;
    private final @Nullable String variant;
    private final Listings listings;

    Planner(List<Source> sources, Transport transport, PullRequest request) throws Problem {
        this.request = request;
        this.manifest = request.manifest().manifest();
        this.variant = variant();
        this.listings = new Listings(sources, transport, manifest);
    }

    /** The folder in the mirror: the version, and the variant where it is not the preferred one. */
    String version() {
        boolean preferred = variant == null
                || manifest.preferredVariant()
                        .map(v -> v.name().equals(variant))
                        .orElse(true);
        return preferred ? manifest.version() : manifest.version() + "+" + variant;
    }

    @Nullable
    String variantName() {
        return variant;
    }

    private @Nullable String variant() throws Problem {
        String asked = request.variant();
        List<String> names =
                manifest.variants().stream().map(Manifest.Variant::name).toList();
        if (asked == null) {
            return manifest.preferredVariant().map(Manifest.Variant::name).orElse(null);
        }
        if (!names.contains(asked)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    manifest.id() + " has no variant '" + asked + "'",
                    names.isEmpty() ? "it has no variants" : "it has " + String.join(", ", names));
        }
        return asked;
    }

    /** All files that make up what is wanted, each with the place to fetch it first. */
    List<Plan.Item> items(Map<String, Brought.Recognised> brought) throws Problem {
        List<Plan.Item> items = new ArrayList<>();
        Selection selection = Selection.of(request.only(), manifest);
        for (String part : parts()) {
            items.addAll(part(part, brought, selection));
        }
        if (items.isEmpty()) {
            throw nothing();
        }
        return items;
    }

    /** Refuses a source and a selection that the dataset does not have, though all that it has is there. */
    void refuseUnknown(Present present) throws Problem {
        if (request.source() != null && manifest.sources().stream().noneMatch(this::usable)) {
            throw new AccessAdvice(manifest, request.source()).noSource("");
        }
        if (!present.holds(Selection.of(request.only(), manifest))) {
            throw nothing();
        }
    }

    /** What was asked for does not exist. */
    Problem nothing() {
        return new Problem(
                Problem.Kind.USAGE,
                "nothing of " + manifest.id() + " matches " + String.join(", ", request.only()),
                splitsHint());
    }

    private String splitsHint() {
        return manifest.splits().isEmpty()
                ? "globs are matched with paths in the dataset; quote them so that the shell leaves them alone"
                : "splits of this dataset: "
                        + String.join(", ", manifest.splits().keySet());
    }

    private List<String> parts() {
        List<String> parts = new ArrayList<>();
        for (SourceSpec source : manifest.sources()) {
            if (usable(source) && !parts.contains(source.part())) {
                parts.add(source.part());
            }
        }
        return parts.isEmpty() ? List.of("") : parts;
    }

    private boolean usable(SourceSpec source) {
        if (request.source() != null) {
            return source.kind().equals(request.source()) && source.use() != SourceSpec.Use.NEVER;
        }
        return source.use() == SourceSpec.Use.AUTO;
    }

    private List<SourceSpec> specs(String part) {
        return manifest.sources().stream()
                .filter(s -> s.part().equals(part) && usable(s))
                .toList();
    }

    private List<Plan.Item> part(String part, Map<String, Brought.Recognised> brought, Selection selection)
            throws Problem {
        List<Plan.Item> items = new ArrayList<>();
        for (Brought.Recognised one : brought.values()) {
            if (one.part().equals(part)) {
                Candidate candidate = new Candidate(
                        one.source(), "", one.remote(), one.source().name());
                items.add(item(candidate, part, one.pinned(), selection.whole(one.remote())));
            }
        }
        if (!items.isEmpty() && complete(part, brought)) {
            return items;
        }
        Listing listing = firstThatAnswers(part, brought);
        List<RemoteFile> wanted = ofVariant(listing);
        boolean inside = selection.looksInside(wanted);
        for (RemoteFile file : wanted) {
            if (brought.containsKey(file.path().text())) {
                continue;
            }
            PinnedFile pinned = pinned(listing.spec(), file);
            Candidate candidate = new Candidate(listing.source(), listing.spec().record(), file);
            Plan.Item item = item(candidate, part, pinned, selection.whole(file));
            if (item.whole() || (item.unpack() && inside)) {
                items.add(item);
            }
        }
        return items;
    }

    /** Whether the brought files are all that the part needs. */
    private boolean complete(String part, Map<String, Brought.Recognised> brought) {
        for (SourceSpec spec : specs(part)) {
            boolean all = spec.files().stream()
                    .filter(f ->
                            !f.optional() && (f.variant() == null || f.variant().equals(variant)))
                    .allMatch(f -> brought.containsKey(f.plainPath()));
            if (all) {
                return true;
            }
        }
        return specs(part).isEmpty();
    }

    private List<RemoteFile> ofVariant(Listing listing) {
        return listing.files().stream()
                .filter(file -> {
                    PinnedFile pinned = pinned(listing.spec(), file);
                    return pinned == null
                            || pinned.variant() == null
                            || pinned.variant().equals(variant);
                })
                .toList();
    }

    private static @Nullable PinnedFile pinned(SourceSpec spec, RemoteFile file) {
        RemoteFile.Slice slice = file.slice();
        String path = slice == null ? file.path().text() : slice.into();
        return spec.files().stream()
                .filter(f -> f.plainPath().equals(path)
                        || f.path().equals(file.path().text()))
                .findFirst()
                .orElse(null);
    }

    private Plan.Item item(Candidate candidate, String part, @Nullable PinnedFile pinned, boolean whole) {
        RemoteFile file = candidate.file();
        boolean unpack = file.slice() != null || unpacks(pinned, file);
        String into = pinned != null && pinned.into() != null
                ? pinned.into()
                : file.path().parent();
        RemoteFile.Slice slice = file.slice();
        Size size = file.bytes() == null && pinned != null ? pinned.stated() : Size.of(file.bytes());
        return new Plan.Item(
                candidate,
                size,
                part,
                unpack,
                slice == null ? into : slice.into(),
                pinned == null ? null : pinned.role(),
                whole);
    }

    /** How much these items are: what is known of each, else what is known of the whole that they are (or are a part of). */
    Size size(List<Plan.Item> items, boolean whole) {
        Size sum = items.stream().map(Plan.Item::size).reduce(Size.ZERO, Size::plus);
        Size stated = stated();
        if (sum.atMost() != null || !stated.known()) {
            return sum;
        }
        return whole && stated.agrees(sum) ? stated : sum.within(stated);
    }

    /** How much the dataset is at the sources that may be asked. */
    private Size stated() {
        return request.source() == null && usual()
                ? manifest.download()
                : parts().stream()
                        .map(this::specs)
                        .map(specs ->
                                specs.isEmpty() ? Size.UNKNOWN : specs.get(0).size(variant))
                        .reduce(Size.ZERO, Size::plus);
    }

    /** Whether this is the variant that is pulled where none is named, of which the manifest says the size unpacked. */
    boolean usual() {
        return version().equals(manifest.version());
    }

    private static boolean unpacks(@Nullable PinnedFile pinned, RemoteFile file) {
        if (pinned != null && pinned.unpack() != null) {
            return pinned.unpack();
        }
        return ArchiveKind.named(file.path().name()).map(ArchiveKind::container).orElse(false);
    }

    private Listing firstThatAnswers(String part, Map<String, Brought.Recognised> brought) throws Problem {
        List<Attempt> attempts = new ArrayList<>();
        Problem last = null;
        for (SourceSpec spec : specs(part)) {
            try {
                return listings.of(spec);
            } catch (Problem p) {
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    throw p;
                }
                attempts.addAll(
                        p.attempts().isEmpty()
                                ? List.of(new Attempt(spec.kind(), null, null, null, p.message()))
                                : p.attempts());
                last = worse(last, p);
            }
        }
        throw unavailable(part, last, attempts, brought);
    }

    /** The problem that tells the person more: something to do beats a network that failed. */
    private static Problem worse(@Nullable Problem a, Problem b) {
        return a == null || (a.kind() != Problem.Kind.PERSON && b.kind() == Problem.Kind.PERSON) ? b : a;
    }

    private Problem unavailable(
            String part, @Nullable Problem last, List<Attempt> attempts, Map<String, Brought.Recognised> brought) {
        AccessAdvice advice = new AccessAdvice(manifest, request.source());
        if (last == null) {
            return advice.noSource(part);
        }
        return last.kind() == Problem.Kind.PERSON
                ? advice.person(last, attempts, brought.keySet())
                : new Problem(last.kind(), last.message(), last.hint(), attempts, last);
    }

    /**
     * The other places of a file, in order: the same path at the later sources of its part. A source that cannot be
     * asked is left out.
     */
    List<Candidate> alternatives(Plan.Item item) {
        List<Candidate> others = new ArrayList<>();
        for (SourceSpec spec : specs(item.part())) {
            Listing listing = listings.orNull(spec);
            if (listing == null) {
                continue;
            }
            for (RemoteFile file : listing.files()) {
                boolean same = file.path().equals(item.file().path());
                boolean first = listing.source() == item.first().source()
                        && file.uris().equals(item.file().uris());
                if (same && !first) {
                    others.add(new Candidate(listing.source(), spec.record(), merged(file, item.file())));
                }
            }
        }
        return others;
    }

    /** The whole part from the next source, for a file that the next source has in another shape (a folder's files). */
    List<Plan.Item> instead(Plan.Item item) throws Problem {
        List<SourceSpec> specs = specs(item.part());
        boolean behind = false;
        for (SourceSpec spec : specs) {
            Listing listing = listings.of(spec);
            if (behind) {
                List<Plan.Item> items = new ArrayList<>();
                Selection selection = Selection.of(request.only(), manifest);
                for (RemoteFile file : ofVariant(listing)) {
                    Candidate candidate = new Candidate(listing.source(), spec.record(), file);
                    Plan.Item one = item(candidate, item.part(), pinned(spec, file), selection.whole(file));
                    if (one.whole() || one.unpack()) {
                        items.add(one);
                    }
                }
                return items;
            }
            behind = listing.files().stream()
                    .anyMatch(f -> f.uris().equals(item.file().uris()));
        }
        return List.of();
    }

    /** The file at the other place, with what is stated of it anywhere: the bytes are meant to be the same. */
    private static RemoteFile merged(RemoteFile there, RemoteFile here) {
        List<RemoteFile.Stated> sums = new ArrayList<>(there.sums());
        for (RemoteFile.Stated stated : here.sums()) {
            if (sums.stream().noneMatch(s -> s.sum().equals(stated.sum()))) {
                sums.add(stated);
            }
        }
        Long bytes = there.bytes() == null ? here.bytes() : there.bytes();
        RemoteFile.Span span = there.span() == null ? here.span() : there.span();
        return new RemoteFile(there.path(), there.uris(), bytes, sums, there.executable(), there.slice(), span);
    }
}
