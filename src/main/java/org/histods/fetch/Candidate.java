package org.histods.fetch;

import java.net.URI;
import org.histods.source.RemoteFile;
import org.histods.source.Source;

/**
 * One place to fetch a file from.
 *
 * @param source how it is opened
 * @param record the address of the record at that source, for the provenance
 * @param file what is there
 */
public record Candidate(Source source, String record, RemoteFile file) {

    /** For messages: the kind and the host, such as {@code zenodo (zenodo.org)}. */
    public String shown() {
        URI uri = file.uri();
        return source.kind() + (uri.getHost() == null ? "" : " (" + uri.getHost() + ")");
    }
}
