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
    static List<Report> all() {
        return List.of(new TextReport(), new JsonReport());
    }

    /** The form of that word. */
    static Optional<Report> named(String format) {
        return all().stream().filter(r -> r.format().equalsIgnoreCase(format)).findFirst();
    }
}
