package org.histods.audit.finding;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the work is for, in words that terms can be held against.
 *
 * @param said as somebody wrote it; null where nobody said
 * @param uses the known words in it
 * @param strange parts of it that are none of the known words
 */
public record Purpose(@Nullable String said, Set<Use> uses, List<String> strange) {

    /** The words that are known. */
    public enum Use {
        RESEARCH,
        TEACHING,
        /** Something is sold or earned with the result. */
        COMMERCIAL,
        /** Data, or what is made from them, are passed on to others. */
        REDISTRIBUTION;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Purpose {
        uses = Set.copyOf(uses);
        strange = List.copyOf(strange);
    }

    /** Reads words with commas between them. */
    public static Purpose of(@Nullable String said) {
        Set<Use> uses = new LinkedHashSet<>();
        List<String> strange = new ArrayList<>();
        for (String part : said == null ? new String[0] : said.split("[,;]")) {
            String word = part.strip().toLowerCase(Locale.ROOT);
            boolean known = false;
            for (Use use : Use.values()) {
                if (use.word().equals(word)) {
                    uses.add(use);
                    known = true;
                }
            }
            if (!known && !word.isEmpty()) {
                strange.add(part.strip());
            }
        }
        return new Purpose(said, uses, strange);
    }

    public boolean includes(Use use) {
        return uses.contains(use);
    }
}
