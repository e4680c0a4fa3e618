package org.histods.mirror;

import java.nio.file.Path;

/**
 * Something that may be deleted.
 *
 * @param kind what it is
 * @param path where it is
 * @param bytes its size
 * @param reason why it is not needed, or why it is left alone
 */
public record GarbageItem(PlaceKind kind, Path path, long bytes, String reason) {}
