package org.histods.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.histods.quantity.Size;
import org.jspecify.annotations.Nullable;

/** A size as an object of JSON, for scripts and for the page. */
final class SizeJson {

    private SizeJson() {}

    /** Its bounds in bytes, which are the same for one figure, how precise they are, and the words; null if unknown. */
    static @Nullable Map<String, Object> of(Size size) {
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
