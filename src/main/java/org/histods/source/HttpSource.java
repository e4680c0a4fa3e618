package org.histods.source;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Plain files on a web server. Nobody can be asked what there is, so the manifest pins each file, by its own address
 * or by a path below the record, which then is an address that ends with a slash.
 */
final class HttpSource implements Source {

    @Override
    public String kind() {
        return "http";
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        if (spec.files().isEmpty()) {
            throw Pinned.fault(spec, "files", "a plain web server cannot be asked what it has; pin the files");
        }
        Pinned.noFolders(spec);
        URI base = base(spec);
        List<RemoteFile> files = new ArrayList<>();
        boolean bare = false;
        for (PinnedFile file : spec.files()) {
            files.add(Pinned.remote(spec, file, List.of(address(spec, base, file))));
            bare |= file.sums().isEmpty();
        }
        String list = spec.checksumList();
        if (list == null || !bare) {
            return files;
        }
        return PublishedSums.fetch(spec, list, listAddress(spec, base, list), transport)
                .addTo(files);
    }

    private static @Nullable URI base(SourceSpec spec) throws Problem {
        if (!spec.record().endsWith("/")) {
            return null;
        }
        try {
            return Pinned.webAddress(spec.record());
        } catch (IllegalArgumentException e) {
            throw Pinned.fault(spec, "record", String.valueOf(e.getMessage()));
        }
    }

    private static URI address(SourceSpec spec, @Nullable URI base, PinnedFile file) throws Problem {
        if (Pinned.hasUrl(file)) {
            return Pinned.url(spec, file);
        }
        if (base == null) {
            throw Pinned.fault(
                    spec, file, "at", "has no address: give one, or make the record an address that ends with a slash");
        }
        return URI.create(base + Percent.path(Pinned.name(file)));
    }

    private static URI listAddress(SourceSpec spec, @Nullable URI base, String list) throws Problem {
        try {
            if (list.contains("://")) {
                return Pinned.webAddress(list);
            }
        } catch (IllegalArgumentException e) {
            throw Pinned.fault(spec, "checksum-list", String.valueOf(e.getMessage()));
        }
        if (base == null) {
            throw Pinned.fault(spec, "checksum-list", "has no address");
        }
        return URI.create(base + Percent.path(list));
    }
}
