package org.histods.audit.finding;

import java.util.List;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;

/**
 * Compares one pin of a manifest with the current state of its host. An audit makes no request itself.
 *
 * @param source the kind and the record
 * @param path the pinned file, empty for the whole source
 * @param message the result in one sentence
 */
public record HostState(Outcome outcome, String source, String path, String message) {

    /** The result of the comparison. */
    public enum Outcome {
        /** The host states the same. */
        SAME,
        /** The host states other values, or has no such file. */
        DIFFERENT,
        /** The host has a newer version, or a file that the manifest does not pin. */
        NEW,
        /** Nothing could be compared. */
        NOT_COMPARED
    }

    /** Gets the state of the hosts of a dataset. */
    public interface Hosts {

        /** The states; {@link Outcome#NOT_COMPARED} for a host without a response. */
        List<HostState> states(Manifest manifest) throws Problem;
    }
}
