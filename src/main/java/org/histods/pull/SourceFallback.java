package org.histods.pull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.histods.digest.Checksum;
import org.histods.fetch.FetchCandidate;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.provenance.FileSelection;
import org.histods.pull.PullSources.Listing;
import org.histods.source.RemoteFile;

/**
 * Finds alternative places for an item. Remembers places that failed in a way that may affect their other files: they
 * sent wrong bytes, could not be reached, or had a server error. They are tried last for the rest of the pull and, if
 * another place delivered, for a day in later pulls. Thread-safe.
 */
final class SourceFallback {

    private final PullSources sources;
    private final Set<String> failedPlaces = ConcurrentHashMap.newKeySet();
    /** The SHA-256 of wrong bytes, by the file's path and the place that sent them. */
    private final Map<String, Map<String, Checksum>> wrongBytes = new ConcurrentHashMap<>();

    SourceFallback(PullSources sources) {
        this.sources = sources;
    }

    /** Remembers the place of a failed attempt, if the failure may affect its other files. */
    void failed(FetchCandidate candidate, Problem problem) {
        boolean wrong = problem.kind() == Problem.Kind.WRONG_BYTES || problem.kind() == Problem.Kind.UPSTREAM_CHANGED;
        boolean unreachable = problem.kind() == Problem.Kind.NETWORK
                && !problem.attempts().isEmpty()
                && problem.attempts().stream().allMatch(a -> a.status() == null || a.status() >= 500);
        if (wrong || unreachable) {
            failedPlaces.add(place(candidate));
        }
    }

    /** Remembers between runs which places of a file failed before one of them delivered. */
    void delivered(FetchCandidate candidate, List<FetchCandidate> before) {
        FailedSources between = sources.failed();
        before.stream()
                .filter(this::distrusts)
                .forEach(failed -> between.failed(failed.source().kind(), failed.record()));
        if (!distrusts(candidate)) {
            between.delivered(candidate.source().kind(), candidate.record());
        }
    }

    /** Remembers which wrong bytes a place sent. */
    void sentWrong(FetchCandidate candidate, Checksum sha256) {
        wrongBytes
                .computeIfAbsent(candidate.file().path().text(), path -> new ConcurrentHashMap<>())
                .put(candidate.shown() + " " + candidate.record(), sha256);
    }

    /**
     * The failure of a file, with a line for places that sent the same wrong bytes: in that case the pinned checksum
     * may be wrong. Such bytes are not accepted either.
     */
    Problem withAgreement(PullPlan.Item item, Problem problem) {
        Map<Checksum, List<String>> places = new HashMap<>();
        wrongBytes
                .getOrDefault(item.file().path().text(), Map.of())
                .forEach((place, sha256) ->
                        places.computeIfAbsent(sha256, s -> new ArrayList<>()).add(place));
        StringBuilder message = new StringBuilder(problem.message());
        places.forEach((sha256, agreeing) -> {
            if (agreeing.size() > 1) {
                message.append("\n  ")
                        .append(agreeing.stream().sorted().collect(Collectors.joining(" and ")))
                        .append(" sent the same bytes, ")
                        .append(sha256)
                        .append(": the checksum on record may be wrong. Nothing was accepted");
            }
        });
        return new Problem(problem.kind(), message.toString(), problem.hint(), problem.attempts(), problem);
    }

    /** Whether the place of a candidate failed before. */
    boolean distrusts(FetchCandidate candidate) {
        return !failedPlaces.isEmpty() && failedPlaces.contains(place(candidate));
    }

    /** One source of one kind at one host. */
    private static String place(FetchCandidate candidate) {
        return candidate.source().kind() + " " + candidate.record() + " "
                + candidate.file().uri().getHost();
    }

    /**
     * The other places of an item's file, in the order to try them: the same path at the later sources of its part,
     * places that failed before last. A source that cannot be asked is left out: the attempts at the file itself say
     * what went wrong.
     */
    List<FetchCandidate> alternatives(PullPlan.Item item) {
        List<FetchCandidate> trusted = new ArrayList<>();
        List<FetchCandidate> distrusted = new ArrayList<>();
        for (SourceSpec spec : sources.of(item.part())) {
            Listing listing;
            try {
                listing = sources.listing(spec);
            } catch (Problem p) {
                continue;
            }
            for (RemoteFile file : listing.at(item.file().path())) {
                if (!listing.has(item.first(), file)) {
                    FetchCandidate candidate = listing.candidate(merged(file, item.file()));
                    (distrusts(candidate) ? distrusted : trusted).add(candidate);
                }
            }
        }
        trusted.addAll(distrusted);
        return trusted;
    }

    /** The places of an item's file at all sources that can be known without a request. */
    List<FetchCandidate> knownPlaces(PullPlan.Item item) {
        List<FetchCandidate> places = new ArrayList<>();
        for (SourceSpec spec : sources.of(item.part())) {
            sources.listingWithoutRequest(spec)
                    .ifPresent(listing ->
                            listing.at(item.file().path()).forEach(file -> places.add(listing.candidate(file))));
        }
        return places;
    }

    /** The file at the other place, with what is stated of it anywhere: the bytes are meant to be the same. */
    private static RemoteFile merged(RemoteFile other, RemoteFile first) {
        List<RemoteFile.Stated> checksums = new ArrayList<>(other.checksums());
        for (RemoteFile.Stated stated : first.checksums()) {
            if (checksums.stream().noneMatch(s -> s.checksum().equals(stated.checksum()))) {
                checksums.add(stated);
            }
        }
        Long bytes = other.bytes() == null ? first.bytes() : other.bytes();
        RemoteFile.Span span = other.span() == null ? first.span() : other.span();
        return new RemoteFile(
                other.path(),
                other.uris(),
                bytes,
                checksums,
                other.executable(),
                other.slice(),
                span,
                other.attributes());
    }

    /**
     * The files of an item's part at the next source, for a folder of a repository that the next source has as single
     * files. Empty if there is no next source.
     */
    List<PullPlan.Item> replacement(PullPlan.Item item) throws Problem {
        FileSelection selection = FileSelection.of(sources.request().only(), sources.manifest());
        boolean next = false;
        for (SourceSpec spec : sources.of(item.part())) {
            Listing listing = sources.listing(spec);
            if (next) {
                List<PullPlan.Item> items = new ArrayList<>();
                for (RemoteFile file : listing.files(sources.variant())) {
                    PullPlan.Item one = PullPlan.Item.of(
                            listing.candidate(file), item.part(), listing.pinned(file), selection.whole(file));
                    if (one.whole() || one.unpack()) {
                        items.add(one);
                    }
                }
                return items;
            }
            next = listing.files().stream()
                    .anyMatch(file -> file.uris().equals(item.file().uris()));
        }
        return List.of();
    }
}
