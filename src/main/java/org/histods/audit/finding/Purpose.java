package org.histods.audit.finding;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The purpose of the work, which licence terms are checked against.
 *
 * @param text as written; null if not stated
 * @param uses the known words in it
 * @param unknown the other words in it
 */
public record Purpose(@Nullable String text, Set<Use> uses, List<String> unknown) {

    /** The known words. */
    public enum Use {
        RESEARCH,
        TEACHING,
        /** The result is sold, or makes money in another way. */
        COMMERCIAL,
        /** Data, or works derived from them, are passed on to others. */
        REDISTRIBUTION;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Purpose {
        uses = Set.copyOf(uses);
        unknown = List.copyOf(unknown);
    }

    /** Parses words separated by commas. */
    public static Purpose of(@Nullable String text) {
        Set<Use> uses = new LinkedHashSet<>();
        List<String> unknown = new ArrayList<>();
        for (String part : text == null ? new String[0] : text.split("[,;]")) {
            String word = part.strip().toLowerCase(Locale.ROOT);
            boolean known = false;
            for (Use use : Use.values()) {
                if (use.word().equals(word)) {
                    uses.add(use);
                    known = true;
                }
            }
            if (!known && !word.isEmpty()) {
                unknown.add(part.strip());
            }
        }
        return new Purpose(text, uses, unknown);
    }

    public boolean includes(Use use) {
        return uses.contains(use);
    }
}
