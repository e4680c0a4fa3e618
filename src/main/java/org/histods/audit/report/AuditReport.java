package org.histods.audit.report;

import java.util.List;
import java.util.Optional;
import org.histods.audit.finding.Audit;

/** A format for the result of an audit. */
public interface AuditReport {

    /** Its name for {@code --format}, such as {@code json}. */
    String format();

    /** The whole report; ends with a line break. The same audit gives the same text. */
    String render(Audit audit);

    /** All formats. */
    static List<AuditReport> all(ReportContext context) {
        return List.of(
                new TextReport(),
                new JsonReport(),
                new ReportWriter("html", audit -> new HtmlReport(audit, context).write()),
                new ReportWriter("sarif", audit -> new SarifReport(audit, context).write()),
                new ReportWriter("cyclonedx", audit -> new CycloneDxReport(audit, context).write()),
                new ReportWriter("bibtex", ReferenceList::bibtex),
                new ReportWriter("data", audit -> new DataParagraph(audit, DataParagraph.MARKDOWN).write()),
                new ReportWriter("latex", audit -> new DataParagraph(audit, DataParagraph.LATEX).write()));
    }

    /** The format of that name. */
    static Optional<AuditReport> named(String format, ReportContext context) {
        return all(context).stream()
                .filter(r -> r.format().equalsIgnoreCase(format))
                .findFirst();
    }
}
