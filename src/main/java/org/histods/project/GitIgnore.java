package org.histods.project;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code .gitignore} files of a repository say of a path. Only plain names are understood: git itself is not asked,
 * because a repository can name commands that git runs.
 */
final class GitIgnore {

    private GitIgnore() {}

    /** Whether a path is in a git repository in which no {@code .gitignore} names it or a folder above it. */
    static boolean tracks(Path path) {
        Path root = repository(path.getParent());
        if (root == null) {
            return false;
        }
        for (Path folder = path.getParent(); folder != null && folder.startsWith(root); folder = folder.getParent()) {
            if (names(folder.resolve(".gitignore"), folder.relativize(path))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Path repository(@Nullable Path folder) {
        Path above = folder;
        while (above != null && !Files.exists(above.resolve(".git"), LinkOption.NOFOLLOW_LINKS)) {
            above = above.getParent();
        }
        return above;
    }

    private static boolean names(Path ignore, Path path) {
        if (!Files.isRegularFile(ignore)) {
            return false;
        }
        try {
            return Files.readString(ignore, StandardCharsets.ISO_8859_1)
                    .lines()
                    .anyMatch(line -> matches(line.strip(), path));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean matches(String line, Path path) {
        String name = line.replaceFirst("/\\*{0,2}$", "");
        if (name.equals("*")) {
            return true;
        }
        if (name.indexOf('/') >= 0) {
            String relative = name.replaceFirst("^(?:\\*\\*)?/", "");
            return !relative.isEmpty() && path.startsWith(relative);
        }
        return List.of(path.toString().split("/")).contains(name);
    }
}
