package org.histods.serve;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The reports of {@code histods audit --html} in one folder.
 *
 * @param folder null if none are served
 */
record Audits(@Nullable Path folder) {

    boolean there() {
        return folder != null;
    }

    /** The names of the reports, sorted. */
    List<String> names() {
        if (folder == null) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(Audits::isReport)
                    .map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException gone) {
            return List.of();
        }
    }

    private static boolean isReport(Path path) {
        return path.toString().endsWith(".html") && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** The report of that name; empty if there is none. */
    Optional<Path> report(String name) {
        return folder != null && names().contains(name) ? Optional.of(folder.resolve(name)) : Optional.empty();
    }
}
