package org.histods.unpack;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.histods.digest.Algorithm;
import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * How an archive unpacks.
 *
 * @param into folder below the tree's root that members go into; empty for the root
 * @param folder the folder of the archive that counts, without its own name in the result; {@code *} stands for one
 *     segment of any name; null for the whole archive
 * @param skip globs ({@link org.histods.digest.Glob}) of member paths that are left out, beside the rubbish that is always left out
 *     ({@code __MACOSX/}, {@code .DS_Store}, {@code Thumbs.db})
 * @param wanted which resulting paths are written, asked by one thread; members it refuses are checked like the others
 *     and left out
 * @param charset of member names that neither state to be UTF-8 nor are valid UTF-8; null for code page 437. In a zip,
 *     one such name shows that all names that state nothing are in it
 * @param also checksums to compute of every file beside SHA-256
 * @param limits what an archive may not exceed
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
     * @param bytes of all members together
     * @param members how many
     * @param ratio unpacked to packed bytes of the whole archive, looked at from 100 MiB on
     */
    public record Limits(long bytes, long members, long ratio) {
        /** 20 TiB, 20 million members, 1000 to 1: beyond every dataset that is known, and below a bomb. */
        public static final Limits USUAL = new Limits(20L << 40, 20_000_000L, 1000);
    }

    public UnpackOptions {
        skip = List.copyOf(skip);
        also = Set.copyOf(also);
    }

    /** The same for a single packed file, which has no folders. */
    UnpackOptions withoutFolder() {
        return new UnpackOptions(into, null, skip, wanted, charset, also, limits);
    }

    /** Everything, to the top of the tree. */
    public static UnpackOptions whole() {
        return new UnpackOptions("", null, List.of(), path -> true, null, Set.of(), Limits.USUAL);
    }
}
