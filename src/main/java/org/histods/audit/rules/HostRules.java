package org.histods.audit;

import java.util.ArrayList;
import java.util.List;
import org.histods.audit.HostAnswer.Hosts;
import org.histods.dataset.DatasetId;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Whether the hosts still have what the manifests pin, as somebody else asked them. */
final class HostRules implements Case.Rules {

    private final @Nullable Hosts hosts;

    /** @param hosts null where nobody asks */
    HostRules(@Nullable Hosts hosts) {
        this.hosts = hosts;
    }

    @Override
    public void look(Case about, Findings findings) throws Problem {
        if (hosts == null) {
            if (!about.usedById().isEmpty()) {
                findings.unchecked(
                        "the hosts were not asked whether they still have what the manifests pin; --check does");
            }
            return;
        }
        for (List<Subject> subjects : about.usedById().values()) {
            one(subjects, hosts.ask(subjects.get(0).manifest()), findings);
        }
    }

    private static void one(List<Subject> subjects, List<HostAnswer> answers, Findings findings) {
        DatasetId id = subjects.get(0).id();
        List<String> different = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (HostAnswer answer : answers) {
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
                    Case.names(subjects),
                    "hosts of " + id + " state something else than its manifest pins",
                    different);
        }
        if (!added.isEmpty()) {
            findings.add(
                    Rule.UPSTREAM_NEW,
                    Case.names(subjects),
                    "hosts of " + id + " have files that its manifest does not pin",
                    added);
        }
    }
}
