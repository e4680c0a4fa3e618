package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import org.histods.digest.Checksum;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/**
 * A file that the manifest pins at a source.
 *
 * @param path where it lies in the dataset, and at the source unless {@code at} says otherwise. A path that ends with
 *     a slash is a folder; its checksum is a git tree id
 * @param at its address at the source where that is not the path: a URL, a file id
 * @param bytes its size, null if it is not known exactly
 * @param size what somebody states of its size where {@code bytes} is null; null if nobody does
 * @param sums every checksum that somebody published of it
 * @param role what it is, in the manifest's words: {@code train}, {@code images}, {@code labels} …
 * @param variant the variant it belongs to, null for all
 * @param unpack whether it is unpacked; null for the rule of its kind (zip, tar and 7z are, a lone gz is not)
 * @param into the folder of the dataset that it unpacks into, null for the folder that it lies in
 * @param optional whether a pull is whole without it
 */
public record PinnedFile(
        String path,
        @Nullable String at,
        @Nullable Long bytes,
        @Nullable StatedSize size,
        List<Published> sums,
        @Nullable String role,
        @Nullable String variant,
        @Nullable Boolean unpack,
        @Nullable String into,
        boolean optional) {

    /**
     * A checksum and who published it.
     *
     * @param sum the checksum, of the file's bytes as they are fetched
     * @param by whose word it is, such as {@code Zenodo} or {@code tensorflow/datasets}
     */
    public record Published(Checksum sum, String by) {
        public Published {
            requireNonNull(sum, "sum");
            requireNonNull(by, "by");
        }
    }

    public PinnedFile {
        requireNonNull(path, "path");
        if (bytes != null && bytes < 0) {
            throw new IllegalArgumentException("no file has " + bytes + " bytes");
        }
        sums = List.copyOf(Manifest.orEmpty(sums));
    }

    /** Whether this is a folder of many files rather than one file. */
    public boolean folder() {
        return path.endsWith("/");
    }

    /** The path without the slash that marks a folder. */
    public String plainPath() {
        return folder() ? path.substring(0, path.length() - 1) : path;
    }

    /** Its size, as precisely as it is known. */
    public Size stated() {
        return size == null ? Size.of(bytes) : size.size();
    }

    /** The git tree id of a folder, empty where none is pinned. */
    public Optional<Published> gitTree() {
        return sums.stream().filter(p -> p.sum().algorithm().ofFolder()).findFirst();
    }
}
