package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.finding.FilePosition;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Rule;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Accepted;

/** Collects the findings of the rules, and what could not be checked. */
public final class Findings {

    private static final Comparator<Finding> ORDER = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::rule)
            .thenComparing(f -> String.join(" ", f.datasets()))
            .thenComparing(Finding::message);

    private final List<Finding> found = new ArrayList<>();
    private final Set<String> unchecked = new TreeSet<>();

    void add(Rule rule, Collection<String> datasets, String message, List<String> evidence) {
        add(rule, datasets, message, evidence, rule.remedy());
    }

    /** A finding about places of the folder, not about a use of a dataset. */
    void add(
            Rule rule,
            Collection<String> datasets,
            String message,
            List<String> evidence,
            Collection<FilePosition> places) {
        List<String> sorted = List.copyOf(new TreeSet<>(datasets));
        found.add(new Finding(
                rule.word(), rule.severity(), sorted, message, evidence, rule.remedy(), List.copyOf(places), null));
    }

    void add(Rule rule, Collection<String> datasets, String message, List<String> evidence, String remedy) {
        List<String> sorted = List.copyOf(new TreeSet<>(datasets));
        found.add(new Finding(rule.word(), rule.severity(), sorted, message, evidence, remedy, List.of(), null));
    }

    /** A finding about one dataset, whose id is put into the remedy. */
    void add(Rule rule, DatasetUse subject, String message, List<String> evidence) {
        add(rule, List.of(subject.name()), message, evidence, rule.remedy().replace(" ID", " " + subject.id()));
    }

    public void unchecked(String fact) {
        unchecked.add(fact);
    }

    public List<String> unchecked() {
        return List.copyOf(unchecked);
    }

    /**
     * All findings in their order; those that the project accepts have the reason.
     *
     * @param ids from the project's names to ids: {@code accepted} may have either
     */
    public List<Finding> judged(List<Accepted> accepted, Map<String, String> ids) {
        Map<Accepted, Integer> uses = new HashMap<>();
        List<Finding> judged = new ArrayList<>();
        for (Finding finding : found) {
            Accepted match = accepted.stream()
                    .filter(a -> covers(a, finding, ids))
                    .findFirst()
                    .orElse(null);
            if (match == null) {
                judged.add(finding);
            } else {
                uses.merge(match, 1, Integer::sum);
                judged.add(accepted(finding, match.reason()));
            }
        }
        accepted.stream().filter(a -> !uses.containsKey(a)).forEach(a -> judged.add(unused(a)));
        judged.sort(ORDER);
        return judged;
    }

    private static boolean covers(Accepted accepted, Finding finding, Map<String, String> ids) {
        if (!accepted.rule().equals(finding.rule())) {
            return false;
        }
        Set<String> wanted = new HashSet<>(accepted.datasets());
        Set<String> byId = new HashSet<>();
        finding.datasets().forEach(name -> byId.add(ids.getOrDefault(name, name)));
        return wanted.isEmpty() || wanted.equals(new HashSet<>(finding.datasets())) || wanted.equals(byId);
    }

    private static Finding accepted(Finding f, String reason) {
        return new Finding(
                f.rule(), f.severity(), f.datasets(), f.message(), f.evidence(), f.remedy(), f.places(), reason);
    }

    private static Finding unused(Accepted a) {
        Rule rule = Rule.UNUSED_ACCEPTANCE;
        return new Finding(
                rule.word(),
                rule.severity(),
                List.copyOf(new TreeSet<>(a.datasets())),
                "no finding matches the accepted rule " + a.rule()
                        + (a.datasets().isEmpty() ? "" : " for " + String.join(", ", a.datasets())),
                List.of(Declaration.FILE + ": rule " + a.rule() + ", reason: " + a.reason()),
                rule.remedy(),
                List.of(),
                null);
    }
}
