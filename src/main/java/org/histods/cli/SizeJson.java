package org.histods.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.histods.manifest.StatedSize;
import org.histods.quantity.Size;
import org.jspecify.annotations.Nullable;

/** A size as an object of JSON, for scripts and for the page. */
final class SizeJson {

    private SizeJson() {}

    /** A size of which nobody is named who states it. */
    static @Nullable Map<String, Object> of(Size size) {
        return of(size, null);
    }

    /** Its bounds in bytes, which are the same for one figure, how precise they are, words, and by whom; null if unknown. */
    static @Nullable Map<String, Object> of(Size size, @Nullable StatedSize stated) {
        if (!size.known()) {
            return null;
        }
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("precision", size.precision().word());
        object.put("at_least", size.atLeast());
        object.put("at_most", size.atMost());
        object.put("text", size.text());
        object.put("by", stated == null ? null : stated.by());
        return object;
    }
}
