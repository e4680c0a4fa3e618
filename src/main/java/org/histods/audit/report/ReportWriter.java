package org.histods.audit.report;

import java.util.function.Function;
import org.histods.audit.finding.Audit;

/** A form that needs nothing but a function. */
record ReportWriter(String format, Function<Audit, String> write) implements AuditReport {

    @Override
    public String render(Audit audit) {
        return write.apply(audit);
    }
}
