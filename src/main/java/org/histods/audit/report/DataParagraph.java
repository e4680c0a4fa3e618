package org.histods.audit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.project.LatexText;
import org.histods.text.Bytes;

/**
 * The data paragraph of a paper: which datasets, in which version, for what, how many files, under which terms, and the
 * fingerprints of the files. What is unknown is left out.
 */
final class DataParagraph {

    /**
     * The markup of a text format.
     *
     * @param text a text, escaped
     * @param code a name or a checksum
     * @param cite a reference to the BibTeX entry of that key
     */
    record Marks(UnaryOperator<String> text, UnaryOperator<String> code, UnaryOperator<String> cite) {}

    /** Markdown with pandoc's citations. */
    static final Marks MARKDOWN =
            new Marks(DataParagraph::markdown, word -> "`" + word.replace("`", "'") + "`", key -> " [@" + key + "]");

    /** LaTeX; checksums may be broken, because they are longer than a line. */
    static final Marks LATEX = new Marks(
            LatexText::text,
            word -> "\\texttt{" + LatexText.text(word).replaceAll("([0-9a-f]{16})", "$1\\\\allowbreak ") + "}",
            key -> "~\\cite{" + key + "}");

    private final Audit audit;
    private final Marks marks;

    DataParagraph(Audit audit, Marks marks) {
        this.audit = audit;
        this.marks = marks;
    }

    String write() {
        List<AuditedDataset> declared =
                audit.datasets().stream().filter(d -> d.state().declared()).toList();
        List<AuditedDataset> others = audit.datasets().stream()
                .filter(d -> !d.state().declared() && d.state().used())
                .toList();
        List<String> sentences = new ArrayList<>();
        declared.forEach(d -> sentences.add(sentence(d, "We used ")));
        others.forEach(d -> sentences.add(sentence(d, "The project also uses ")));
        if (declared.stream().anyMatch(d -> d.locked() != null)) {
            sentences.add("A fingerprint is the SHA-256 of the list of all files' SHA-256 checksums, sorted by path.");
        }
        String lock = audit.lock();
        if (lock != null) {
            sentences.add("The lock file of all these data has the digest "
                    + marks.code().apply(lock) + ".");
        }
        return sentences.isEmpty() ? "No datasets were used.\n" : String.join("\n", sentences) + "\n";
    }

    private String sentence(AuditedDataset dataset, String start) {
        StringBuilder out = new StringBuilder(start)
                .append(marks.text().apply(dataset.manifest().title().strip().replaceAll("\\s+", " ")))
                .append(" (")
                .append(marks.code().apply(dataset.id().text()));
        if (ReportText.versioned(dataset)) {
            out.append(", version ")
                    .append(marks.text().apply(dataset.selection().version().text()));
        }
        if (dataset.selection().variant() != null) {
            out.append(", variant ")
                    .append(marks.text().apply(dataset.selection().variant()));
        }
        out.append(')').append(marks.cite().apply(dataset.id().text()));
        if (!dataset.roles().isEmpty()) {
            out.append(' ')
                    .append(ReportText.list(
                            dataset.roles().stream().map(this::role).toList()));
        }
        List<String> facts = facts(dataset);
        return out.append(facts.isEmpty() ? "" : ": " + String.join("; ", facts))
                .append('.')
                .toString();
    }

    private String role(String role) {
        return switch (role) {
            case "train" -> "for training";
            case "test" -> "for testing";
            case "validation" -> "for validation";
            case "pretrain" -> "for pretraining";
            default -> "as " + marks.text().apply(role);
        };
    }

    private List<String> facts(AuditedDataset dataset) {
        List<String> facts = new ArrayList<>();
        if (!dataset.selection().only().isEmpty()) {
            facts.add("only "
                    + ReportText.list(dataset.selection().only().stream()
                            .map(marks.code())
                            .toList()));
        }
        if (dataset.locked() != null) {
            facts.add(ReportText.count(dataset.locked().files(), "file") + " ("
                    + Bytes.text(dataset.locked().bytes()) + ")");
        }
        if (!dataset.license().equals("unknown")) {
            facts.add("licence " + marks.text().apply(dataset.license()));
        }
        if (dataset.locked() != null) {
            facts.add("fingerprint "
                    + marks.code().apply(ReportText.sha256(dataset.locked().fingerprint())));
        }
        return facts;
    }

    /** Escapes everything that could become a link or markup. */
    private static String markdown(String text) {
        return text.replaceAll("([\\\\`*_\\[\\]<>#&@])", "\\\\$1");
    }
}
