package org.histods.audit.evidence;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.histods.manifest.SourceSpec;

/**
 * Ways in which code and texts refer to data at hosts, collected from the kinds of source.
 *
 * @param links texts that identify a source, to search for in the project
 * @param codePatterns regular expressions that find data in code, whose first group is the part that varies; each with the
 *     address of the data, which has {@code $} for that part. An earlier one is preferred
 */
public record HostReferences(Function<SourceSpec, List<String>> links, Map<String, String> codePatterns) {}
