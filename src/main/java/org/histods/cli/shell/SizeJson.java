package org.histods.cli.shell;

import java.util.LinkedHashMap;
import java.util.Map;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/** A size as a JSON object, for scripts and for the catalogue page. */
public final class SizeJson {

    private SizeJson() {}

    /** Bounds in bytes (equal for a single figure), precision and text; null if unknown. */
    public static @Nullable Map<String, Object> of(Size size) {
        if (!size.known()) {
            return null;
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("precision", size.precision().word());
        object.put("at_least", size.atLeast());
        object.put("at_most", size.atMost());
        object.put("text", size.text());
        return object;
    }
}
