package org.histods.audit;

import java.util.List;
import java.util.Optional;

/** A form in which an audit is written. */
public interface Report {

    /** The word for {@code --format}, such as {@code json}. */
    String format();

    /** The whole report; ends with a line break. The same audit gives the same text. */
    String render(Audit audit);

    /** All forms there are. */
    static List<Report> all(Setting setting) {
        return List.of(
                new TextReport(),
                new JsonReport(),
                new Form("html", audit -> new HtmlReport(audit, setting).write()),
                new Form("cyclonedx", audit -> new CycloneDx(audit, setting).write()),
                new Form("bibtex", References::bibtex),
                new Form("data", audit -> new DataParagraph(audit, DataParagraph.MARKDOWN).write()),
                new Form("latex", audit -> new DataParagraph(audit, DataParagraph.LATEX).write()));
    }

    /** The form of that word. */
    static Optional<Report> named(String format, Setting setting) {
        return all(setting).stream()
                .filter(r -> r.format().equalsIgnoreCase(format))
                .findFirst();
    }
}
