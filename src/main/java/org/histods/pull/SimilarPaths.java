package org.histods.pull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.text.Suggestions;

/** Finds paths and globs similar to a glob that matches nothing. */
final class SimilarPaths {

    /** More paths are not compared one by one; their folders are. */
    private static final int MOST_COMPARED = 20_000;

    private static final int MOST_SHOWN = 5;

    private static final String SPECIAL = "*?[{";

    private final Collection<FilePath> paths;
    private final Set<String> folders = new TreeSet<>();

    SimilarPaths(Collection<FilePath> paths) {
        this.paths = paths;
        for (FilePath path : paths) {
            String folder = path.parent();
            while (!folder.isEmpty() && folders.add(folder)) {
                folder = new FilePath(folder).parent();
            }
        }
    }

    /** What may have been meant; empty if nothing is similar. */
    List<String> to(String glob) {
        List<String> otherCase = inOtherCase(glob);
        if (!otherCase.isEmpty()) {
            return otherCase;
        }
        int special = special(glob);
        if (special == glob.length()) {
            return similarNames(glob);
        }
        int slash = glob.lastIndexOf('/', special);
        String folder = slash < 0 ? "" : glob.substring(0, slash);
        if (!folder.isEmpty() && !folders.contains(folder)) {
            return Suggestions.to(folder, folders).stream()
                    .map(similar -> similar + glob.substring(slash))
                    .toList();
        }
        return endings(glob, folder);
    }

    /** Globs that differ only in upper and lower case, and match something. */
    private List<String> inOtherCase(String glob) {
        Glob lower = Glob.of(glob.toLowerCase(Locale.ROOT));
        return paths.stream()
                .map(FilePath::text)
                .filter(path -> FilePath.fault(path.toLowerCase(Locale.ROOT)) == null
                        && lower.matches(new FilePath(path.toLowerCase(Locale.ROOT))))
                .map(path -> inCaseOf(path, glob))
                .filter(similar -> !similar.equals(glob))
                .distinct()
                .limit(MOST_SHOWN)
                .toList();
    }

    /** The glob with the folders of a path before its first special character, and its ending. */
    private static String inCaseOf(String path, String glob) {
        int special = special(glob);
        if (special == glob.length() && glob.length() == path.length()) {
            return Glob.literal(path);
        }
        int slash = glob.lastIndexOf('/', special);
        String start = slash < 0 ? "" : path.substring(0, slash);
        int dot = glob.lastIndexOf('.');
        String ending = dot < 0 ? "" : glob.substring(dot);
        int at = path.length() - ending.length();
        boolean literal = dot > slash && special(ending) == ending.length() && at > slash;
        String rest = slash < 0 ? glob : glob.substring(slash);
        return literal && path.regionMatches(true, at, ending, 0, ending.length())
                ? start + rest.substring(0, rest.length() - ending.length()) + path.substring(at)
                : start + rest;
    }

    /** The position of the first character that is more than itself; the length if there is none. */
    private static int special(String glob) {
        int special = 0;
        while (special < glob.length() && SPECIAL.indexOf(glob.charAt(special)) < 0) {
            special++;
        }
        return special;
    }

    private List<String> similarNames(String name) {
        Stream<String> files =
                paths.size() > MOST_COMPARED ? Stream.of() : paths.stream().map(FilePath::text);
        List<String> similar = new ArrayList<>();
        for (String known :
                Suggestions.to(name, Stream.concat(folders.stream(), files).collect(Collectors.toSet()))) {
            similar.add(folders.contains(known) ? known + "/**" : known);
        }
        return similar;
    }

    /** The endings of the names in that folder, if the glob ends with another. */
    private List<String> endings(String glob, String folder) {
        int dot = glob.lastIndexOf('.');
        if (dot < 0 || dot < glob.lastIndexOf('/')) {
            return List.of();
        }
        return paths.stream()
                .filter(path -> folder.isEmpty() || path.text().startsWith(folder + "/"))
                .map(FilePath::name)
                .filter(name -> name.lastIndexOf('.') > 0)
                .map(name -> glob.substring(0, dot) + name.substring(name.lastIndexOf('.')))
                .distinct()
                .limit(MOST_SHOWN)
                .toList();
    }
}
