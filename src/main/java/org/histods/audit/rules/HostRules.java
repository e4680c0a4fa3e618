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

/** Checks that hosts still have what the manifests pin. */
public final class HostRules implements AuditContext.Rules {

    private final @Nullable Hosts hosts;

    /** @param hosts null if no request is to be made */
    public HostRules(@Nullable Hosts hosts) {
        this.hosts = hosts;
    }

    @Override
    public void check(AuditContext context, Findings findings) throws Problem {
        if (hosts == null) {
            if (!context.usedById().isEmpty()) {
                findings.unchecked("that the hosts still have what the manifests pin; --check makes the requests");
            }
            return;
        }
        for (List<DatasetUse> subjects : context.usedById().values()) {
            one(subjects, hosts.states(subjects.get(0).manifest()), findings);
        }
    }

    private static void one(List<DatasetUse> subjects, List<HostState> states, Findings findings) {
        DatasetId id = subjects.get(0).id();
        List<String> different = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (HostState state : states) {
            String line = state.source() + (state.path().isEmpty() ? "" : "  " + state.path()) + ": " + state.message();
            switch (state.outcome()) {
                case DIFFERENT -> different.add(line);
                case NEW -> added.add(line);
                case NOT_COMPARED -> findings.unchecked(id + ": not compared with its host: " + line);
                case SAME -> {
                    // As pinned.
                }
            }
        }
        if (states.isEmpty()) {
            findings.unchecked(id + ": its host, because its manifest names none that can be queried");
        }
        if (!different.isEmpty()) {
            findings.add(
                    Rule.UPSTREAM_CHANGED,
                    AuditContext.names(subjects),
                    "hosts of " + id + " have other values than its manifest pins",
                    different);
        }
        if (!added.isEmpty()) {
            findings.add(
                    Rule.UPSTREAM_NEW,
                    AuditContext.names(subjects),
                    "hosts of " + id + " have a newer version, or files that its manifest does not pin",
                    added);
        }
    }
}
