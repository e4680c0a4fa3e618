package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.List;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.finding.HostState;
import org.histods.audit.finding.HostState.Hosts;
import org.histods.audit.finding.Rule;
import org.histods.dataset.DatasetId;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Whether the hosts still have what the manifests pin, as somebody else asked them. */
public final class HostRules implements AuditContext.Rules {

    private final @Nullable Hosts hosts;

    /** @param hosts null where nobody asks */
    public HostRules(@Nullable Hosts hosts) {
        this.hosts = hosts;
    }

    @Override
    public void look(AuditContext about, Findings findings) throws Problem {
        if (hosts == null) {
            if (!about.usedById().isEmpty()) {
                findings.unchecked(
                        "the hosts were not asked whether they still have what the manifests pin; --check does");
            }
            return;
        }
        for (List<DatasetUse> subjects : about.usedById().values()) {
            one(subjects, hosts.ask(subjects.get(0).manifest()), findings);
        }
    }

    private static void one(List<DatasetUse> subjects, List<HostState> answers, Findings findings) {
        DatasetId id = subjects.get(0).id();
        List<String> different = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (HostState answer : answers) {
            String words =
                    answer.source() + (answer.path().isEmpty() ? "" : "  " + answer.path()) + ": " + answer.message();
            switch (answer.outcome()) {
                case DIFFERENT -> different.add(words);
                case NEW -> added.add(words);
                case NOT_COMPARED -> findings.unchecked(id + ": not compared with its host: " + words);
                case SAME -> {
                    // As pinned.
                }
            }
        }
        if (answers.isEmpty()) {
            findings.unchecked(id + ": its manifest names no host to ask");
        }
        if (!different.isEmpty()) {
            findings.add(
                    Rule.UPSTREAM_CHANGED,
                    AuditContext.names(subjects),
                    "hosts of " + id + " state something else than its manifest pins",
                    different);
        }
        if (!added.isEmpty()) {
            findings.add(
                    Rule.UPSTREAM_NEW,
                    AuditContext.names(subjects),
                    "hosts of " + id + " have files that its manifest does not pin",
                    added);
        }
    }
}
