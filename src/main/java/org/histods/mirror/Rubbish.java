package org.histods.mirror;

import java.nio.file.Path;

/**
 * Something that may be thrown away.
 *
 * @param path where it is
 * @param bytes how large
 * @param reason why nobody needs it
 */
public record Rubbish(Path path, long bytes, String reason) {}
