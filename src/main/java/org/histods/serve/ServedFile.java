package org.histods.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A file that may be sent.
 *
 * @param tag identifies the bytes: the entity tag without quotes
 * @param immutable whether its URL always means the same bytes
 * @param state what {@link #state(Path)} was when it had these bytes
 */
record ServedFile(Path file, String tag, boolean immutable, Map<String, Object> state) {

    private static final List<String> WRITTEN = List.of("size", "lastModifiedTime");

    /** The size, times and number of a file, of which some change when it is written to or replaced. */
    static Map<String, Object> state(Path file) throws IOException {
        return Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,ino");
    }

    /** Whether it was written to since. Another link to it, or its removal, changes none of its bytes. */
    boolean written() {
        try {
            Map<String, Object> now = state(file);
            return !WRITTEN.stream().allMatch(field -> Objects.equals(state.get(field), now.get(field)));
        } catch (IOException gone) {
            return false;
        }
    }
}
