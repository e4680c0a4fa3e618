package org.histods.mirror;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Something that may be deleted.
 *
 * @param kind what it is
 * @param path where it is
 * @param bytes its size
 * @param reason why it is not needed, or why it is left alone
 */
public record GarbageItem(PlaceKind kind, Path path, long bytes, String reason) {

    /** The bag that took the place of a {@link PlaceKind#REPLACED_BAG}; empty for everything else. */
    public Optional<Path> successor() {
        return kind == PlaceKind.REPLACED_BAG ? Optional.of(BagStore.successor(path)) : Optional.empty();
    }

    /** The same, left alone for that reason. */
    public GarbageItem leftAlone(String why) {
        return new GarbageItem(kind, path, 0, why);
    }
}
