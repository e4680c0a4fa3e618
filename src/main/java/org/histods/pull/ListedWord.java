package org.histods.pull;

import org.jspecify.annotations.Nullable;

/**
 * A word of a list that names files: a path, a glob, a split, or an id of a file, slide, series or patient.
 *
 * @param name the file's name, if the list states both; else null
 * @param md5 the file's MD5, if the list states it; else null
 * @param where the list and the line, for messages
 */
public record ListedWord(
        String text, @Nullable String name, @Nullable String md5, String where) {

    public ListedWord(String text, String where) {
        this(text, null, null, where);
    }
}
