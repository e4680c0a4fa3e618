package org.histods.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.fetch.FetchCandidate;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.provenance.FileSelection;
import org.histods.pull.PullSources.Listing;
import org.histods.pull.local.LocalFileMatcher;
import org.histods.pull.local.LocalFileSource;
import org.histods.pull.local.Offer;
import org.histods.source.RemoteFile;
import org.histods.text.Count;
import org.histods.text.Size;
import org.histods.text.Suggestions;
import org.jspecify.annotations.Nullable;

/** Plans a pull: which files to fetch and where to try first, without fetching any. */
final class PullPlanner {

    /** How many words a message lists. */
    private static final int SHOWN = 20;

    private final PullSources sources;
    private final PullRequest request;
    private final Manifest manifest;

    /** What the sources list, once they were asked. */
    private List<FilePath> listed = List.of();

    PullPlanner(PullSources sources) {
        this.sources = sources;
        this.request = sources.request();
        this.manifest = sources.manifest();
    }

    /**
     * All files of the requested dataset, each with the place to try first.
     *
     * @throws Problem {@code USAGE} if a word of the selection can match nothing, or two files cannot both be stored
     */
    List<PullPlan.Item> items(Map<String, LocalFileSource.Recognised> local) throws Problem {
        List<PullPlan.Item> items = new ArrayList<>();
        List<RemoteFile> listed = new ArrayList<>();
        FileSelection selection = FileSelection.of(request.only(), manifest);
        for (String part : sources.parts()) {
            items.addAll(part(part, local, selection, listed));
        }
        this.listed = paths(listed);
        refuseUnmatched(items, listed);
        if (items.isEmpty()) {
            throw noMatch(request.only(), this.listed);
        }
        PathConflicts.refuse(items);
        return items;
    }

    /** A word that names no listed file may name entries of an archive, unless it is a mistyped name of a split. */
    private void refuseUnmatched(List<PullPlan.Item> items, List<RemoteFile> listed) throws Problem {
        Set<String> paths =
                listed.stream().map(file -> Glob.literal(file.path().text())).collect(Collectors.toSet());
        List<String> words = new ArrayList<>();
        for (String word : request.only()) {
            if (!paths.contains(word) && !mayMatch(word, items, listed)) {
                words.add(word);
            }
        }
        if (!words.isEmpty()) {
            throw noMatch(words, paths(listed));
        }
    }

    private boolean mayMatch(String word, List<PullPlan.Item> items, List<RemoteFile> listed) throws Problem {
        FileSelection one = FileSelection.of(List.of(word), manifest);
        boolean plainWord =
                word.matches("[\\w-]+") && !manifest.contents().splits().containsKey(word);
        boolean mistyped = plainWord
                && !Suggestions.to(word, manifest.contents().splits().keySet()).isEmpty();
        boolean open = !mistyped && items.stream().anyMatch(item -> item.unpack() && !one.whole(item.file()));
        return open || listed.stream().anyMatch(one::whole);
    }

    /**
     * Refuses words of the selection that matched nothing in the end.
     *
     * @param matched whether a selection matches a file that was fetched or is there
     * @param members files of archives, as far as they are known
     * @throws Problem {@code USAGE}
     */
    void refuseUnmatched(Predicate<FileSelection> matched, List<FilePath> members) throws Problem {
        List<String> words = new ArrayList<>();
        for (String word : request.only()) {
            if (!matched.test(FileSelection.of(List.of(word), manifest))) {
                words.add(word);
            }
        }
        if (!words.isEmpty()) {
            throw noMatch(
                    words, Stream.concat(listed.stream(), members.stream()).toList());
        }
    }

    /**
     * Words that name no known file although one is similar: only an archive that is downloaded as a whole can tell whether
     * they are mistyped, and the user may not want to wait for it.
     */
    List<String> doubts(PullPlan plan) throws Problem {
        List<String> unknown = plan.items().stream()
                .filter(item -> item.unpack() && item.members() == null && !item.whole())
                .map(item -> item.file().path().text())
                .toList();
        List<String> doubts = new ArrayList<>();
        for (String word : unknown.isEmpty() ? List.<String>of() : request.only()) {
            FileSelection one = FileSelection.of(List.of(word), manifest);
            List<String> similar = new SimilarPaths(listed).to(word);
            if (!similar.isEmpty()
                    && listed.stream().noneMatch(one::matches)
                    && plan.items().stream().noneMatch(item -> item.holds(one))) {
                doubts.add("no known file matches " + word + " (similar: " + String.join(", ", similar)
                        + "); downloading " + String.join(", ", unknown) + " to look for it there");
            }
        }
        return doubts;
    }

