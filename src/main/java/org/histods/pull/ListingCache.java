package org.histods.pull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** What each source of one dataset has; a source is asked once, when it is first wanted. */
final class ListingCache {

    private final List<Source> sources;
    private final Transport transport;
    private final Manifest manifest;
    private final Map<String, Listing> known = new LinkedHashMap<>();

    /** What one source has of a part. */
    record Listing(SourceSpec spec, Source source, List<RemoteFile> files) {}

    ListingCache(List<Source> sources, Transport transport, Manifest manifest) {
        this.sources = sources;
        this.transport = transport;
        this.manifest = manifest;
    }

    synchronized Listing of(SourceSpec spec) throws Problem {
        String key = manifest.sources().indexOf(spec) + "";
        Listing before = known.get(key);
        if (before != null) {
            return before;
        }
        Source source = sources.stream()
                .filter(s -> s.kind().equals(spec.kind()))
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "this histods knows no source of the kind '" + spec.kind() + "'",
                        "it knows "
                                + String.join(
                                        ", ", sources.stream().map(Source::kind).toList())));
        Listing listing = new Listing(spec, source, source.resolve(spec, transport));
        known.put(key, listing);
        return listing;
    }

    /** Null where the source cannot be asked: its failure is not the file's, whose own attempts tell what went wrong. */
    @Nullable
    Listing orNull(SourceSpec spec) {
        try {
            return of(spec);
        } catch (Problem p) {
            return null;
        }
    }
}
