package org.histods.source;

import java.net.URI;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.transport.Transport;

/** Writes the first draft of a manifest's source from an address that a person found, for kinds where that can be done. */
public interface RecordDescriber {

    /**
     * What the host says of the record at that address, with its files pinned as the host states them.
     *
     * @return empty if the address is not of this kind; then nothing was asked, or what was asked did not fit
     * @throws Problem as {@link Source#resolve}
     */
    Optional<RecordDescription> describe(URI address, Transport transport) throws Problem;
}
