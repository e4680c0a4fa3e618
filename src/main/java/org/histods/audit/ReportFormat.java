package org.histods.audit;

import java.util.Locale;

/** The forms in which an audit is handed on. */
public enum ReportFormat {

    /** CycloneDX 1.6 in JSON: the datasets as the components of a bill of materials. */
    CYCLONEDX,

    /** A BibTeX entry for each dataset. */
    BIBTEX,

    /** A paragraph on the data for a paper, in Markdown, with the keys of the BibTeX entries. */
    DATA,

    /** The same paragraph for LaTeX. */
    LATEX;

    /** The word that asks for it, such as {@code bibtex}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The text of that report; ends with a line break. */
    public String write(Report report) {
        return switch (this) {
            case CYCLONEDX -> new CycloneDx(report).write();
            case BIBTEX -> References.bibtex(report.audit());
            case DATA -> new DataParagraph(report, DataParagraph.MARKDOWN).write();
            case LATEX -> new DataParagraph(report, DataParagraph.LATEX).write();
        };
    }
}
