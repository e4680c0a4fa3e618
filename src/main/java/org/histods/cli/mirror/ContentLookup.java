package org.histods.cli.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.index.ContentIndex;
import org.histods.provenance.index.ContentIndex.Occurrence;
import org.histods.provenance.index.ContentIndex.Origin;
import org.histods.provenance.index.ContentIndex.Original;
import org.histods.provenance.index.ContentIndex.Stated;
import org.histods.provenance.index.SharedIndex;
import org.jspecify.annotations.Nullable;

/** Finds the dataset of a file by its content. Thread-safe. */
final class ContentLookup {

    /** Most matches listed for one file; a blank tile may occur ten thousand times. */
    private static final int MAX_LISTED = 100;

    private final Mirror mirror;
    private final ContentIndex index;
    private final Map<BagRef, String> licenses = new HashMap<>();

    ContentLookup(Mirror mirror, ContentIndex index) {
        this.mirror = mirror;
        this.index = index;
    }

    /**
     * Result of looking up one file.
     *
     * @param file as the user typed it
     * @param bytes its size
     * @param sha256 null if not computed, because the file is empty or no file in the mirror has its size
     * @param matches at most 100 files, and every archive
     * @param places the number of all matches
     */
    record Result(Path file, long bytes, @Nullable Checksum sha256, List<Match> matches, int places) {

        boolean known() {
            return places > 0;
        }

        boolean empty() {
            return bytes == 0;
        }
    }

    /**
     * A place with the same content, in the mirror or, if an imported index states it, in another one.
     *
     * @param id null for a kept archive that no dataset in the mirror came from
     * @param version null as {@code id}
     * @param path in the dataset's folder; for an archive its path at the source
     * @param archive whether it is an archive that the dataset was unpacked from
     * @param origin how it was fetched; null if not recorded
     * @param by who states it; null for a place in the mirror
     */
    record Match(
            @Nullable DatasetId id,
            @Nullable DatasetVersion version,
            String path,
            @Nullable String license,
            boolean archive,
            @Nullable Origin origin,
            SharedIndex.@Nullable Statement by) {

        @Nullable
        FetchRecord fetch() {
            return origin == null ? null : origin.fetch();
        }
    }

    /**
     * Looks up one file.
     *
     * @param file as the user typed it
     * @param at its path
     */
    Result of(Path file, Path at) throws Problem {
        try {
            long bytes = Files.size(at);
            if (!index.hasSize(bytes)) {
                return new Result(file, bytes, null, List.of(), 0);
            }
            Checksum sha256 = Hasher.sha256(at);
            List<Occurrence> places = index.find(sha256);
            List<Original> originals = index.originals(sha256);
            List<Match> matches = new ArrayList<>();
            for (Occurrence place : places.subList(0, Math.min(MAX_LISTED, places.size()))) {
                matches.add(match(place));
            }
            for (Original original : originals) {
                matches.add(match(original));
            }
            if (matches.isEmpty() && Files.exists(mirror.archive(sha256))) {
                matches.add(new Match(null, null, mirror.archive(sha256).toString(), null, true, null, null));
            }
            int unlisted = Math.max(0, places.size() - MAX_LISTED);
            if (matches.isEmpty()) {
                List<Stated> stated = index.stated(sha256);
                stated.stream().limit(MAX_LISTED).map(ContentLookup::match).forEach(matches::add);
                unlisted = Math.max(0, stated.size() - MAX_LISTED);
            }
            return new Result(file, bytes, sha256, matches, matches.size() + unlisted);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static Problem unreadable(Path file, IOException e) {
        Problem.Kind kind = e instanceof java.nio.file.NoSuchFileException ? Problem.Kind.USAGE : Problem.Kind.DISK;
        return new Problem(kind, "cannot read " + file + ": " + Problem.why(e), null, e);
    }

    private Match match(Occurrence place) throws Problem {
        Origin origin = index.origin(place).orElse(null);
        return new Match(
                place.bag().id(),
                place.bag().version(),
                place.path().text(),
                license(place.bag()),
                false,
                origin,
                null);
    }

    private Match match(Original original) throws Problem {
        return new Match(
                original.bag().id(),
                original.bag().version(),
                original.fetch().path(),
                license(original.bag()),
                true,
                new Origin(null, original.fetch()),
                null);
    }

    private static Match match(Stated stated) {
        return new Match(
                stated.id(), stated.version(), stated.path(), stated.license(), stated.archive(), null, stated.by());
    }

    private synchronized String license(BagRef bag) throws Problem {
        String license = licenses.get(bag);
        if (license == null) {
            license = Bag.read(bag).license();
            licenses.put(bag, license);
        }
        return license;
    }
}
