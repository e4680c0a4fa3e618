package org.histods.cli.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.index.ContentIndex;
import org.histods.provenance.index.ContentIndex.Coming;
import org.histods.provenance.index.ContentIndex.Original;
import org.histods.provenance.index.ContentIndex.Place;
import org.jspecify.annotations.Nullable;

/** Finds the dataset of a file by its content. For use by several threads. */
final class ContentLookup {

    /** A blank tile may have ten thousand twins; nobody reads as many. */
    static final int LISTED = 100;

    private final Mirror mirror;
    private final ContentIndex index;
    private final Map<BagRef, String> licenses = new HashMap<>();

    ContentLookup(Mirror mirror, ContentIndex index) {
        this.mirror = mirror;
        this.index = index;
    }

    /**
     * What is known of a file.
     *
     * @param file as it was named
     * @param bytes its size
     * @param sha256 null where it was not computed: no file in the mirror has its size, or it is empty
     * @param matches at most {@link #LISTED} files, and every archive
     * @param places how many matches there are
     */
    record Answer(Path file, long bytes, @Nullable Checksum sha256, List<Match> matches, int places) {

        boolean known() {
            return places > 0;
        }

        boolean empty() {
            return bytes == 0;
        }
    }

    /**
     * One place where the mirror has the content.
     *
     * @param bag null for an archive that is kept while no dataset in the mirror came from it
     * @param path below the dataset's folder; for an archive its path at the source
     * @param archive whether it is an archive that the dataset was unpacked from
     * @param coming how it came, where the record says it
     */
    record Match(
            @Nullable BagRef bag,
            String path,
            @Nullable String license,
            boolean archive,
            @Nullable Coming coming) {

        @Nullable
        FetchRecord fetch() {
            return coming == null ? null : coming.fetch();
        }
    }

    /**
     * Looks one file up.
     *
     * @param file as it was named
     * @param at where it is
     */
    Answer of(Path file, Path at) throws Problem {
        try {
            long bytes = Files.size(at);
            if (!index.hasSize(bytes)) {
                return new Answer(file, bytes, null, List.of(), 0);
            }
            Checksum sum = Hasher.sha256(at);
            List<Place> places = index.find(sum);
            List<Original> originals = index.originals(sum);
            List<Match> matches = new ArrayList<>();
            for (Place place : places.subList(0, Math.min(LISTED, places.size()))) {
                matches.add(match(place));
            }
            for (Original original : originals) {
                matches.add(match(original));
            }
            if (matches.isEmpty() && Files.exists(mirror.archive(sum))) {
                matches.add(new Match(null, mirror.archive(sum).toString(), null, true, null));
            }
            int left = Math.max(0, places.size() - LISTED);
            return new Answer(file, bytes, sum, matches, matches.size() + left);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static Problem unreadable(Path file, IOException e) {
        Problem.Kind kind = e instanceof java.nio.file.NoSuchFileException ? Problem.Kind.USAGE : Problem.Kind.DISK;
        return new Problem(kind, "cannot read " + file + ": " + Problem.why(e), null, List.of(), e);
    }

    private Match match(Place place) throws Problem {
        Coming coming = index.coming(place).orElse(null);
        return new Match(place.bag(), place.path().text(), license(place.bag()), false, coming);
    }

    private Match match(Original original) throws Problem {
        return new Match(
                original.bag(),
                original.fetch().path(),
                license(original.bag()),
                true,
                new Coming(null, original.fetch()));
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
