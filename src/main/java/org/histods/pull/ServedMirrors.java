package org.histods.pull;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.provenance.MirrorListing;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Mirrors that {@code histods serve} serves, where a pull looks before it asks a dataset's own sources.
 *
 * @param urls each with a slash at its end, in the order in which they are asked
 * @param expected the fingerprint that a bag must have to be used; null for any
 */
public record ServedMirrors(List<URI> urls, @Nullable Fingerprint expected) {

    /** No mirrors. */
    public static final ServedMirrors NONE = new ServedMirrors(List.of(), null);

    private static final int MAX_BYTES = 64 << 20;

    public ServedMirrors {
        urls = List.copyOf(urls);
    }

    /**
     * The bags of that dataset and version that can be used, best first.
     *
     * @param note receives why a mirror is not used
     */
    List<ServedBag> find(PullRequest request, DatasetVersion version, Transport transport, Consumer<String> note)
            throws Problem {
        List<ServedBag> bags = new ArrayList<>();
        for (URI mirror : urls) {
            try {
                Optional<String> why = offer(mirror, request, version, transport, bags);
                why.ifPresent(reason -> note.accept("the mirror " + mirror + " is not used: " + reason));
            } catch (Problem p) {
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    throw p;
                }
                note.accept("the mirror " + mirror + " is not used: " + p.message());
            }
        }
        return bags;
    }

    /** Adds the bag of a mirror; the result says why there is none. */
    private Optional<String> offer(
            URI mirror, PullRequest request, DatasetVersion version, Transport transport, List<ServedBag> bags)
            throws Problem {
        String id = request.manifest().manifest().id().text();
        MirrorListing listing;
        try {
            Request question = Request.get(mirror.resolve("mirror.json")).allowUnencrypted();
            listing = MirrorListing.read(transport.read(question, MAX_BYTES));
        } catch (IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
        for (MirrorListing.Entry bag : listing.bags()) {
            if (!id.equals(bag.id()) || !version.text().equals(bag.version())) {
                continue;
            }
            if (!bag.selection().isEmpty()) {
                return Optional.of("it has only a part of " + id + " " + version);
            }
            Fingerprint fingerprint;
            URI url;
            try {
                fingerprint = new Fingerprint(bag.fingerprint());
                url = mirror.resolve(bag.path());
            } catch (IllegalArgumentException e) {
                return Optional.of("what it lists cannot be read: " + e.getMessage());
            }
            if (expected != null && !expected.equals(fingerprint)) {
                return Optional.of("its " + id + " " + version + " has another fingerprint than the lock");
            }
            if (!url.toString().startsWith(mirror.toString()) || !url.toString().endsWith("/")) {
                return Optional.of("its " + id + " " + version + " is at another place: " + url);
            }
            bags.add(new ServedBag(url, fingerprint, request.manifest().manifest()));
            return Optional.empty();
        }
        return Optional.of("it does not have " + id + " " + version);
    }
}
