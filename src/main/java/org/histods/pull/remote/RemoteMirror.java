package org.histods.pull.remote;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.provenance.BagFile;
import org.histods.transport.Request;
import org.histods.transport.Transport;

/**
 * A mirror of others that has bags as files with URLs. Nothing that it says is trusted. Its {@code toString} is its URL as the
 * user writes it.
 */
public interface RemoteMirror {

    /**
     * The bag of that dataset and version; empty if the mirror does not have it.
     *
     * @throws Problem {@code NETWORK} if the mirror cannot be read, or what it says makes no sense; {@code PERSON} if it
     *     refuses
     */
    Optional<Offer> find(DatasetId id, DatasetVersion version, Transport transport) throws Problem;

    /**
     * Has the mirror pull a dataset that it lacks, and waits for that.
     *
     * @param note receives how far the mirror is
     * @return the bag; empty if the mirror does not do that
     * @throws Problem {@code NETWORK} if it fails, refuses, or takes too long
     */
    default Optional<Offer> obtain(DatasetId id, DatasetVersion version, Transport transport, Consumer<String> note)
            throws Problem {
        return Optional.empty();
    }

    /** A bag that the mirror says it has. */
    interface Offer {

        /** Its folder, with a slash at its end, for messages and records. */
        URI url();

        /** The mirror's name in records, such as the host. */
        String by();

        Fingerprint fingerprint();

        /** The globs that were pulled; empty for everything. */
        List<String> selection();

        /** What to do if the bag is damaged. */
        String advice();

        /** The content of a tag file, such as {@code manifest-sha256.txt}. */
        byte[] read(String path, int maxBytes, Transport transport) throws Problem;

        /** The URL of a file of the dataset. */
        URI file(BagFile file);

        /** A request for such a URL. */
        Request request(URI file);
    }
}
