package org.histods.audit;

import java.util.List;
import org.histods.manifest.Manifest;
import org.histods.quantity.Count;

/** What the catalogue itself warns of. */
final class ProblemRules implements Case.Rules {

    @Override
    public void look(Case about, Findings findings) {
        about.usedById().forEach((id, subjects) -> {
            Manifest manifest = subjects.get(0).manifest();
            List<String> problems = manifest.problems();
            if (!problems.isEmpty()) {
                findings.add(
                        Rule.KNOWN_PROBLEMS,
                        Case.names(subjects),
                        "the catalogue knows of " + Count.orA(problems.size(), "problem") + " with " + id,
                        problems);
            }
        });
    }
}
