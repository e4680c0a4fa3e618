package org.histods.audit.finding;

import java.util.List;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;

/**
 * What a host says today of what a manifest pins. An audit makes no request itself; who starts it may have asked.
 *
 * @param source the kind and the record
 * @param path the pinned file, empty for the whole source
 * @param message what was found, in words
 */
public record HostState(Outcome outcome, String source, String path, String message) {

    /** How it came out. */
    public enum Outcome {
        /** The host states the same. */
        SAME,
        /** The host states something else, or has no such file. */
        DIFFERENT,
        /** The host has a file that the manifest does not pin. */
        NEW,
        /** Nothing could be compared. */
        NOT_COMPARED
    }

    /** Asks the hosts of a dataset. */
    public interface Hosts {

        /** The answers; a host that cannot be asked is {@link Outcome#NOT_COMPARED}. */
        List<HostState> ask(Manifest manifest) throws Problem;
    }
}
