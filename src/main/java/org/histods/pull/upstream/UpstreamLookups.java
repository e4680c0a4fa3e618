package org.histods.pull.upstream;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.SourceProblems;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** What hosts list and describe. Asks for each once, also where several sources share it. */
public final class UpstreamLookups {

    /** A listing or the reason why there is none. */
    record HostListing(List<RemoteFile> files, @Nullable Problem problem) {}

    /** A description, none if the URL is of no record, or the reason why there is none. */
    private record HostDescription(
            @Nullable RecordDescription description,
            @Nullable Problem problem) {}

    private final List<Source> sources;
    private final Transport transport;
    private final Map<SourceSpec, HostListing> listings = new HashMap<>();
    private final Map<URI, HostDescription> descriptions = new HashMap<>();

    UpstreamLookups(List<Source> sources, Transport transport) {
        this.sources = List.copyOf(sources);
        this.transport = transport;
    }

    Transport transport() {
        return transport;
    }

    Optional<Source> source(SourceSpec spec) {
        return sources.stream().filter(s -> s.kind().equals(spec.kind())).findFirst();
    }

    HostListing listing(Source source, SourceSpec spec) throws Problem {
        HostListing known = listings.get(spec);
        if (known == null) {
            try {
                known = new HostListing(source.resolve(spec, transport), null);
            } catch (Problem p) {
                known = new HostListing(List.of(), checked(p));
            }
            listings.put(spec, known);
        }
        return known;
    }

    Optional<RecordDescription> description(Source source, URI page) throws Problem {
        HostDescription known = descriptions.get(page);
        if (known == null) {
            try {
                known = new HostDescription(source.describe(page, transport).orElse(null), null);
            } catch (Problem p) {
                known = new HostDescription(null, checked(p));
            }
            descriptions.put(page, known);
        }
        if (known.problem() != null) {
            throw known.problem();
        }
        return Optional.ofNullable(known.description());
    }

    static Problem checked(Problem problem) throws Problem {
        if (problem.kind() == Kind.INTERRUPTED) {
            throw problem;
        }
        return problem;
    }

    static String firstLine(Problem problem) {
        return problem.message().lines().findFirst().orElse("");
    }

    static boolean missing(Problem problem) {
        Integer status = SourceProblems.status(problem);
        return status != null && (status == 404 || status == 410);
    }
}
