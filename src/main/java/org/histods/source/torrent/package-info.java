/** Torrents and their web seeds. */
@org.jspecify.annotations.NullMarked
package org.histods.source.torrent;
