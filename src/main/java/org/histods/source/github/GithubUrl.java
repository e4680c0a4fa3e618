package org.histods.source.github;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The target of a URL of GitHub.
 *
 * @param ref a commit, tag or branch; null for the newest
 * @param path of a folder or file; empty for the whole repository
 * @param release whether it is a release, with {@code ref} as its tag
 * @param asset one file of the release; null for all
 */
record GithubUrl(
        String owner,
        String name,
        @Nullable String ref,
        String path,
        boolean release,
        @Nullable String asset) {

    /** The target; null if the URL is not of a repository. */
    static @Nullable GithubUrl of(URI url) {
        String host = url.getHost() == null ? "" : url.getHost();
        String path = url.getPath() == null ? "" : url.getPath();
        List<String> parts =
                Arrays.stream(path.split("/")).filter(s -> !s.isEmpty()).toList();
        if (parts.size() < 2) {
            return null;
        }
        String name = parts.get(1).endsWith(".git")
                ? parts.get(1).substring(0, parts.get(1).length() - 4)
                : parts.get(1);
        GithubUrl whole = new GithubUrl(parts.get(0), name, null, "", false, null);
        return switch (host) {
            case "raw.githubusercontent.com" -> parts.size() < 4 ? null : whole.below(parts, 2);
            case "media.githubusercontent.com" -> parts.size() < 5 ? null : of(parts.subList(1, parts.size()));
            case "github.com", "www.github.com" -> whole.page(parts);
            case "codeload.github.com" -> parts.size() < 4 ? null : whole.at(archived(rest(parts, 3)), "");
            case "api.github.com" -> parts.size() < 3 ? null : of(parts.subList(1, parts.size()));
            default -> null;
        };
    }

    /** The target of owner, repository and what follows, as in URLs with a prefix before them. */
    private static GithubUrl of(List<String> parts) {
        GithubUrl whole = new GithubUrl(parts.get(0), parts.get(1), null, "", false, null);
        boolean ball = parts.size() > 3 && parts.get(2).matches("(zip|tar)ball");
        if (ball) {
            return whole.at(archived(rest(parts, 3)), "");
        }
        return parts.size() > 3 && !parts.get(2).matches("contents|releases|git|commits|branches")
                ? whole.below(parts, 2)
                : whole;
    }

    /** The ref at that index, short or full, and the path after it. */
    private GithubUrl below(List<String> parts, int at) {
        boolean full = parts.size() > at + 2
                && parts.get(at).equals("refs")
                && parts.get(at + 1).matches("heads|tags");
        int ref = full ? at + 2 : at;
        return at(parts.get(ref), rest(parts, ref + 1));
    }

    private GithubUrl page(List<String> parts) {
        String what = parts.size() > 2 ? parts.get(2) : "";
        boolean more = parts.size() > 3;
        // A branch whose name has a slash cannot be told from a folder here; commits and most tags have none.
        return switch (what) {
            case "tree", "blob", "raw", "blame", "commit", "commits" -> more ? below(parts, 3) : this;
            case "releases" -> release(parts);
            case "archive" -> more ? at(archived(rest(parts, 3)), "") : this;
            default -> this;
        };
    }

    private GithubUrl release(List<String> parts) {
        String what = parts.size() > 3 ? parts.get(3) : "";
        if (what.equals("tag") && parts.size() > 4) {
            return new GithubUrl(owner, name, rest(parts, 4), "", true, null);
        }
        if (what.equals("download") && parts.size() > 5) {
            String tag = String.join("/", parts.subList(4, parts.size() - 1));
            return new GithubUrl(owner, name, tag, "", true, parts.get(parts.size() - 1));
        }
        return new GithubUrl(owner, name, null, "", true, null);
    }

    private GithubUrl at(String other, String folder) {
        return new GithubUrl(owner, name, other, folder, false, null);
    }

    private static String rest(List<String> parts, int from) {
        return String.join("/", parts.subList(from, parts.size()));
    }

    private static String archived(String file) {
        return file.replaceAll("\\.(zip|tar\\.gz)$", "").replaceAll("^refs/(heads|tags)/", "");
    }
}
