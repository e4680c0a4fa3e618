package org.histods.source.listing;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.transport.Transport;

/** The files of a folder of a bucket, with the checksum list that may be among them. */
public final class BucketFiles {

    private final SourceSpec spec;
    private final Bucket bucket;
    private final Transport transport;

    /** A folder of a bucket. */
    public interface Bucket {

        /** The start of its objects' names; empty for the whole bucket, else ends with a slash. */
        String prefix();

        /** As a manifest writes it, such as {@code s3://bucket/prefix/}. */
        String subject();

        /** The URL of an object, by its full name. */
        URI object(String name);
    }

    public BucketFiles(SourceSpec spec, Bucket bucket, Transport transport) {
        this.spec = spec;
        this.bucket = bucket;
        this.transport = transport;
    }

    /** The pinned files. The checksum list is read only if one of them has no checksum. */
    public List<RemoteFile> pinned() throws Problem {
        PinnedFiles.noFolders(spec);
        List<RemoteFile> files = new ArrayList<>();
        boolean bare = false;
        for (PinnedFile file : spec.files()) {
            files.add(PinnedFiles.remote(spec, file, List.of(url(file))));
            bare |= file.checksums().isEmpty();
        }
        String list = spec.listing().checksumList();
        return list == null || !bare ? files : checksums(list).addTo(files);
    }

    private URI url(PinnedFile file) throws Problem {
        String name = PinnedFiles.name(file);
        String here = bucket.subject()
                .substring(0, bucket.subject().length() - bucket.prefix().length());
        if (name.startsWith(here)) {
            return bucket.object(name.substring(here.length()));
        }
        return PinnedFiles.hasUrl(file) ? PinnedFiles.url(spec, file) : bucket.object(bucket.prefix() + name);
    }

    /**
     * Adds the checksums of the list to listed files.
     *
     * @param listedPaths all paths in the folder, of which the files may be a selection
     */
    public List<RemoteFile> withChecksums(List<RemoteFile> files, Set<String> listedPaths) throws Problem {
        String list = spec.listing().checksumList();
        if (list == null) {
            return files;
        }
        PublishedChecksums checksums = checksums(list);
        checksums.allIn(listedPaths, bucket.subject());
        return checksums.addTo(files);
    }

    private PublishedChecksums checksums(String list) throws Problem {
        try {
            URI uri = list.contains("://") ? PinnedFiles.webAddress(list) : bucket.object(bucket.prefix() + list);
            return PublishedChecksums.fetch(spec, list, uri, transport);
        } catch (IllegalArgumentException e) {
            throw PinnedFiles.fault(spec, "checksum-list", String.valueOf(e.getMessage()));
        }
    }
}
