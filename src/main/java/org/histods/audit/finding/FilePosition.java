package org.histods.audit.finding;

import java.util.OptionalInt;

/**
 * A place in the audited folder.
 *
 * @param path from the folder, with {@code /}
 * @param position the line number, or cell and line in a notebook; empty for the whole file
 */
public record FilePosition(String path, String position) {

    /** The whole file at that path. */
    public static FilePosition file(String path) {
        return new FilePosition(path, "");
    }

    /** Such as {@code train.py:12}. */
    public String shown() {
        return position.isEmpty() ? path : path + ":" + position;
    }

    /** The line in the file, from 1; empty for a whole file and for a cell of a notebook. */
    public OptionalInt line() {
        return position.matches("[1-9][0-9]{0,8}") ? OptionalInt.of(Integer.parseInt(position)) : OptionalInt.empty();
    }
}
