package org.histods.audit;

import java.util.List;
import org.histods.manifest.Manifest;

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
                        "the catalogue knows of " + (problems.size() == 1 ? "a problem" : problems.size() + " problems")
                                + " with " + id,
                        problems);
            }
        });
    }
}
