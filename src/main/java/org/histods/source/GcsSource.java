package org.histods.source;

import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.transport.Answer;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A public bucket of Google Cloud Storage, read without an account. A checksum list of the source is read where it says
 * what the manifest does not.
 */
final class GcsSource implements Source {

    @Override
    public String kind() {
        return "gcs";
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        GcsBucket bucket = GcsBucket.of(spec);
        BucketFiles files = new BucketFiles(spec, bucket, transport);
        return spec.files().isEmpty() ? listed(spec, bucket, files, transport) : files.pinned();
    }

    private static List<RemoteFile> listed(
            SourceSpec spec, GcsBucket bucket, BucketFiles bucketFiles, Transport transport) throws Problem {
        Listing listing = new Listing(spec, bucket.subject());
        Set<String> there = new HashSet<>();
        for (GcsBucket.Item item : bucket.items(bucket.prefix(), transport)) {
            if (!item.folder()) {
                String path = item.name().substring(bucket.prefix().length());
                there.add(path);
                listing.add(path, List.of(bucket.object(item.name())), item.bytes(), item.sums());
            }
        }
        return bucketFiles.withSums(listing.files(), there);
    }

    /** A plain GET. Says what a refusal means. */
    @Override
    public Answer open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        try {
            return transport.open(Request.get(uri).range(from, to).ifRange(ifRange));
        } catch (Problem problem) {
            throw GcsBucket.explained(file.path().text(), problem);
        }
    }
}
