package org.histods.provenance;

import java.util.List;

/**
 * The files that lists and conditions selected in a pull. The same lists and conditions select the same files later,
 * without a request to the host.
 *
 * @param by the conditions as they were written, and each list with a checksum of its words
 * @param selection the globs of the files that were chosen
 */
public record Choice(List<String> by, List<String> selection) {

    public Choice {
        by = List.copyOf(by);
        selection = List.copyOf(selection);
    }
}
