package org.histods.audit;

import java.util.function.Function;

/** A form that needs nothing but a function. */
record Form(String format, Function<Audit, String> write) implements Report {

    @Override
    public String render(Audit audit) {
        return write.apply(audit);
    }
}
