package org.histods.audit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Severity;
import org.histods.digest.FilePath;
import org.histods.text.Count;

/** An audit as text: the most severe findings first, each with its evidence and how to fix it. */
final class TextReport implements AuditReport {

    private static final int WIDTH = 100;
    private static final int EVIDENCE = 8;

    @Override
    public String format() {
        return "text";
    }

    @Override
    public String render(Audit audit) {
        StringBuilder text = new StringBuilder();
        text.append("Audit of ").append(audit.project());
        text.append(audit.purpose() == null ? "" : ", for " + audit.purpose()).append('\n');
        text.append(audit.lock() == null ? "no lock" : "lock " + audit.lock()).append('\n');
        datasets(audit, text);
        findings(audit, text);
        if (!audit.unchecked().isEmpty()) {
            text.append("\nNot checked\n");
            audit.unchecked().forEach(line -> item(text, "  - ", line));
        }
        text.append('\n');
        item(text, "", summary(audit));
        item(
                text,
                "",
                "Statements about terms are taken from the catalogue and the texts of the licences; they are not legal advice.");
        return text.toString();
    }

    private static void datasets(Audit audit, StringBuilder text) {
        text.append("\nDatasets\n");
        if (audit.datasets().isEmpty()) {
            text.append("  none declared, and none found\n");
        }
        for (AuditedDataset d : audit.datasets()) {
            List<String> facts = new ArrayList<>();
            facts.add(
                    d.name().equals(d.id().text())
                            ? d.selection().version().text()
                            : "is " + d.id() + " " + d.selection().version());
            facts.add(d.roles().isEmpty() ? "no role" : String.join("+", d.roles()));
            facts.add("licence " + d.license());
            facts.add(d.state().declared() ? "declared" : d.state().used() ? "NOT declared" : "only mentioned");
            if (d.state().declared()) {
                facts.add(d.locked() == null ? "not locked" : "locked");
            }
            facts.add(d.state().pulled() ? "pulled" : "not pulled");
            if (!d.selection().only().isEmpty()) {
                facts.add("only " + String.join(" ", d.selection().only()));
            }
            item(text, "  ", d.name() + "  " + String.join(", ", facts));
            list(text, d.evidence());
        }
    }

    /** Findings grouped by rule, then the accepted ones. */
    private static void findings(Audit audit, StringBuilder text) {
        Map<String, List<Finding>> groups = new LinkedHashMap<>();
        for (Finding f : audit.findings()) {
            String head = f.severity().word().toUpperCase(Locale.ROOT) + "  " + f.rule();
            if (f.open()) {
                groups.computeIfAbsent(head, k -> new ArrayList<>()).add(f);
            }
        }
        for (Finding f : audit.findings()) {
            if (!f.open()) {
                groups.computeIfAbsent("ACCEPTED", k -> new ArrayList<>()).add(f);
            }
        }
        groups.forEach((head, group) -> {
            text.append('\n').append(head).append('\n');
            for (int i = 0; i < group.size(); i++) {
                Finding f = group.get(i);
                item(text, "  ", f.open() ? f.message() : f.severity().word() + " " + f.rule() + ": " + f.message());
                list(text, f.evidence());
                boolean last =
                        i == group.size() - 1 || !group.get(i + 1).remedy().equals(f.remedy());
                if (!f.open()) {
                    item(text, "    ", "accepted: " + f.accepted());
                } else if (last) {
                    item(text, "  ", "fix: " + f.remedy());
                }
            }
        });
    }

    private static void list(StringBuilder text, List<String> evidence) {
        // One line more than the limit is listed rather than counted.
        int shown = evidence.size() <= EVIDENCE + 1 ? evidence.size() : EVIDENCE;
        evidence.subList(0, shown).forEach(line -> item(text, "    - ", line));
        if (shown < evidence.size()) {
            text.append("    - and ").append(evidence.size() - shown).append(" more lines; --format json lists all\n");
        }
    }

    private static String summary(Audit audit) {
        Map<Severity, Long> open = new TreeMap<>();
        long accepted = 0;
        for (Finding f : audit.findings()) {
            if (f.open()) {
                open.merge(f.severity(), 1L, Long::sum);
            } else {
                accepted++;
            }
        }
        List<String> parts = new ArrayList<>();
        for (Severity severity : Severity.values()) {
            long count = open.getOrDefault(severity, 0L);
            parts.add(Count.of(count, severity.word()));
        }
        return String.join(", ", parts)
                + (accepted == 0 ? "" : "; " + accepted + " accepted")
                + (audit.unchecked().isEmpty() ? "" : "; not everything could be checked, see above");
    }

    /** The text after that mark, wrapped, with a hanging indent. */
    private static void item(StringBuilder text, String mark, String words) {
        String indent = " ".repeat(mark.length());
        StringBuilder line = new StringBuilder(mark);
        boolean empty = true;
        for (String word : FilePath.printable(words, Integer.MAX_VALUE).strip().split(" +")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(indent);
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        text.append(line).append('\n');
    }
}
