package org.histods.unpack;

/**
 * An entry as the archive states it, before it is checked.
 *
 * @param name as decoded, with {@code /}
 * @param type what it would become
 * @param bytes its stated size
 */
record RawEntry(String name, Type type, long bytes) {

    /** The bits of a Unix mode that hold the type. */
    static final int TYPE_BITS = 0170000;

    enum Type {
        FILE,
        FOLDER,
        /** A second name of a file in the archive. */
        HARD_LINK,
        SYMBOLIC_LINK,
        /** A device, a pipe, a socket, or an unknown type. */
        SPECIAL
    }

    /** The type in the upper bits of a Unix mode; a plain file where they are not set. */
    static Type type(int mode, boolean folder) {
        return switch (mode & TYPE_BITS) {
            case 0, 0100000 -> folder ? Type.FOLDER : Type.FILE;
            case 0040000 -> Type.FOLDER;
            case 0120000 -> Type.SYMBOLIC_LINK;
            default -> Type.SPECIAL;
        };
    }

    /** Whether the owner may run it, the one bit of a mode that git keeps too. */
    static boolean executable(int mode) {
        return (mode & 0100) != 0;
    }
}
