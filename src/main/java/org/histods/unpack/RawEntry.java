package org.histods.unpack;

/**
 * A member as it stands in an archive, before anybody has judged it.
 *
 * @param name as read, with {@code /}
 * @param type what it would become
 * @param bytes its size as stated
 */
record RawEntry(String name, Type type, long bytes) {

    enum Type {
        FILE,
        FOLDER,
        /** A second name of a file that came before it. */
        HARD_LINK,
        SYMBOLIC_LINK,
        /** A device, a pipe, a socket, or what no reader knows. */
        SPECIAL
    }

    /** The type that the upper bits of a Unix mode say; a plain file where they say nothing. */
    static Type type(int mode, boolean folder) {
        return switch (mode & 0170000) {
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
