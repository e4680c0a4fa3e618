package org.histods.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchCandidate;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.provenance.FileSelection;
import org.histods.pull.PullSources.Listing;
import org.histods.source.RemoteFile;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/** Plans a pull: which files to fetch and where to try first, without fetching any. */
final class PullPlanner {

    private final PullSources sources;
    private final PullRequest request;
    private final Manifest manifest;

    PullPlanner(PullSources sources) {
        this.sources = sources;
        this.request = sources.request();
        this.manifest = sources.manifest();
    }

    /** All files of the requested dataset, each with the place to try first. */
    List<PullPlan.Item> items(Map<String, LocalFileSource.Recognised> local) throws Problem {
        List<PullPlan.Item> items = new ArrayList<>();
        FileSelection selection = FileSelection.of(request.only(), manifest);
        for (String part : sources.parts()) {
            items.addAll(part(part, local, selection));
        }
        if (items.isEmpty()) {
            throw noMatch();
        }
        return items;
    }

    /** Refuses a source and a selection that the dataset does not have, even if nothing needs to be fetched. */
    void refuseUnknown(ExistingBag present) throws Problem {
        if (request.source() != null && !sources.any()) {
            throw new AccessInstructions(manifest, request.source()).noSource("");
        }
        if (!present.holds(FileSelection.of(request.only(), manifest))) {
            throw noMatch();
        }
    }

    /** The selection matches no file. */
    Problem noMatch() {
        return noMatch(List.of());
    }

    /** @param known all files of the dataset, as far as they are known */
    Problem noMatch(List<FilePath> known) {
        SimilarPaths paths = new SimilarPaths(known);
        List<String> similar = request.only().stream()
                .flatMap(word -> paths.to(word).stream())
                .distinct()
                .toList();
        String message = "no file of " + manifest.id() + " matches " + String.join(", ", request.only());
        if (!similar.isEmpty()) {
            return new Problem(Problem.Kind.USAGE, message, "similar: " + String.join(", ", similar));
        }
        return new Problem(
                Problem.Kind.USAGE,
                message,
                manifest.splits().isEmpty()
                        ? "globs are matched with paths in the dataset; quote them to protect them from the shell"
                        : "splits of this dataset: "
                                + String.join(", ", manifest.splits().keySet()));
    }

    private List<PullPlan.Item> part(
            String part, Map<String, LocalFileSource.Recognised> local, FileSelection selection) throws Problem {
        List<PullPlan.Item> items = new ArrayList<>();
        for (LocalFileSource.Recognised one : local.values()) {
            if (one.part().equals(part)) {
                FetchCandidate candidate = new FetchCandidate(
                        one.source(), "", one.remote(), one.source().name());
                items.add(PullPlan.Item.of(candidate, part, one.pinned(), selection.whole(one.remote())));
            }
        }
        if (!items.isEmpty() && isComplete(part, local)) {
            return items;
        }
        Listing listing = firstListing(part, local);
        List<RemoteFile> wanted = listing.files(sources.variant());
        boolean inside = selection.looksInside(wanted);
        for (RemoteFile file : wanted) {
            if (local.containsKey(file.path().text())) {
                continue;
            }
            PullPlan.Item item =
                    PullPlan.Item.of(listing.candidate(file), part, listing.pinned(file), selection.whole(file));
            if (item.whole() || (item.unpack() && inside)) {
                items.add(item);
            }
        }
        return items;
    }

    /** Whether the local files are all that the part needs. */
    private boolean isComplete(String part, Map<String, LocalFileSource.Recognised> local) {
        List<SourceSpec> specs = sources.of(part);
        String variant = sources.variant();
        for (SourceSpec spec : specs) {
            boolean all = spec.files().stream()
                    .filter(f ->
                            !f.optional() && (f.variant() == null || f.variant().equals(variant)))
                    .allMatch(f -> local.containsKey(f.plainPath()));
            if (all) {
                return true;
            }
        }
        return specs.isEmpty();
    }

    /** The size of these items: what is known of each, else what is known of the dataset or part that holds them. */
    Size size(List<PullPlan.Item> items, boolean whole) {
        Size sum = items.stream().map(PullPlan.Item::size).reduce(Size.ZERO, Size::plus);
        Size stated = stated();
        if (sum.atMost() != null || !stated.known()) {
            return sum;
        }
        return whole && stated.agrees(sum) ? stated : sum.within(stated);
    }

    /** The size of the dataset at the sources that may be used. */
    private Size stated() {
        return request.source() == null && sources.isDefaultVariant()
                ? manifest.download()
                : sources.parts().stream()
                        .map(sources::of)
                        .map(specs ->
                                specs.isEmpty() ? Size.UNKNOWN : specs.get(0).size(sources.variant()))
                        .reduce(Size.ZERO, Size::plus);
    }

    /** What the first source that responds lists of a part. */
    private Listing firstListing(String part, Map<String, LocalFileSource.Recognised> local) throws Problem {
        List<Attempt> attempts = new ArrayList<>();
        Problem worst = null;
        List<SourceSpec> failed = new ArrayList<>();
        for (SourceSpec spec : sources.of(part)) {
            try {
                Listing listing = sources.listing(spec);
                failed.forEach(before -> sources.failed().failed(before.kind(), before.record()));
                return listing;
            } catch (Problem p) {
                if (p.kind() == Problem.Kind.NETWORK || p.kind() == Problem.Kind.UPSTREAM_CHANGED) {
                    failed.add(spec);
                }
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    throw p;
                }
                attempts.addAll(
                        p.attempts().isEmpty()
                                ? List.of(new Attempt(spec.kind(), null, null, null, p.message()))
                                : p.attempts());
                worst = moreUseful(worst, p);
            }
        }
        throw unavailable(part, worst, attempts, local);
    }

    /** The problem that helps the user more: something to do rather than a network failure. */
    private static Problem moreUseful(@Nullable Problem a, Problem b) {
        return a == null || (a.kind() != Problem.Kind.PERSON && b.kind() == Problem.Kind.PERSON) ? b : a;
    }

    private Problem unavailable(
            String part,
            @Nullable Problem problem,
            List<Attempt> attempts,
            Map<String, LocalFileSource.Recognised> local) {
        AccessInstructions instructions = new AccessInstructions(manifest, request.source());
        if (problem == null) {
            return instructions.noSource(part);
        }
        return problem.kind() == Problem.Kind.PERSON
                ? instructions.manual(problem, attempts, local.keySet())
                : new Problem(problem.kind(), problem.message(), problem.hint(), attempts, problem);
    }
}
