package org.histods.source.s3;

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
import org.histods.source.listing.SourceProblems;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A public bucket of S3, read without an account. Options: {@code region}, and {@code endpoint} for another S3 server.
 * A checksum list of the source is read for files without a checksum in the manifest.
 */
public final class S3Source implements Source {

    @Override
    public String kind() {
        return "s3";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "\\b(s3://[a-z0-9][a-z0-9.-]{2,}(?:/[^\\s\"'<>{}$`*),;]*)?)",
                "$",
                "\\b(https?://[a-z0-9.-]+\\.s3[.-][a-z0-9.-]*amazonaws\\.com/[^\\s\"'<>{}$`*),;]*)",
                "$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return S3Describer.describe(url, transport);
    }

    /** Object stores serve many ranges at once. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "*.amazonaws.com", new HostPolicy(16, 0, 16),
                "*.wasabisys.com", new HostPolicy(16, 0, 16));
    }

    @Override
    public List<String> hostsWithoutCredentials() {
        return List.of("amazonaws.com", "cloudfront.net");
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        S3Bucket bucket = S3Bucket.of(spec);
        BucketFiles files = new BucketFiles(spec, bucket, transport);
        return spec.files().isEmpty() ? listed(spec, bucket, files, transport) : files.pinned();
    }

    private static List<RemoteFile> listed(
            SourceSpec spec, S3Bucket bucket, BucketFiles bucketFiles, Transport transport) throws Problem {
        FileListing listing = new FileListing(spec, bucket.subject());
        Set<String> listedPaths = new HashSet<>();
        try (S3Pages pages = new S3Pages(bucket, bucket.prefix(), true, transport)) {
            while (pages.more()) {
                for (S3Page.Item item : pages.next()) {
                    if (item.folder()) {
                        continue;
                    }
                    String path = item.key().substring(bucket.prefix().length());
                    listedPaths.add(path);
                    if (item.archived() && listing.keeps(path)) {
                        throw archived(bucket.subject() + ": " + path, List.of(), null);
                    }
                    listing.add(path, List.of(bucket.object(item.key())), item.bytes(), item.checksums());
                }
            }
        }
        return bucketFiles.withChecksums(listing.files(), listedPaths);
    }

    private static Problem archived(String what, List<Problem.Attempt> attempts, @Nullable Throwable cause) {
        return new Problem(
                Kind.PERSON,
                what + " is archived: the owner of the bucket must restore it before it can be read",
                "ask the owner, use another source, or leave it out with exclude",
                attempts,
                cause);
    }

    /** Asks Amazon for the checksum of the upload, which it states only for the whole file. */
    @Override
    public Request request(URI uri) {
        Request request = Request.get(uri);
        return String.valueOf(uri.getHost()).endsWith(".amazonaws.com")
                ? request.with("x-amz-checksum-mode", "ENABLED")
                : request;
    }

    @Override
    public Problem explained(RemoteFile file, URI uri, Problem problem, Transport transport) {
        if (SourceProblems.mentions(problem, "storage class")) {
            return archived(file.uri().toString(), problem.attempts(), problem);
        }
        if (SourceProblems.mentions(problem, "specified endpoint")
                || SourceProblems.mentions(problem, "PermanentRedirect")) {
            return SourceProblems.withMessage(
                    problem,
                    file.path() + ": the bucket is in another region: " + problem.message(),
                    "put its region into options.region");
        }
        if (problem.kind() != Kind.PERSON) {
            return problem;
        }
        return SourceProblems.withMessage(
                problem,
                file.path() + ": the bucket does not allow public access to " + file.uri() + ": " + problem.message(),
                "the file may not exist, or it may be in a requester-pays bucket: then copy it with the host's own tools and pass"
                        + " it with --from");
    }
}
