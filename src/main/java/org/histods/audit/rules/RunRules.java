package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.List;
import org.histods.audit.finding.Rule;
import org.histods.project.RunLog;
import org.histods.project.RunRecord;
import org.histods.text.Count;

/** Checks that recorded runs used the current lock, and code that is in a commit. */
public final class RunRules implements AuditContext.Rules {

    private static final String FILE = ".histods/" + RunLog.FILE;

    @Override
    public void check(AuditContext context, Findings findings) {
        String now = context.lock().map(lock -> lock.digest().toString()).orElse("");
        List<String> other = new ArrayList<>();
        List<String> dirty = new ArrayList<>();
        for (RunRecord use : context.uses().uses()) {
            if (!use.lock().equals(now)) {
                other.add(use.shown() + ", with lock " + use.lock());
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
                    Count.of(other.size(), "run") + " used another lock than the current one",
                    other);
        }
        if (!dirty.isEmpty()) {
            findings.add(
                    Rule.UNCOMMITTED_CODE,
                    List.of(),
                    Count.of(dirty.size(), "run") + " with the current lock and with code that is in no commit",
                    dirty);
        }
        if (!context.uses().damaged().isEmpty()) {
            findings.add(
                    Rule.DAMAGED_USES,
                    List.of(),
                    "the record of runs is damaged",
                    context.uses().damaged().stream()
                            .map(line -> FILE + ":" + line + " is not a record")
                            .toList());
        }
    }
}
