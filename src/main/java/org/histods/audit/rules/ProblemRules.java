package org.histods.audit.rules;

import java.util.List;
import org.histods.audit.finding.Rule;
import org.histods.manifest.Manifest;
import org.histods.text.Count;

/** Reports the problems that the catalogue lists. */
public final class ProblemRules implements AuditContext.Rules {

    @Override
    public void check(AuditContext context, Findings findings) {
        context.usedById().forEach((id, subjects) -> {
            Manifest manifest = subjects.get(0).manifest();
            List<String> problems = manifest.notes().problems();
            if (!problems.isEmpty()) {
                findings.add(
                        Rule.KNOWN_PROBLEMS,
                        AuditContext.names(subjects),
                        "the catalogue lists " + Count.orA(problems.size(), "problem") + " with " + id,
                        problems);
            }
        });
    }
}
