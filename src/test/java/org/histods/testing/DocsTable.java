package org.histods.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Tables of the pages in {@code docs}, which tests compare with the program. */
public final class DocsTable {

    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    private DocsTable() {}

    /** The rows of the table whose head begins like that. */
    public static List<String> rows(String page, String head) throws IOException {
        List<String> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : text(page).lines().toList()) {
            inside = line.startsWith(head) || (inside && line.startsWith("|"));
            if (inside && !line.startsWith(head) && !line.startsWith("|---")) {
                rows.add(line);
            }
        }
        return rows;
    }

    /** The words in backquotes. */
    public static List<String> quoted(String text) {
        return QUOTED.matcher(text).results().map(word -> word.group(1)).toList();
    }

    public static String text(String page) throws IOException {
        return Files.readString(Path.of(System.getProperty("project.basedir", "."), "docs", page));
    }
}
