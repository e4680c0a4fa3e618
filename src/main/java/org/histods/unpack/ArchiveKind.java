package org.histods.unpack;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.histods.unpack.stream.Codec;
import org.histods.unpack.stream.MagicBytes;
import org.jspecify.annotations.Nullable;

/** Kinds of archives. */
public enum ArchiveKind {
    ZIP(null, ".zip"),
    TAR(null, ".tar"),
    TAR_GZ(Codec.GZ, ".tar.gz", ".tgz"),
    TAR_BZ2(Codec.BZ2, ".tar.bz2", ".tbz2", ".tbz"),
    TAR_XZ(Codec.XZ, ".tar.xz", ".txz"),
    TAR_ZST(Codec.ZST, ".tar.zst", ".tzst"),
    /** One compressed file, like the next three. */
    GZ(Codec.GZ, ".gz"),
    BZ2(Codec.BZ2, ".bz2"),
    XZ(Codec.XZ, ".xz"),
    ZST(Codec.ZST, ".zst", ".zstd"),
    SEVEN_Z(null, ".7z"),
    /** Recognised, so that a message can say what to do; not unpacked. */
    RAR(null, ".rar");

    /** Endings of archives that hold files, and are kept as they are. A program may unpack itself. */
    private static final List<String> UNSUPPORTED = List.of(
            ".tar.lzma",
            ".tlz",
            ".tar.lz",
            ".tar.lz4",
            ".tar.lzo",
            ".tar.lrz",
            ".tar.br",
            ".tar.z",
            ".taz",
            ".cpio",
            ".xar",
            ".cab",
            ".arj",
            ".ace",
            ".lha",
            ".lzh",
            ".sit",
            ".sitx",
            ".dmg",
            ".iso",
            ".exe");

    private final @Nullable Codec codec;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> endings;

    ArchiveKind(@Nullable Codec codec, String... endings) {
        this.codec = codec;
        this.endings = List.of(endings);
    }

    /** Whether it holds files with names, and is therefore unpacked unless the manifest says otherwise. */
    public boolean container() {
        return !(this == GZ || this == BZ2 || this == XZ || this == ZST);
    }

    /** The kind by the ending of a file name; empty if it is not one of a known kind. */
    public static Optional<ArchiveKind> named(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        for (ArchiveKind kind : values()) {
            if (kind.endings.stream().anyMatch(lower::endsWith)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /**
     * Whether a file is unpacked.
     *
     * @param stated what the manifest says; null for the default
     * @param name of the file, or its path
     */
    public static boolean unpacks(@Nullable Boolean stated, String name) {
        return stated != null ? stated : named(name).map(ArchiveKind::container).orElse(false);
    }

    /** Why an archive of that name is kept as it is; empty if it is unpacked, or no archive of files. */
    public static Optional<String> whyKeptPacked(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (UNSUPPORTED.stream().anyMatch(lower::endsWith)) {
            return Optional.of("histods does not unpack this kind of archive");
        }
        return SplitArchives.whole(name)
                .filter(whole -> named(whole).filter(ArchiveKind::container).isPresent())
                .map(whole -> "it is one part of " + whole);
    }

    static Optional<Codec> codecOf(byte[] first) {
        for (Codec codec : Codec.values()) {
            if (codec.begins(first)) {
                return Optional.of(codec);
            }
        }
        return Optional.empty();
    }

    static Optional<ArchiveKind> plain(byte[] first) {
        if (MagicBytes.zip(first)) {
            return Optional.of(ZIP);
        }
        if (MagicBytes.sevenZ(first)) {
            return Optional.of(SEVEN_Z);
        }
        if (MagicBytes.rar(first)) {
            return Optional.of(RAR);
        }
        return MagicBytes.tar(first) ? Optional.of(TAR) : Optional.empty();
    }

    static ArchiveKind packed(Codec codec, boolean tar) {
        return switch (codec) {
            case GZ -> tar ? TAR_GZ : GZ;
            case BZ2 -> tar ? TAR_BZ2 : BZ2;
            case XZ -> tar ? TAR_XZ : XZ;
            case ZST -> tar ? TAR_ZST : ZST;
        };
    }

    /** The compression of the stream; null for a plain tar and for kinds that are not streams. */
    @Nullable
    Codec codec() {
        return codec;
    }

    boolean tar() {
        return this == TAR || (codec != null && container());
    }

    /** The name of the file inside a single compressed file: the last segment without the ending of its kind. */
    String nameInside(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        String lower = last.toLowerCase(Locale.ROOT);
        for (String ending : endings) {
            if (lower.endsWith(ending) && last.length() > ending.length()) {
                return last.substring(0, last.length() - ending.length());
            }
        }
        return last;
    }
}
