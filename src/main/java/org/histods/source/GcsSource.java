package org.histods.source;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.histods.manifest.PinnedFile;
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
        return spec.files().isEmpty() ? listed(spec, bucket, transport) : pinned(spec, bucket, transport);
    }

    private static List<RemoteFile> pinned(SourceSpec spec, GcsBucket bucket, Transport transport) throws Problem {
        Pinned.noFolders(spec);
        List<RemoteFile> files = new ArrayList<>();
        boolean bare = false;
        for (PinnedFile file : spec.files()) {
            files.add(Pinned.remote(spec, file, List.of(address(spec, bucket, file))));
            bare |= file.sums().isEmpty();
        }
        String list = spec.checksumList();
        return list == null || !bare
                ? files
                : sums(spec, bucket, list, transport).addTo(files);
    }

    private static URI address(SourceSpec spec, GcsBucket bucket, PinnedFile file) throws Problem {
        String name = Pinned.name(file);
        String here = "gs://" + bucket.bucket() + "/";
        if (name.startsWith(here)) {
            return bucket.object(name.substring(here.length()));
        }
        return Pinned.hasUrl(file) ? Pinned.url(spec, file) : bucket.object(bucket.prefix() + name);
    }

    private static List<RemoteFile> listed(SourceSpec spec, GcsBucket bucket, Transport transport) throws Problem {
        Listing listing = new Listing(spec, bucket.subject());
        Set<String> there = new HashSet<>();
        for (GcsBucket.Item item : bucket.items(bucket.prefix(), transport)) {
            if (!item.folder()) {
                String path = item.name().substring(bucket.prefix().length());
                there.add(path);
                listing.add(path, List.of(bucket.object(item.name())), item.bytes(), item.sums());
            }
        }
        List<RemoteFile> files = listing.files();
        String list = spec.checksumList();
        if (list == null) {
            return files;
        }
        PublishedSums sums = sums(spec, bucket, list, transport);
        sums.allIn(there, bucket.subject());
        return sums.addTo(files);
    }

    private static PublishedSums sums(SourceSpec spec, GcsBucket bucket, String list, Transport transport)
            throws Problem {
        try {
            URI uri = list.contains("://") ? Pinned.webAddress(list) : bucket.object(bucket.prefix() + list);
            return PublishedSums.fetch(spec, list, uri, transport);
        } catch (IllegalArgumentException e) {
            throw Pinned.fault(spec, "checksum-list", String.valueOf(e.getMessage()));
        }
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
