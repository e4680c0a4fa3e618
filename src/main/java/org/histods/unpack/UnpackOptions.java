package org.histods.unpack;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.histods.digest.Algorithm;
import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * Options for unpacking an archive.
 *
 * @param into folder below the tree's root that entries go into; empty for the root
 * @param folder the only folder of the archive that is unpacked, without its own name in the result; {@code *} stands for
 *     one segment of any name; null for the whole archive
 * @param skip globs ({@link org.histods.digest.Glob}) of entry names that are left out. What only an operating system
 *     uses is always left out ({@code __MACOSX/}, {@code .DS_Store}, AppleDouble files {@code ._*}, {@code Thumbs.db})
 *     unless a git tree is compared
 * @param wanted which resulting paths are written; called by one thread. The paths of other entries are checked all the
 *     same
 * @param charset of entry names that are neither stated to be UTF-8 nor valid UTF-8; null for code page 437. In a zip,
 *     one such name shows that all names without a stated charset are in it
 * @param also checksums to compute of every file besides SHA-256; a git blob id says that a git tree is compared, so that
 *     nothing is left out or copied for a link
 * @param limits the most that an archive may hold
 */
public record UnpackOptions(
        String into,
        @Nullable String folder,
        List<String> skip,
        Predicate<FilePath> wanted,
        @Nullable String charset,
        Set<Algorithm> also,
        Limits limits) {

    /**
     * The most that an archive may hold.
     *
     * @param bytes of all entries together
     * @param entries how many
     * @param ratio unpacked to packed bytes of the whole archive, checked from 100 MiB on
     */
    public record Limits(long bytes, long entries, long ratio) {
        /** 20 TiB, 20 million entries, 1000 to 1: more than every known dataset needs, and less than a bomb. */
        public static final Limits USUAL = new Limits(20L << 40, 20_000_000L, 1000);
    }

    public UnpackOptions {
        skip = List.copyOf(skip);
        also = Set.copyOf(also);
    }

    /** The same for a single compressed file, which has no folders. */
    UnpackOptions withoutFolder() {
        return new UnpackOptions(into, null, skip, wanted, charset, also, limits);
    }

    /** All entries, to the top of the tree. */
    public static UnpackOptions whole() {
        return new UnpackOptions("", null, List.of(), path -> true, null, Set.of(), Limits.USUAL);
    }
}
