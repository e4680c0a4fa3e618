package org.histods.pull;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.provenance.BagFile;
import org.histods.provenance.MirrorListing;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;

/** A mirror that {@code histods serve} serves. */
public final class ServedMirrorClient implements RemoteMirror {

    private static final int MAX_BYTES = 64 << 20;

    private final URI mirror;

    /** @param mirror its URL, with a slash at its end */
    public ServedMirrorClient(URI mirror) {
        this.mirror = mirror;
    }

    @Override
    public Optional<Offer> find(DatasetId id, DatasetVersion version, Transport transport) throws Problem {
        Request question = Request.get(mirror.resolve("mirror.json")).allowUnencrypted();
        try {
            for (MirrorListing.Entry bag :
                    MirrorListing.read(transport.read(question, MAX_BYTES)).bags()) {
                if (id.text().equals(bag.id()) && version.text().equals(bag.version())) {
                    return Optional.of(
                            new Served(folder(bag), new Fingerprint(bag.fingerprint()), bag.selection(), id));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    "what it lists cannot be read: " + e.getMessage(),
                    "check the URL of the mirror",
                    List.of(),
                    e);
        }
    }

    private URI folder(MirrorListing.Entry bag) {
        URI url = mirror.resolve(bag.path());
        if (!url.toString().startsWith(mirror.toString()) || !url.toString().endsWith("/")) {
            throw new IllegalArgumentException("its " + bag.id() + " is at another place: " + url);
        }
        return url;
    }

    @Override
    public String toString() {
        return mirror.toString();
    }

    private record Served(URI url, Fingerprint fingerprint, List<String> selection, DatasetId id) implements Offer {

        @Override
        public String by() {
            return url.getAuthority();
        }

        @Override
        public String advice() {
            return "tell the owner of that mirror to run `histods verify " + id + "`";
        }

        @Override
        public byte[] read(String path, int maxBytes, Transport transport) throws Problem {
            return transport.read(request(url.resolve(UrlEncoding.path(path))), maxBytes);
        }

        @Override
        public URI file(BagFile file) {
            return url.resolve("data/" + UrlEncoding.path(file.path().text()));
        }

        /** A plain GET of a URL that the user gave. */
        @Override
        public Request request(URI file) {
            return Request.get(file).allowUnencrypted();
        }
    }
}
