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

/** GitHub's REST API for commits, trees and releases. Each method makes one request. */
final class GithubApi {

    static final String BY = "GitHub";

    private GithubApi() {}

    /** A file of a tree; {@code path} is relative to the requested tree. */
    record Blob(String path, boolean executable, @Nullable Long bytes, Checksum id) {}

    /** A file of a release. */
    record Asset(String name, @Nullable Long bytes, List<Stated> checksums) {}

    /** Sends a request below the repository's URL and explains GitHub's refusals. */
    static JsonNode read(GithubRepo repo, String rest, Transport transport) throws Problem {
        Request request = Request.get(repo.api(rest)).with("Accept", "application/vnd.github+json");
        try {
            return JsonResponse.read(transport, request, repo.subject(), repo.page());
        } catch (Problem problem) {
            throw explained(repo, problem);
        }
    }

    /** A commit with its tree and date. */
    record Commit(String id, String tree, @Nullable String date) {}

    /** The commit that the repository's ref currently points to. */
    static Commit commit(GithubRepo repo, Transport transport) throws Problem {
        JsonNode response = read(repo, "commits/" + UrlEncoding.segment(repo.ref()), transport);
        String id = JsonResponse.text(response, "sha");
        String tree = JsonResponse.text(response, "commit", "tree", "sha");
        if (id == null || tree == null) {
            throw new Problem(Kind.NETWORK, repo.subject() + ": GitHub did not return a commit");
        }
        return new Commit(id, tree, JsonResponse.text(response, "commit", "committer", "date"));
    }

    private static Problem explained(GithubRepo repo, Problem problem) {
        Integer status = SourceProblems.status(problem);
        boolean refused = status != null && (status == 403 || status == 429);
        if (!refused && !SourceProblems.mentions(problem, "is used up")) {
            return problem;
        }
        // The original message may state when the rate limit is reset.
        return SourceProblems.withMessage(
                problem,
                problem.message()
                        + "\n  GitHub's API allows 60 requests an hour per IP address, 5,000 with a token, and none for a"
                        + " blocked repository",
                "store a token with `histods login github`, or wait an hour; see " + repo.page());
    }

    /**
     * All files below a tree, at any depth.
     *
     * @param treeish id of a tree or a commit, or a tag
     * @throws Problem {@code USAGE} if the listing is truncated, or contains links or submodules
     */
    static List<Blob> tree(GithubRepo repo, String treeish, Transport transport) throws Problem {
        JsonNode response = read(repo, "git/trees/" + UrlEncoding.segment(treeish) + "?recursive=1", transport);
        if (response.path("truncated").asBoolean(false)) {
            throw unlistable(repo, "GitHub truncates the listing, because it is too long");
        }
        List<Blob> blobs = new ArrayList<>();
        for (JsonNode entry : response.path("tree").values()) {
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
                "remove options.via, so that the archive of the commit is used");
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
     * Compares a listing with the pinned tree id, by computing the tree id of the listed files.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if they differ
     */
    static void checkTree(Checksum pinned, List<Blob> blobs, String subject) throws Problem {
        GitObjects.Tree tree = new GitObjects.Tree();
        try {
            blobs.forEach(b -> tree.add(b.path(), b.executable(), b.id()));
        } catch (IllegalArgumentException e) {
            throw new Problem(Kind.WRONG_BYTES, subject + ": GitHub's listing is not a valid tree: " + e.getMessage());
        }
        Checksum listed = tree.id();
        if (!listed.equals(pinned)) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + " differs from the pinned tree\n  expected  " + pinned + "\n  listed    " + listed,
                    "compare the commit in the manifest with the repository's history");
        }
    }

    /** The files of the release whose tag is the repository's ref; may be empty. */
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
