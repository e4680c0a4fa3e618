package org.histods.unpack.stream;

import org.apache.commons.compress.archivers.tar.TarUtils;

/** The first bytes of files, by which their kind is detected. */
public final class MagicBytes {

    /** How many bytes are needed to detect a tar: one record. */
    public static final int LENGTH = 512;

    /** How many are needed for every other kind. */
    public static final int SHORT = 8;

    private static final int TAR_MAGIC = 257;

    private MagicBytes() {}

    /** Whether these characters, one byte each, are at that offset. */
    public static boolean at(byte[] bytes, int offset, String magic) {
        if (bytes.length < offset + magic.length()) {
            return false;
        }
        for (int i = 0; i < magic.length(); i++) {
            if ((bytes[offset + i] & 0xff) != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** A zip with entries, an empty one, or the first part of a split one. */
    public static boolean zip(byte[] first) {
        return at(first, 0, "PK\3\4") || at(first, 0, "PK\5\6") || at(first, 0, "PK\7\u0008");
    }

    public static boolean sevenZ(byte[] first) {
        return at(first, 0, "7z\u00bc\u00af'\u001c");
    }

    /** A frame of zstd without content in front of others, as pzstd writes them (RFC 8878, 3.1.2). */
    static boolean zstdSkippable(byte[] first) {
        return first.length > 4 && (first[0] & 0xf0) == 0x50 && at(first, 1, "*M\u0018");
    }

    public static boolean rar(byte[] first) {
        return at(first, 0, "Rar!\u001a\7");
    }

    /** The magic of ustar and GNU tar, or a header of before 1988 with a right checksum. */
    public static boolean tar(byte[] first) {
        if (first.length < LENGTH) {
            return false;
        }
        return at(first, TAR_MAGIC, "ustar") || (first[0] != 0 && tarChecksum(first));
    }

    /** Whether these 512 bytes have the checksum that a tar header has. */
    public static boolean tarChecksum(byte[] header) {
        try {
            return TarUtils.verifyCheckSum(header);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether it is a record of zeros, as at the end of a tar. */
    public static boolean zeros(byte[] first) {
        for (byte b : first) {
            if (b != 0) {
                return false;
            }
        }
        return first.length == LENGTH;
    }
}
