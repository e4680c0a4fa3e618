package org.histods.source.github;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes a repository, or a folder or file of it, at the current commit of a ref; or the files of a release. A folder
 * is pinned by its tree id, a file by its blob id.
 */
final class GithubDescriber {

    private GithubDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        GithubUrl requested = GithubUrl.of(url);
        if (requested == null) {
            return Optional.empty();
        }
        String ref = requested.ref() == null ? GithubRepo.NEWEST : requested.ref();
        GithubRepo repo = new GithubRepo(requested.owner(), requested.name(), ref);
        JsonNode info = GithubApi.read(repo, "", transport);
        repo = repo.named(JsonResponse.text(info, "full_name"));
        return Optional.of(
                requested.release()
                        ? release(requested, repo, info, transport)
                        : commit(requested, repo, info, transport));
    }

    private static RecordDescription commit(GithubUrl requested, GithubRepo repo, JsonNode info, Transport transport)
            throws Problem {
        GithubApi.Commit commit = GithubApi.commit(repo, transport);
        GithubRepo fixed = new GithubRepo(repo.owner(), repo.name(), commit.id());
        List<PinnedFile> files = requested.path().isEmpty()
                ? List.of()
                : List.of(pinned(fixed, commit.tree(), requested.path(), transport));
        SourceSpec spec = RecordDescription.spec("github", fixed.record(), Map.of(), files);
        return described(fixed, info, spec, commit.date(), fixed.shortRef());
    }

    /** Walks from the commit's tree to the folder or file, with one request per segment of the path. */
    private static PinnedFile pinned(GithubRepo repo, String root, String path, Transport transport) throws Problem {
        String tree = root;
        String[] segments = path.split("/");
        for (int i = 0; i < segments.length; i++) {
            JsonNode entry = entry(repo, tree, segments[i], path, transport);
            String id = String.valueOf(JsonResponse.text(entry, "sha"));
            boolean folder = "tree".equals(JsonResponse.text(entry, "type"));
            boolean last = i == segments.length - 1;
            if (last) {
                Checksum checksum = new Checksum(folder ? Algorithm.GIT_TREE : Algorithm.GIT_BLOB, id);
                Long bytes = folder ? null : JsonResponse.size(entry, "size");
                return RecordDescription.file(
                        folder ? path + "/" : path, null, bytes, List.of(new Stated(checksum, GithubApi.BY)));
            }
            tree = id;
        }
        throw new IllegalStateException("a path has at least one segment: " + path);
    }

    private static JsonNode entry(GithubRepo repo, String tree, String name, String path, Transport transport)
            throws Problem {
        for (JsonNode entry : GithubApi.read(repo, "git/trees/" + tree, transport)
                .path("tree")
                .values()) {
            if (name.equals(JsonResponse.text(entry, "path"))) {
                return entry;
            }
        }
        throw new Problem(Kind.NETWORK, repo.subject() + " has no " + path, "check the URL");
    }

    private static RecordDescription release(GithubUrl requested, GithubRepo repo, JsonNode info, Transport transport)
            throws Problem {
        String which = requested.ref() == null ? "latest" : "tags/" + UrlEncoding.segment(requested.ref());
        JsonNode response = GithubApi.read(repo, "releases/" + which, transport);
        String tag = JsonResponse.text(response, "tag_name");
        GithubRepo fixed = new GithubRepo(repo.owner(), repo.name(), tag == null ? repo.ref() : tag);
        List<PinnedFile> files = new ArrayList<>();
        for (GithubApi.Asset asset : GithubApi.assets(response)) {
            if (requested.asset() == null || requested.asset().equals(asset.name())) {
                files.add(RecordDescription.file(asset.name(), null, asset.bytes(), asset.checksums()));
            }
        }
        if (files.isEmpty()) {
            throw new Problem(
                    Kind.NETWORK,
                    "github release " + fixed.record() + " has no such files",
                    "for the source files of the release, give the URL of its commit");
        }
        SourceSpec spec = RecordDescription.spec("github", fixed.record(), Map.of("via", "release"), files);
        return described(fixed, info, spec, JsonResponse.text(response, "published_at"), fixed.ref());
    }

    private static RecordDescription described(
            GithubRepo repo, JsonNode info, SourceSpec spec, @Nullable String date, String version) {
        return new RecordDescription(
                spec,
                repo.name(),
                JsonResponse.text(info, "description"),
                List.of(repo.owner()),
                RecordDescription.year(date),
                license(info),
                null,
                RecordDescription.version(version),
                repo.page(),
                "GitHub");
    }

    private static License license(JsonNode info) {
        String spdx = JsonResponse.text(info, "license", "spdx_id");
        String name = JsonResponse.text(info, "license", "name");
        // GitHub found a licence file but did not recognise the licence.
        return "NOASSERTION".equals(spdx) ? SpdxMapper.of(null, null, null) : SpdxMapper.of(spdx, name, null);
    }
}
