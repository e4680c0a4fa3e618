package org.histods.manifest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Optional;
import org.histods.digest.Checksum;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/**
 * A file of a source that the manifest pins.
 *
 * @param path in the dataset, and at the source unless there is {@code at}. A path that ends with a slash is a folder; its
 *     checksum is a git tree id
 * @param at its URL or file id at the source; null if that is the path
 * @param bytes its exact size; null if unknown
 * @param size an approximate size if {@code bytes} is null; null if unknown
 * @param checksums all published checksums
 * @param role such as {@code train}, {@code images}, {@code labels} …
 * @param variant its variant; null for all
 * @param unpack whether it is unpacked; null for the default (zip, tar and 7z are, a single gz is not)
 * @param into the folder to unpack into; null for the folder of the archive
 * @param optional whether a pull is complete without it
 */
public record PinnedFile(
        String path,
        @Nullable String at,
        @Nullable Long bytes,
        @Nullable StatedSize size,
        @JsonProperty("sums") List<Published> checksums,
        @Nullable String role,
        @Nullable String variant,
        @Nullable Boolean unpack,
        @Nullable String into,
        boolean optional) {

    /**
     * A checksum and its publisher.
     *
     * @param checksum of the downloaded file
     * @param by the publisher, such as {@code Zenodo} or {@code tensorflow/datasets}
     */
    public record Published(@JsonProperty("sum") Checksum checksum, String by) {
        public Published {
            requireNonNull(checksum, "sum");
            requireNonNull(by, "by");
        }
    }

    public PinnedFile {
        requireNonNull(path, "path");
        if (bytes != null && bytes < 0) {
            throw new IllegalArgumentException("a size cannot be " + bytes + " bytes");
        }
        checksums = ManifestFields.orEmpty(checksums);
    }

    /**
     * This file with what a manifest says of its use.
     *
     * @param before the file of that name in an earlier version; null if it had none
     */
    public PinnedFile like(@Nullable PinnedFile before) {
        return before == null
                ? this
                : new PinnedFile(
                        path,
                        at,
                        bytes,
                        size,
                        checksums,
                        before.role,
                        before.variant,
                        before.unpack,
                        before.into,
                        before.optional);
    }

    /** Whether it is a file of that variant of the dataset; null is the dataset without variants. */
    public boolean belongsTo(@Nullable String name) {
        return variant == null || variant.equals(name);
    }

    /** Whether this is a folder of many files rather than one file. */
    public boolean folder() {
        return path.endsWith("/");
    }

    /** The path without the slash that marks a folder. */
    public String plainPath() {
        return folder() ? path.substring(0, path.length() - 1) : path;
    }

    /** Its size, as exactly as known. */
    public Size stated() {
        return size == null ? Size.of(bytes) : size.size();
    }

    /** The git tree id of a folder, empty if none is pinned. */
    public Optional<Published> gitTree() {
        return checksums.stream()
                .filter(p -> p.checksum().algorithm().ofFolder())
                .findFirst();
    }
}
