package org.histods.serve;

import java.nio.file.Path;

/**
 * A file that may be sent.
 *
 * @param tag identifies the bytes: the entity tag without quotes
 * @param immutable whether its URL always means the same bytes
 */
record ServedFile(Path file, String tag, boolean immutable) {}
