package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The state of a file on this machine, by which it is noticed that the file was changed or replaced.
 *
 * @param bytes its size
 * @param modified when its content was last written to; programs can set it
 * @param changed when its content or attributes last changed; unlike {@code modified}, no program can set it
 * @param key identifies the file, whatever its names
 */
public record FileStamp(
        long bytes,
        FileTime modified,
        FileTime changed,
        @Nullable Object key) {

    /** The present one. */
    public static FileStamp of(Path file) throws IOException {
        Map<String, Object> all = Files.readAttributes(file, "unix:size,lastModifiedTime,ctime,fileKey");
        return new FileStamp(
                (long) Objects.requireNonNull(all.get("size")),
                (FileTime) Objects.requireNonNull(all.get("lastModifiedTime")),
                (FileTime) Objects.requireNonNull(all.get("ctime")),
                all.get("fileKey"));
    }

    /** Whether size and time are those of the other. If not, the content has changed; if so, it most likely has not. */
    public boolean resembles(FileStamp other) {
        return bytes == other.bytes && modified.equals(other.modified);
    }
}
