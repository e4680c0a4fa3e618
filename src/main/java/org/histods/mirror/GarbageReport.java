package org.histods.mirror;

import java.util.List;

/**
 * What was found in a mirror that nobody needs.
 *
 * @param rubbish what may be deleted
 * @param leftAlone what is where histods keeps its own and is not what histods makes there; only a person may delete it
 */
public record GarbageReport(List<GarbageItem> rubbish, List<GarbageItem> leftAlone) {

    public GarbageReport {
        rubbish = List.copyOf(rubbish);
        leftAlone = List.copyOf(leftAlone);
    }
}
