package org.histods.audit.rules;

import java.util.List;
import org.histods.audit.finding.Rule;
import org.histods.manifest.Manifest;
import org.histods.text.Count;

/** What the catalogue itself warns of. */
public final class ProblemRules implements AuditContext.Rules {

    @Override
    public void look(AuditContext about, Findings findings) {
        about.usedById().forEach((id, subjects) -> {
            Manifest manifest = subjects.get(0).manifest();
            List<String> problems = manifest.problems();
            if (!problems.isEmpty()) {
                findings.add(
                        Rule.KNOWN_PROBLEMS,
                        AuditContext.names(subjects),
                        "the catalogue knows of " + Count.orA(problems.size(), "problem") + " with " + id,
                        problems);
            }
        });
    }
}
