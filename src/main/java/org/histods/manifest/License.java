package org.histods.manifest;

import org.jspecify.annotations.Nullable;

/**
 * The terms under which a dataset may be used.
 *
 * @param spdx identifier from the SPDX licence list if one fits, such as {@code CC-BY-4.0}; null otherwise
 * @param name the terms in words if no SPDX identifier fits; null otherwise
 * @param url of the text of the terms
 * @param doubt what is doubtful or contradictory; null if nothing
 */
public record License(
        @Nullable String spdx,
        @Nullable String name,
        @Nullable String url,
        @Nullable String doubt) {

    /** Of a dataset without a known licence. */
    public static final License UNKNOWN = new License(null, null, null, null);

    /** The SPDX identifier, else the words, else {@code unknown}. */
    public String shown() {
        if (spdx != null) {
            return spdx;
        }
        return name == null ? "unknown" : name;
    }

    /** Whether neither an identifier nor words are known. */
    public boolean unknown() {
        return spdx == null && name == null;
    }
}
