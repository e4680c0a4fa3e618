package org.histods.mirror;

import java.util.List;

/**
 * The garbage in a mirror.
 *
 * @param items what may be deleted
 * @param leftAlone files in the place of histods' files that histods did not make; only the user may delete them
 */
public record GarbageReport(List<GarbageItem> items, List<GarbageItem> leftAlone) {

    public GarbageReport {
        items = List.copyOf(items);
        leftAlone = List.copyOf(leftAlone);
    }
}