    /** Refuses a source and a selection that the dataset does not have, even if nothing needs to be fetched. */
    void refuseUnknown(ExistingBag present) throws Problem {
        if (request.source() != null && !sources.any()) {
            throw new AccessInstructions(manifest, request.source()).noSource("");
        }
        for (String word : request.only()) {
            if (!present.holds(FileSelection.of(List.of(word), manifest))) {
                throw noMatch(List.of(word), List.of());
            }
        }
    }

    private static List<FilePath> paths(List<RemoteFile> files) {
        return files.stream().map(RemoteFile::path).toList();
    }

    /** @param known all files of the dataset, as far as they are known */
    private Problem noMatch(List<String> words, List<FilePath> known) {
        SimilarPaths paths = new SimilarPaths(known);
        Set<String> names = known.stream().map(FilePath::text).collect(Collectors.toSet());
        List<String> similar = words.stream()
                .flatMap(word -> names.contains(word)
                        ? Stream.of(Glob.literal(word))
                        : Stream.concat(
                                Suggestions.to(
                                        word, manifest.contents().splits().keySet())
                                        .stream(),
                                paths.to(word).stream()))
                .distinct()
                .limit(5)
                .toList();
        String message = "no file of " + manifest.id() + " matches " + Count.shortened(words, SHOWN);
        if (!similar.isEmpty()) {
            return new Problem(Problem.Kind.USAGE, message, "similar: " + String.join(", ", similar));
        }
        return new Problem(
                Problem.Kind.USAGE,
                message,
                manifest.contents().splits().isEmpty()
                        ? "globs are matched with paths in the dataset; quote them to protect them from the shell"
                        : "splits of this dataset: "
                                + String.join(", ", manifest.contents().splits().keySet()));
    }

    private List<PullPlan.Item> part(
            String part,
            Map<String, LocalFileSource.Recognised> local,
            FileSelection selection,
            List<RemoteFile> listed)
            throws Problem {
        List<PullPlan.Item> items = new ArrayList<>();
        local.values().forEach(one -> listed.add(one.remote()));
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
        Listing listing;
        try {
            listing = firstListing(part, local);
        } catch (Problem p) {
            Offer offer = request.offer();
            if (offer == null || !local.isEmpty() || p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            return part(part, recognised(offer, p), selection, listed);
        }
        List<RemoteFile> wanted = listing.files(sources.variant());
        listed.addAll(wanted);
        boolean inside = selection.looksInside(wanted);
        for (RemoteFile file : wanted) {
            if (isGiven(file.path().text(), local)) {
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

    /** The files of an offered folder as those of a part that no host lists. */
    private Map<String, LocalFileSource.Recognised> recognised(Offer offer, Problem unlisted) throws Problem {
        try {
            return new LocalFileMatcher(manifest).recognise(List.of(offer.folder()), note -> {});
        } catch (Problem p) {
            throw new Problem(
                    unlisted.kind(),
                    p.message() + "\n" + unlisted.message(),
                    p.hint() == null ? unlisted.hint() : p.hint(),
                    unlisted.attempts(),
                    unlisted);
        }
    }

    /** Whether a local file is that file, or was unpacked from it. */
    private static boolean isGiven(String path, Map<String, LocalFileSource.Recognised> local) {
        return local.containsKey(path)
                || local.values().stream().anyMatch(one -> one.archive().contains(path));
    }

    /** Whether the local files are all that the part needs. */
    private boolean isComplete(String part, Map<String, LocalFileSource.Recognised> local) {
        List<SourceSpec> specs = sources.of(part);
        String variant = sources.variant();
        for (SourceSpec spec : specs) {
            boolean all = spec.files().stream()
                    .filter(f -> !f.optional() && f.belongsTo(variant))
                    .allMatch(f -> isGiven(f.plainPath(), local));
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
