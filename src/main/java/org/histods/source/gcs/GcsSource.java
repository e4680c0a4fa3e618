package org.histods.source.gcs;

import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.BucketFiles;
import org.histods.source.listing.FileListing;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A public bucket of Google Cloud Storage, read without an account. A checksum list of the source is read for files
 * without a checksum in the manifest.
 */
public final class GcsSource implements Source {

    @Override
    public String kind() {
        return "gcs";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "\\b(gs://[a-z0-9][\\w.-]{2,}(?:/[^\\s\"'<>{}$`*),;]*)?)",
                "$",
                "\\b(https?://storage\\.googleapis\\.com/[^\\s\"'<>{}$`*),;]+)",
                "$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return GcsDescriber.describe(url, transport);
    }

    /** Object stores serve many ranges at once. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "storage.googleapis.com", new HostPolicy(16, 0, 16),
                "*.storage.googleapis.com", new HostPolicy(16, 0, 16));
    }

    @Override
    public List<String> hostsWithoutCredentials() {
        return List.of("googleapis.com");
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        GcsBucket bucket = GcsBucket.of(spec);
        BucketFiles files = new BucketFiles(spec, bucket, transport);
        return spec.files().isEmpty() ? listed(spec, bucket, files, transport) : files.pinned();
    }

    private static List<RemoteFile> listed(
            SourceSpec spec, GcsBucket bucket, BucketFiles bucketFiles, Transport transport) throws Problem {
        FileListing listing = new FileListing(spec, bucket.subject());
        Set<String> listedPaths = new HashSet<>();
        for (GcsBucket.Item item : bucket.items(bucket.prefix(), transport)) {
            if (!item.folder()) {
                String path = item.name().substring(bucket.prefix().length());
                listedPaths.add(path);
                listing.add(path, List.of(bucket.object(item.name())), item.bytes(), item.checksums());
            }
        }
        return bucketFiles.withChecksums(listing.files(), listedPaths);
    }

    /**
     * A plain GET that explains refusals. Google decompresses an object that is stored with the content coding gzip, unless
     * the compressed bytes are requested. Its size and checksums are those of the compressed bytes, which are requested if
     * the name of the file ends as that of a gzip file.
     */
    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        try {
            Request request = Request.get(uri).range(from, to).ifRange(ifRange);
            Response response = transport.open(request);
            boolean statedByGoogle =
                    file.checksums().stream().anyMatch(checksum -> checksum.by().equals(GcsBucket.BY));
            if (!decompressed(response) || !statedByGoogle) {
                return response;
            }
            close(response, file);
            if (GcsBucket.namedGzip(file.path().name())) {
                return transport.open(request.with("Accept-Encoding", "gzip"));
            }
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    file.path()
                            + ": Google Cloud Storage stores it compressed with gzip and decompresses it for the transfer; the"
                            + " published size and checksum are of the compressed bytes, so it cannot be verified",
                    "pin it without size and checksum: it is then stored decompressed, with a computed checksum");
        } catch (Problem problem) {
            throw GcsBucket.explained(file.path().text(), problem);
        }
    }

    private static boolean decompressed(Response response) {
        return response.coding().isEmpty()
                && response.header("x-goog-stored-content-encoding")
                        .filter("gzip"::equals)
                        .isPresent();
    }

    private static void close(Response response, RemoteFile file) throws Problem {
        try {
            response.close();
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, Problem.because(file.path() + " cannot be requested again", e));
        }
    }
}
