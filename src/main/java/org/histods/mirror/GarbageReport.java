package org.histods.mirror;

import java.util.List;

/**
 * The garbage in a mirror.
 *
 * @param items what may be deleted
 * @param leftAlone what is in the place of histods' files and was not made by histods; only the user may delete it
 */
public record GarbageReport(List<GarbageItem> items, List<GarbageItem> leftAlone) {

    public GarbageReport {
        items = List.copyOf(items);
        leftAlone = List.copyOf(leftAlone);
    }
}
