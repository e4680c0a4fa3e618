package org.histods.source.github;

import java.util.ArrayList;
import java.util.List;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.GitObjects;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What GitHub's REST interface says of trees and releases. Each method is one request. */
final class GithubApi {

    static final String BY = "GitHub";

    private GithubApi() {}

    /** A file of a tree; {@code path} is relative to the tree that was asked for. */
    record Blob(String path, boolean executable, @Nullable Long bytes, Checksum id) {}

    /** A file of a release. */
    record Asset(String name, @Nullable Long bytes, List<Stated> sums) {}

    /** The answer to a request below the repository, with what is special to GitHub explained. */
    static JsonNode read(GithubRepo repo, String rest, Transport transport) throws Problem {
        Request request = Request.get(repo.api(rest)).with("Accept", "application/vnd.github+json");
        try {
            return JsonResponse.read(transport, request, repo.subject(), repo.page());
        } catch (Problem problem) {
            throw explained(repo, problem);
        }
    }

    /** A commit, and the tree and the date that it has. */
    record Commit(String id, String tree, @Nullable String date) {}

    /** The commit that the repo's ref names today. */
    static Commit commit(GithubRepo repo, Transport transport) throws Problem {
        JsonNode answer = read(repo, "commits/" + UrlEncoding.segment(repo.ref()), transport);
        String id = JsonResponse.text(answer, "sha");
        String tree = JsonResponse.text(answer, "commit", "tree", "sha");
        if (id == null || tree == null) {
            throw new Problem(Kind.NETWORK, repo.subject() + ": GitHub names no commit for it");
        }
        return new Commit(id, tree, JsonResponse.text(answer, "commit", "committer", "date"));
    }

    private static Problem explained(GithubRepo repo, Problem problem) {
        Integer status = SourceProblems.status(problem);
        boolean refused = status != null && (status == 403 || status == 429);
        if (!refused && !SourceProblems.says(problem, "allowance is used up")) {
            return problem;
        }
        // What the problem says already may hold when the allowance is renewed.
        return SourceProblems.like(
                problem,
                problem.message()
                        + "\n  GitHub's interface allows an address 60 questions an hour without an account, 5,000 with a"
                        + " token, and none to a repository that it has blocked",
                "a token counts at once: histods login github.com; else wait for an hour; see " + repo.page());
    }

    /**
     * All files below a tree, at any depth.
     *
     * @param treeish id of a tree or a commit, or a tag
     * @throws Problem {@code USAGE} if the listing is cut off, or holds links or submodules
     */
    static List<Blob> tree(GithubRepo repo, String treeish, Transport transport) throws Problem {
        JsonNode answer = read(repo, "git/trees/" + UrlEncoding.segment(treeish) + "?recursive=1", transport);
        if (answer.path("truncated").asBoolean(false)) {
            throw unlistable(repo, "GitHub cuts the listing off, because it is too long");
        }
        List<Blob> blobs = new ArrayList<>();
        for (JsonNode entry : answer.path("tree").values()) {
            String path = JsonResponse.name(entry, "path");
            String type = JsonResponse.text(entry, "type");
            String mode = JsonResponse.text(entry, "mode");
            if ("tree".equals(type)) {
                continue;
            }
            if (!"blob".equals(type) || "120000".equals(mode)) {
                throw unlistable(repo, path + " is a symbolic link or a submodule");
            }
            blobs.add(
                    new Blob(path, "100755".equals(mode), JsonResponse.size(entry, "size"), blobId(repo, entry, path)));
        }
        return blobs;
    }

    private static Problem unlistable(GithubRepo repo, String why) {
        return new Problem(
                Kind.USAGE,
                repo.subject() + " cannot be listed file by file: " + why,
                "leave out options.via, so that the archive of the commit is taken");
    }

    private static Checksum blobId(GithubRepo repo, JsonNode entry, String path) throws Problem {
        String sha = JsonResponse.text(entry, "sha");
        try {
            return new Checksum(Algorithm.GIT_BLOB, sha == null ? "" : sha);
        } catch (IllegalArgumentException e) {
            throw new Problem(Kind.NETWORK, repo.subject() + ": GitHub lists " + path + " without its id");
        }
    }

    /**
     * Compares a listing with the tree id that is pinned, by computing the id that a folder of these files has.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if they differ
     */
    static void mustBe(Checksum pinned, List<Blob> blobs, String subject) throws Problem {
        GitObjects.Tree tree = new GitObjects.Tree();
        try {
            blobs.forEach(b -> tree.add(b.path(), b.executable(), b.id()));
        } catch (IllegalArgumentException e) {
            throw new Problem(Kind.WRONG_BYTES, subject + ": GitHub's listing is no tree: " + e.getMessage());
        }
        Checksum listed = tree.id();
        if (!listed.equals(pinned)) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + " is another than the one pinned\n  expected  " + pinned + "\n  listed    " + listed,
                    "compare the commit in the manifest with the repository's history");
        }
    }

    /** The files of the release with the repo's ref as its tag; empty if it has none. */
    static List<Asset> release(GithubRepo repo, Transport transport) throws Problem {
        return assets(read(repo, "releases/tags/" + UrlEncoding.segment(repo.ref()), transport));
    }

    static List<Asset> assets(JsonNode release) {
        List<Asset> assets = new ArrayList<>();
        for (JsonNode asset : release.path("assets").values()) {
            String name = JsonResponse.name(asset, "name");
            // GitHub states digests of files uploaded since June 2025; the field is null for older files.
            List<Stated> digest = StatedChecksums.text(JsonResponse.text(asset, "digest"), BY);
            assets.add(new Asset(name, JsonResponse.size(asset, "size"), digest));
        }
        return assets;
    }
}
