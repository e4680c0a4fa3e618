package org.histods.mirror;

import java.nio.file.Path;

/**
 * Something that may be thrown away.
 *
 * @param kind what it is
 * @param path where it is
 * @param bytes how large
 * @param reason why nobody needs it, or why it is left alone
 */
public record GarbageItem(PlaceKind kind, Path path, long bytes, String reason) {}
