package org.histods.source.listing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.License;
import org.jspecify.annotations.Nullable;

/**
 * Maps hosts' licence names to SPDX identifiers, if a name means exactly one licence: {@code cc-by-4.0} does,
 * {@code cc-by} and {@code gpl-3.0} do not.
 */
public final class SpdxMapper {

    /** The host's name in lower case to the identifier. */
    private static final Map<String, String> SPDX = known();

    private static final Pattern CREATIVE_COMMONS = Pattern.compile("https?://(?:www\\.)?creativecommons\\.org/"
            + "(?:licenses/([a-z-]+)/([0-9.]+)|publicdomain/zero/1\\.0)(?:/(?:deed(?:\\.[a-z]+)?|legalcode)?)?");

    /** The full names of Creative Commons licences, with the additions that hosts make. */
    private static final Pattern NAME = Pattern.compile(
            "(?:cc[ -]by[a-z -]* )?(?:creative commons )?attribution"
                    + "([ -]non-?commercial)?(?:[ -](share-?alike)|[ -](no-?deriv(?:ative)?s))? ([0-9]\\.[0-9])"
                    + "(?: (?:international|unported|generic))?(?: public)?(?: licen[cs]e)?(?: \\(cc[ -]by[a-z -]*[0-9.]*\\))?");

    private static final Pattern ZERO =
            Pattern.compile("(?:cc0(?:[ -]1\\.0)?|creative commons zero v?1\\.0)(?: universal)?"
                    + "(?: \\(cc0 1\\.0\\))?(?::? public domain(?: dedication)?)?");

    private SpdxMapper() {}

    private static Map<String, String> known() {
        List<String> exact = new ArrayList<>(
                List.of(("CC0-1.0 MIT Apache-2.0 BSD-2-Clause BSD-3-Clause ISC MPL-2.0 Unlicense ODbL-1.0 "
                                + "ODC-By-1.0 PDDL-1.0 CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 "
                                + "GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later AGPL-3.0-only "
                                + "AGPL-3.0-or-later LGPL-3.0-only LGPL-3.0-or-later")
                        .split(" ")));
        for (String version : List.of("1.0", "2.0", "2.5", "3.0", "4.0")) {
            for (String form : List.of("BY", "BY-SA", "BY-ND", "BY-NC", "BY-NC-SA", "BY-NC-ND")) {
                exact.add("CC-" + form + "-" + version);
            }
        }
        Map<String, String> map = new HashMap<>();
        exact.forEach(spdx -> map.put(spdx.toLowerCase(Locale.ROOT), spdx));
        // Zenodo's names before it adopted SPDX identifiers.
        map.put("cc-zero", "CC0-1.0");
        map.put("mit-license", "MIT");
        return Map.copyOf(map);
    }

    /**
     * The licence that a host states.
     *
     * @param id the host's short name; null if there is none
     * @param title the host's full name; null if there is none
     */
    public static License of(@Nullable String id, @Nullable String title, @Nullable String url) {
        String spdx = id == null ? null : SPDX.get(id.toLowerCase(Locale.ROOT));
        if (spdx == null && url != null) {
            spdx = byUrl(url);
        }
        if (spdx == null && title != null) {
            spdx = byName(title.toLowerCase(Locale.ROOT).strip());
        }
        if (spdx != null) {
            return new License(spdx, null, url, null);
        }
        String name = title == null ? id : title;
        return name == null && url == null ? License.UNKNOWN : new License(null, name, url, null);
    }

    private static @Nullable String byName(String name) {
        Matcher words = NAME.matcher(name);
        if (!words.matches()) {
            return ZERO.matcher(name).matches() ? "CC0-1.0" : SPDX.get(name.replace(' ', '-'));
        }
        return SPDX.get("cc-by" + (words.group(1) == null ? "" : "-nc") + (words.group(2) == null ? "" : "-sa")
                + (words.group(3) == null ? "" : "-nd") + "-" + words.group(4));
    }

    /** URLs of Creative Commons contain form and version; those of adapted licences have a longer path. */
    private static @Nullable String byUrl(String url) {
        Matcher form = CREATIVE_COMMONS.matcher(url.toLowerCase(Locale.ROOT));
        if (!form.matches()) {
            return null;
        }
        return form.group(1) == null ? "CC0-1.0" : SPDX.get("cc-" + form.group(1) + "-" + form.group(2));
    }
}
