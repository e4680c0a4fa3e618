package org.histods.serve;

import java.io.IOException;
import java.nio.file.Path;
import org.histods.mirror.FileStamp;

/**
 * A file that may be sent.
 *
 * @param tag identifies the bytes: the entity tag without quotes
 * @param immutable whether its URL always means the same bytes
 * @param stamp its state when it had these bytes
 */
record ServedFile(Path file, String tag, boolean immutable, FileStamp stamp) {

    /** Whether it was written to since. Another link to it, or its removal, changes none of its bytes. */
    boolean written() {
        try {
            return !FileStamp.of(file).resembles(stamp);
        } catch (IOException gone) {
            return false;
        }
    }
}
