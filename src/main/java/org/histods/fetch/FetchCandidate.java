package org.histods.fetch;

import java.net.URI;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.jspecify.annotations.Nullable;

/**
 * One place to fetch a file from.
 *
 * @param source how it is opened
 * @param record the address of the record at that source, for the provenance
 * @param file what is there
 * @param brought the name of the file that a person brought, without its folder; null for a host's
 */
public record FetchCandidate(
        Source source,
        String record,
        RemoteFile file,
        @Nullable String brought) {

    /** A file at a host. */
    public FetchCandidate(Source source, String record, RemoteFile file) {
        this(source, record, file, null);
    }

    /** What an attempt at that address names: the address, or only the name of a file that a person brought. */
    String shown(URI uri) {
        return brought == null ? uri.toString() : brought;
    }

    /** Who gave the bytes, for messages: the host, or the file that a person brought. */
    String giver(URI uri) {
        return brought != null ? brought : uri.getHost() == null ? uri.toString() : uri.getHost();
    }

    /** For messages: the kind and the host, such as {@code zenodo (zenodo.org)}. */
    public String shown() {
        URI uri = file.uri();
        return source.kind() + (uri.getHost() == null ? "" : " (" + uri.getHost() + ")");
    }
}
