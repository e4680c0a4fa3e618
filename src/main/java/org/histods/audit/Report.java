package org.histods.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Lineages;
import org.histods.project.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a report of an audit tells. The same report always gives the same text, in every format.
 *
 * @param audit what was found
 * @param lineages of the whole catalogue
 * @param held what datasets hold, by the project's names for them; without those that nobody knows it of
 * @param version of the histods that made the audit
 */
public record Report(Audit audit, Lineages lineages, Map<String, Held> held, String version) {

    /**
     * How much of a dataset a project uses.
     *
     * @param patients null where they were not counted
     */
    public record Held(long files, long bytes, @Nullable Long patients) {}

    public Report {
        held = Map.copyOf(held);
    }

    /**
     * What a lock says of how much the datasets hold.
     *
     * @param patients how many patients the pulled ones have, by the project's names; without those that cannot be
     *     told
     */
    public static Map<String, Held> held(Optional<Lock> lock, Map<String, Long> patients) {
        Map<String, Held> held = new HashMap<>();
        for (Lock.Locked locked : lock.map(Lock::datasets).orElse(List.of())) {
            held.put(locked.name(), new Held(locked.files(), locked.bytes(), patients.get(locked.name())));
        }
        return held;
    }

    Optional<Held> heldBy(String name) {
        return Optional.ofNullable(held.get(name));
    }

    /** The dataset that the project calls so. */
    Optional<AuditedDataset> dataset(String name) {
        return audit.datasets().stream().filter(d -> d.name().equals(name)).findFirst();
    }

    /** What is written where upstream has no version. */
    static boolean versioned(AuditedDataset dataset) {
        return !dataset.version().equals("unversioned");
    }

    static String sha256(Fingerprint fingerprint) {
        return "sha256:" + fingerprint.hex();
    }
}
