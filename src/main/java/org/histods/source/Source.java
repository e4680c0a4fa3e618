package org.histods.source;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.credentials.LoginService;
import org.histods.digest.FilePath;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A kind of place that datasets are published at, such as Zenodo, with everything that histods knows about its hosts. A
 * source lists files; it does not download them and never touches the disk. Immutable and thread-safe.
 *
 * <p>{@code docs/adding-a-source.md} explains how to write one. Every source passes {@code SourceContract}.
 */
public interface Source {

    /** The name of this kind in manifests, such as {@code zenodo}. */
    String kind();

    /**
     * Lists the files of a record. Reads metadata only. If the spec pins files, the result is these files with the sizes
     * and checksums of the manifest, and no request is made unless a URL cannot be built without one, or a file without
     * a checksum is covered by the spec's checksum list. If the spec pins no files, the host is asked, and the sizes and
     * checksums are the host's.
     *
     * @return never empty
     * @throws Problem {@code PERSON} if a user must log in or download by hand; {@code NETWORK} if the host cannot be
     *     reached or has no such record; {@code UPSTREAM_CHANGED} if the record differs from the pinned one;
     *     {@code WRONG_BYTES} if the host lists an unsafe file name; {@code USAGE} if the spec is not valid for this kind
     */
    List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem;

    /**
     * Lists the wanted files of a record, and others where that costs no request.
     *
     * @return empty only if nothing is wanted
     * @throws Problem as {@link #resolve(SourceSpec, Transport)}
     */
    default List<RemoteFile> resolve(SourceSpec spec, Narrowing wanted, Transport transport) throws Problem {
        return resolve(spec, transport);
    }

    /**
     * Describes the record at a URL, with its files pinned as the host states them. Used to draft manifests.
     *
     * @return empty if the URL is not of this kind
     * @throws Problem as {@link #resolve}
     */
    default Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return Optional.empty();
    }

    /** The landing page of a DOI that contains this host's own record id; empty for every other DOI. Makes no request. */
    default Optional<URI> landing(String doi) {
        return Optional.empty();
    }

    /** Whether only a person can get the files, so that no host is asked. */
    default boolean byHand() {
        return false;
    }

    /**
     * The source in the form in which its host states all files as they are today; the result pins none. Used to compare a
     * manifest with its host.
     *
     * @return empty if the host has no listing, so that each pinned file must be asked for
     */
    default Optional<SourceSpec> unpinned(SourceSpec spec) {
        return Optional.of(spec.withFiles(List.of()));
    }

    /**
     * The URL that {@link #describe} understands as the newest version of the record, or as its current place. Makes no
     * request.
     *
     * @return empty if records of this kind have neither versions nor other places
     */
    default Optional<URI> newest(SourceSpec spec) {
        return Optional.empty();
    }

    /** Request limits by host. A key is a host name, or {@code *.} and a domain for every host below that domain. */
    default Map<String, HostPolicy> policies() {
        return Map.of();
    }

    /** The service that {@code histods login} stores credentials for; empty if this kind needs none. */
    default Optional<LoginService> loginService() {
        return Optional.empty();
    }

    /**
     * Hosts that accept no user credentials, with all hosts below them: their files are public, or protected by signed
     * URLs.
     */
    default List<String> hostsWithoutCredentials() {
        return List.of();
    }

    /** Forms of the hosts' URLs that no longer work, with what to write in a manifest instead. */
    default Map<Pattern, String> oldUrls() {
        return Map.of();
    }

    /**
     * What is wrong with the DOI of a dataset in a manifest, such as that it leads to another version than the sources.
     *
     * @return empty if nothing is wrong, or if the DOI is not of this kind
     */
    default Optional<String> doiFault(String doi, List<SourceSpec> sources) {
        return Optional.empty();
    }

    /**
     * Texts that identify a record in code or prose: DOIs, URLs without their scheme, file ids. The audit searches for
     * them. URLs that the spec itself contains need not be repeated.
     */
    default List<String> links(SourceSpec spec) {
        return List.of();
    }

    /**
     * How code refers to data of this kind: in URLs, DOIs and calls of download tools. The audit reports such data if no
     * manifest has it.
     *
     * @return by regular expression, whose first group is the part that varies, a URL or DOI for {@link #describe} with
     *     {@code $} for that part
     */
    default Map<String, String> codePatterns() {
        return Map.of();
    }

    /**
     * The position of each pinned file in the pieces of a torrent, by path in the dataset. Used to verify local files
     * when the source itself cannot provide them.
     *
     * @return empty if the source publishes no piece hashes
     * @throws Problem as {@link #resolve}
     */
    default Map<FilePath, RemoteFile.Span> spans(SourceSpec spec, Transport transport) throws Problem {
        return Map.of();
    }

    /**
     * Opens one URL of a file from byte {@code from} to byte {@code to}, inclusive; -1 means the end. Override it only if a
     * {@link #request} is not enough, such as for a URL that must be exchanged for a signed one. Called again for each
     * resume, so that expired URLs are renewed.
     *
     * @param ifRange validator of the bytes already stored; null if unknown
     * @throws Problem as {@link Transport#open}
     */
    default Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        try {
            return transport.open(request(uri).range(from, to).ifRange(ifRange));
        } catch (Problem problem) {
            throw explained(file, uri, problem, transport);
        }
    }

    /** The request for all of a file at one of its URLs. */
    default Request request(URI uri) {
        return Request.get(uri);
    }

    /** A problem with opening a file, with what this kind of host means by it. */
    default Problem explained(RemoteFile file, URI uri, Problem problem, Transport transport) {
        return problem;
    }

    /**
     * The remote file that a small file of an unpacked archive points to, such as a Git LFS pointer.
     *
     * @param archive the archive, as this source listed it
     * @param member the file's name in the archive
     * @param path the file's path in the dataset
     * @param content the whole content of the pointer
     * @return the file to put in its place; empty if the file is not a pointer
     */
    default Optional<RemoteFile> resolvePointer(RemoteFile archive, String member, FilePath path, byte[] content) {
        return Optional.empty();
    }
}
