package org.histods.audit;

import java.util.ArrayList;
import java.util.List;
import org.histods.project.UseLog;
import org.histods.project.UseRecord;
import org.histods.quantity.Count;

/** What the record of runs says of how far results rest on the present lock and on code that can be had again. */
final class RunRules implements Case.Rules {

    private static final String FILE = ".histods/" + UseLog.FILE;

    @Override
    public void look(Case about, Findings findings) {
        String now = about.lock().map(lock -> lock.digest().toString()).orElse("");
        List<String> other = new ArrayList<>();
        List<String> dirty = new ArrayList<>();
        for (UseRecord use : about.uses().uses()) {
            if (!use.lock().equals(now)) {
                other.add(shown(use) + ", on lock " + use.lock());
            } else if (use.git() == null || use.git().commit() == null) {
                dirty.add(shown(use) + ", code in no git commit");
            } else if (use.git().dirty()) {
                dirty.add(
                        shown(use) + ", files differed from commit " + use.git().commit());
            }
        }
        if (!other.isEmpty()) {
            findings.add(
                    Rule.OTHER_LOCK,
                    List.of(),
                    Count.of(other.size(), "run") + (other.size() == 1 ? " rests" : " rest")
                            + " on another lock than the present one",
                    other);
        }
        if (!dirty.isEmpty()) {
            findings.add(
                    Rule.UNCOMMITTED_CODE,
                    List.of(),
                    Count.of(dirty.size(), "run") + " on the present lock with code that no commit holds",
                    dirty);
        }
        if (!about.uses().damaged().isEmpty()) {
            findings.add(
                    Rule.DAMAGED_USES,
                    List.of(),
                    "the record of runs is damaged",
                    about.uses().damaged().stream()
                            .map(line -> FILE + ":" + line + " is no record")
                            .toList());
        }
    }

    static String shown(UseRecord use) {
        return FILE + ": " + use.started() + " `" + String.join(" ", use.command()) + "`";
    }
}
