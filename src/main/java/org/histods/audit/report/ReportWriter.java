package org.histods.audit.report;

import java.util.function.Function;
import org.histods.audit.finding.Audit;

/** A format that is one function. */
record ReportWriter(String format, Function<Audit, String> write) implements AuditReport {

    @Override
    public String render(Audit audit) {
        return write.apply(audit);
    }
}
