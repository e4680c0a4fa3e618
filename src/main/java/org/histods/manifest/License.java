package org.histods.manifest;

import org.jspecify.annotations.Nullable;

/**
 * The terms under which a dataset may be used.
 *
 * @param spdx identifier from the SPDX licence list where one fits, such as {@code CC-BY-4.0}; null otherwise
 * @param name the words of the terms where no SPDX identifier fits; null otherwise
 * @param url where the terms can be read
 * @param doubt what is doubtful or contradictory about them, null if nothing
 */
public record License(
        @Nullable String spdx,
        @Nullable String name,
        @Nullable String url,
        @Nullable String doubt) {

    /** No licence is stated anywhere we know of. */
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
