package org.histods.pull;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.Narrowing;
import org.histods.source.Source;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Opens the sources of requests. Listings are kept, so that no host is asked twice. */
final class SourceOpener {

    private final List<Source> sources;
    private final Transport transport;
    private final FailedSources failed;
    private final Map<SourceSpec, PullSources.Listing> listings = Collections.synchronizedMap(new IdentityHashMap<>());

    /** @param failed the sources that failed in earlier runs */
    SourceOpener(List<Source> sources, Transport transport, FailedSources failed) {
        this.sources = List.copyOf(sources);
        this.transport = transport;
        this.failed = failed;
    }

    /** The sources of all that the request selects. */
    PullSources open(PullRequest request) throws Problem {
        return open(request, null);
    }

    /** @param narrowing what of the sources is wanted; null for all that the request selects */
    PullSources open(PullRequest request, @Nullable Narrowing narrowing) throws Problem {
        return new PullSources(sources, transport, request, failed, narrowing, listings);
    }
}
