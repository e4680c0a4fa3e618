package org.histods.audit.report;

import java.util.List;
import java.util.Optional;
import org.histods.audit.finding.Audit;

/** A form in which an audit is written. */
public interface AuditReport {

    /** The word for {@code --format}, such as {@code json}. */
    String format();

    /** The whole report; ends with a line break. The same audit gives the same text. */
    String render(Audit audit);

    /** All forms there are. */
    static List<AuditReport> all(ReportContext setting) {
        return List.of(
                new TextReport(),
                new JsonReport(),
                new ReportWriter("html", audit -> new HtmlReport(audit, setting).write()),
                new ReportWriter("cyclonedx", audit -> new CycloneDxReport(audit, setting).write()),
                new ReportWriter("bibtex", ReferenceList::bibtex),
                new ReportWriter("data", audit -> new DataParagraph(audit, DataParagraph.MARKDOWN).write()),
                new ReportWriter("latex", audit -> new DataParagraph(audit, DataParagraph.LATEX).write()));
    }

    /** The form of that word. */
    static Optional<AuditReport> named(String format, ReportContext setting) {
        return all(setting).stream()
                .filter(r -> r.format().equalsIgnoreCase(format))
                .findFirst();
    }
}
