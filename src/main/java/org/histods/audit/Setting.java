package org.histods.audit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.manifest.Lineages;
import org.histods.project.Lock;
import org.jspecify.annotations.Nullable;

/**
 * What reports tell beside the audit itself.
 *
 * @param lineages of the whole catalogue
 * @param held what datasets hold, by the project's names for them; without those that nobody knows it of
 * @param version of the histods that made the audit
 */
public record Setting(Lineages lineages, Map<String, Held> held, String version) {

    /**
     * How much of a dataset a project uses.
     *
     * @param patients null where they were not counted
     */
    public record Held(long files, long bytes, @Nullable Long patients) {}

    public Setting {
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
}
