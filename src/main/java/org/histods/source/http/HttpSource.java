package org.histods.source.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.PublishedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Plain files on a web server, each pinned by its URL, or by a path below the record, which then is a URL with a slash at
 * its end. Without pinned files, a folder that the server lists as a page with links.
 */
public final class HttpSource implements Source {

    @Override
    public String kind() {
        return "http";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "\\b(https?://[^\\s\"'<>{}$`*),;]+\\.(?:zip|tar\\.[a-z0-9]+|tar|tgz|7z|rar|svs|ndpi|mrxs|tiff?|h5|hdf5|npz|npy|parquet)(?:\\?[^\\s\"'<>]*)?)(?![\\w/])",
                "$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return HttpDescriber.describe(url, transport);
    }

    /** Web servers that serve datasets and need more care than the default policy. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of("warwick.ac.uk", new HostPolicy(2, 0, 1));
    }

    /** Files of web servers are asked for one by one. */
    @Override
    public Optional<SourceSpec> unpinned(SourceSpec spec) {
        return spec.files().isEmpty() ? Optional.of(spec) : Optional.empty();
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        URI base = base(spec);
        if (spec.files().isEmpty()) {
            return listed(spec, base, transport);
        }
        PinnedFiles.noFolders(spec);
        List<RemoteFile> files = new ArrayList<>();
        boolean bare = false;
        for (PinnedFile file : spec.files()) {
            files.add(PinnedFiles.remote(spec, file, List.of(url(spec, base, file))));
            bare |= file.checksums().isEmpty();
        }
        String list = spec.listing().checksumList();
        if (list == null || !bare) {
            return files;
        }
        return PublishedChecksums.fetch(spec, list, listAddress(spec, base, list), transport)
                .addTo(files);
    }

    private static List<RemoteFile> listed(SourceSpec spec, @Nullable URI base, Transport transport) throws Problem {
        if (base == null) {
            throw PinnedFiles.fault(
                    spec, "record", "without pinned files it must be the URL of a folder and end with a slash");
        }
        HttpFolder folder = new HttpFolder(base, transport);
        FileListing listing = new FileListing(spec, folder.subject());
        folder.addTo(listing);
        List<RemoteFile> files = listing.files();
        String list = spec.listing().checksumList();
        return list == null
                ? files
                : PublishedChecksums.fetch(spec, list, listAddress(spec, base, list), transport)
                        .addTo(files);
    }

    /** The manifest may name an unencrypted URL. */
    @Override
    public Request request(URI uri) {
        return Request.get(uri).allowUnencrypted();
    }

    private static @Nullable URI base(SourceSpec spec) throws Problem {
        if (!spec.record().endsWith("/")) {
            return null;
        }
        try {
            return PinnedFiles.webAddress(spec.record());
        } catch (IllegalArgumentException e) {
            throw PinnedFiles.fault(spec, "record", String.valueOf(e.getMessage()));
        }
    }

    private static URI url(SourceSpec spec, @Nullable URI base, PinnedFile file) throws Problem {
        if (PinnedFiles.hasUrl(file)) {
            return PinnedFiles.url(spec, file);
        }
        if (base == null) {
            throw PinnedFiles.fault(
                    spec, file, "at", "has no URL: give one, or make the record a URL that ends with a slash");
        }
        return URI.create(base + UrlEncoding.path(PinnedFiles.name(file)));
    }

    private static URI listAddress(SourceSpec spec, @Nullable URI base, String list) throws Problem {
        try {
            if (list.contains("://")) {
                return PinnedFiles.webAddress(list);
            }
        } catch (IllegalArgumentException e) {
            throw PinnedFiles.fault(spec, "checksum-list", String.valueOf(e.getMessage()));
        }
        if (base == null) {
            throw PinnedFiles.fault(spec, "checksum-list", "has no URL");
        }
        return URI.create(base + UrlEncoding.path(list));
    }
}
