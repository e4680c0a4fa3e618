package org.histods.unpack.stream;

import org.apache.commons.compress.archivers.tar.TarUtils;

/** The first bytes that tell one kind of file from another. */
public final class MagicBytes {

    /** How many bytes are looked at: one record of a tar. */
    public static final int LENGTH = 512;

    /** How many tell every other kind. */
    public static final int SHORT = 8;

    private static final int TAR_MAGIC = 257;

    private MagicBytes() {}

    /** Whether these characters, each of them one byte, stand there. */
    static boolean at(byte[] bytes, int offset, String magic) {
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

    /** Members, an empty archive, or the first part of a split one. */
    public static boolean zip(byte[] first) {
        return at(first, 0, "PK\3\4") || at(first, 0, "PK\5\6") || at(first, 0, "PK\7\u0008");
    }

    public static boolean sevenZ(byte[] first) {
        return at(first, 0, "7z\u00bc\u00af'\u001c");
    }

    public static boolean rar(byte[] first) {
        return at(first, 0, "Rar!\u001a\7");
    }

    /** The word that POSIX and GNU write, or a header of before 1988 whose checksum is right. */
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

    /** A tar without members is nothing but zeros. */
    public static boolean zeros(byte[] first) {
        for (byte b : first) {
            if (b != 0) {
                return false;
            }
        }
        return first.length == LENGTH;
    }
}
