package org.histods.source;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.FilePath;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;

/**
 * A kind of place where datasets live, such as Zenodo. It lists; it does not download, and it never touches the disk.
 * Immutable and safe to share between threads.
 *
 * <p>{@code docs/adding-a-source.md} shows how to write one; every one passes {@code SourceContract}.
 */
public interface Source {

    /** The word that manifests use for this kind, such as {@code zenodo}. */
    String kind();

    /**
     * The files of the record. Reads metadata only. Where the spec pins files, they are what is listed, with the
     * manifest's sizes and checksums, and no request is made unless an address cannot be built without one, or a file
     * has no checksum and the source a list that states it; where it pins none, the host is asked, and sizes and
     * checksums are what the host states.
     *
     * @return never empty
     * @throws Problem {@code PERSON} if somebody must log in or bring files; {@code NETWORK} if the host cannot be
     *     asked or has no such record; {@code UPSTREAM_CHANGED} if the record is another than the one pinned;
     *     {@code WRONG_BYTES} if the host names a file so that it would leave the dataset's folder; {@code USAGE} if
     *     the spec has not the form that this kind needs
     */
    List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem;

    /**
     * Where the pinned files lie among pieces whose sums the source states, by their path in the dataset: so that those
     * that a person brings can be compared too, also where the source itself cannot give them.
     *
     * @return empty where it states none
     * @throws Problem as {@link #resolve}
     */
    default Map<FilePath, RemoteFile.Span> spans(SourceSpec spec, Transport transport) throws Problem {
        return Map.of();
    }

    /**
     * Opens one address of a file, from the byte {@code from} to the byte {@code to}, inclusive; -1 is the end. The
     * default is a plain GET. Override it only where that is not enough: an address that must be traded for a signed
     * one, a form to confirm. Called again for each resume, so that an expired address is renewed.
     *
     * @param ifRange validator of the bytes already there, null if unknown
     * @throws Problem as {@link Transport#open}
     */
    default Response open(
            RemoteFile file,
            URI uri,
            long from,
            long to,
            @org.jspecify.annotations.Nullable String ifRange,
            Transport transport)
            throws Problem {
        return transport.open(Request.get(uri).range(from, to).ifRange(ifRange));
    }

    /**
     * The file that a small file of an unpacked archive stands for, as the pointers of Git LFS do.
     *
     * @param archive where it came from, as this source listed it
     * @param member its name in the archive
     * @param path where it lies in the dataset
     * @param content all of it
     * @return the file that belongs in its place, with what the pointer states of it; empty for what is data itself
     */
    default Optional<RemoteFile> pointed(RemoteFile archive, String member, FilePath path, byte[] content) {
        return Optional.empty();
    }
}
