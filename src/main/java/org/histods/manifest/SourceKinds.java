package org.histods.manifest;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Facts about the kinds of source that the rules for manifests need.
 *
 * @param names of the kinds
 * @param secureHosts hosts that support https
 * @param oldUrls forms of URLs that hosts no longer support, with what to write instead
 * @param doiFault what is wrong with the DOI of a dataset with these sources; empty if nothing is
 */
public record SourceKinds(
        Set<String> names,
        Set<String> secureHosts,
        Map<Pattern, String> oldUrls,
        BiFunction<String, List<SourceSpec>, Optional<String>> doiFault) {

    public SourceKinds {
        names = Set.copyOf(names);
        secureHosts = Set.copyOf(secureHosts);
        oldUrls = Map.copyOf(oldUrls);
    }
}
