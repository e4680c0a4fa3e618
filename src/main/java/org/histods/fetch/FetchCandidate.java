package org.histods.fetch;

import java.net.URI;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.jspecify.annotations.Nullable;

/**
 * One place to fetch a file from.
 *
 * @param source opens the file
 * @param record the URL of the record at that source, for the provenance
 * @param file the file there
 * @param localName the name of a local file that the user gave, without its folder; null for a host's file
 */
public record FetchCandidate(
        Source source,
        String record,
        RemoteFile file,
        @Nullable String localName) {

    /** A file at a host. */
    public FetchCandidate(Source source, String record, RemoteFile file) {
        this(source, record, file, null);
    }

    /** The text for an attempt at that URL: the URL, or only the name of a local file. */
    String shown(URI uri) {
        return localName == null ? uri.toString() : localName;
    }

    /** The origin of the bytes, for messages: the host, or the local file. */
    String sender(URI uri) {
        return localName != null ? localName : uri.getHost() == null ? uri.toString() : uri.getHost();
    }

    /** For messages: the kind and the host, such as {@code zenodo (zenodo.org)}. */
    public String shown() {
        URI uri = file.uri();
        return source.kind() + (uri.getHost() == null ? "" : " (" + uri.getHost() + ")");
    }
}
