package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.List;
import org.histods.audit.finding.Rule;
import org.histods.project.RunLog;
import org.histods.project.RunRecord;
import org.histods.text.Count;

/** What the record of runs says of how far results rest on the present lock and on code that can be had again. */
public final class RunRules implements AuditContext.Rules {

    private static final String FILE = ".histods/" + RunLog.FILE;

    @Override
    public void look(AuditContext about, Findings findings) {
        String now = about.lock().map(lock -> lock.digest().toString()).orElse("");
        List<String> other = new ArrayList<>();
        List<String> dirty = new ArrayList<>();
        for (RunRecord use : about.uses().uses()) {
            if (!use.lock().equals(now)) {
                other.add(use.shown() + ", on lock " + use.lock());
            } else if (use.git() == null || use.git().commit() == null) {
                dirty.add(use.shown() + ", code in no git commit");
            } else if (use.git().dirty()) {
                dirty.add(use.shown() + ", files differed from commit "
                        + use.git().commit());
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
}
