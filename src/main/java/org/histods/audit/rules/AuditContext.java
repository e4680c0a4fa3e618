package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.evidence.FolderSearch;
import org.histods.audit.finding.Overlap;
import org.histods.audit.finding.Purpose;
import org.histods.dataset.DatasetId;
import org.histods.problem.Problem;
import org.histods.project.Lock;
import org.histods.project.RunLog;

/**
 * Everything that the rules examine.
 *
 * @param declares whether it has a {@code histods.yaml}
 * @param lock empty if there is none
 * @param uses the recorded runs
 * @param subjects all datasets
 * @param overlaps between those that are used
 * @param found what the search of the folder found
 */
public record AuditContext(
        boolean declares,
        Purpose purpose,
        Optional<Lock> lock,
        RunLog.Reading uses,
        List<DatasetUse> subjects,
        List<Overlap> overlaps,
        FolderSearch.Found found) {

    public AuditContext {
        subjects = List.copyOf(subjects);
        overlaps = List.copyOf(overlaps);
    }

    /** Rules about one topic. */
    public interface Rules {
        void check(AuditContext context, Findings findings) throws Problem;
    }

    /** The datasets that are used, by the project's names. */
    Map<String, DatasetUse> used() {
        Map<String, DatasetUse> used = new LinkedHashMap<>();
        subjects.stream().filter(DatasetUse::used).forEach(s -> used.put(s.name(), s));
        return used;
    }

    /** The used datasets about which something is known, by id: a project may use several selections of one. */
    Map<DatasetId, List<DatasetUse>> usedById() {
        Map<DatasetId, List<DatasetUse>> byId = new LinkedHashMap<>();
        used().values().stream()
                .filter(s -> !s.nothingKnown())
                .forEach(s ->
                        byId.computeIfAbsent(s.id(), k -> new ArrayList<>()).add(s));
        return byId;
    }

    static List<String> names(List<DatasetUse> subjects) {
        return subjects.stream().map(DatasetUse::name).toList();
    }
}
