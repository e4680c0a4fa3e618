package org.histods.source;

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
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes a repository, a folder or a file of it at the commit that a ref names today, or the files of a release. A
 * folder is pinned by its tree id, a file by its blob id.
 */
final class GithubAuthor implements Author {

    @Override
    public Optional<Described> describe(URI address, Transport transport) throws Problem {
        GithubAddress asked = GithubAddress.of(address);
        if (asked == null) {
            return Optional.empty();
        }
        String ref = asked.ref() == null ? GithubRepo.NEWEST : asked.ref();
        GithubRepo repo = new GithubRepo(asked.owner(), asked.name(), ref);
        JsonNode info = GithubApi.read(repo, "", transport);
        return Optional.of(
                asked.release() ? release(asked, repo, info, transport) : commit(asked, repo, info, transport));
    }

    private static Described commit(GithubAddress asked, GithubRepo repo, JsonNode info, Transport transport)
            throws Problem {
        GithubApi.Commit commit = GithubApi.commit(repo, transport);
        GithubRepo fixed = new GithubRepo(repo.owner(), repo.name(), commit.id());
        List<PinnedFile> files =
                asked.path().isEmpty() ? List.of() : List.of(pinned(fixed, commit.tree(), asked.path(), transport));
        SourceSpec spec = Described.spec("github", fixed.record(), Map.of(), files);
        return described(fixed, info, spec, commit.date(), fixed.shortRef());
    }

    /** Walks from the commit's tree to the folder or file; each step is one request, however large the repository is. */
    private static PinnedFile pinned(GithubRepo repo, String root, String path, Transport transport) throws Problem {
        String tree = root;
        String[] segments = path.split("/");
        for (int i = 0; i < segments.length; i++) {
            JsonNode entry = entry(repo, tree, segments[i], path, transport);
            String id = String.valueOf(Json.text(entry, "sha"));
            boolean folder = "tree".equals(Json.text(entry, "type"));
            boolean last = i == segments.length - 1;
            if (last) {
                Checksum sum = new Checksum(folder ? Algorithm.GIT_TREE : Algorithm.GIT_BLOB, id);
                Long bytes = folder ? null : Json.size(entry, "size");
                return Described.file(folder ? path + "/" : path, null, bytes, List.of(new Stated(sum, GithubApi.BY)));
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
            if (name.equals(Json.text(entry, "path"))) {
                return entry;
            }
        }
        throw new Problem(Kind.NETWORK, repo.subject() + " has no " + path, "look for a slip in the address");
    }

    private static Described release(GithubAddress asked, GithubRepo repo, JsonNode info, Transport transport)
            throws Problem {
        String which = asked.ref() == null ? "latest" : "tags/" + Percent.segment(asked.ref());
        JsonNode answer = GithubApi.read(repo, "releases/" + which, transport);
        String tag = Json.text(answer, "tag_name");
        GithubRepo fixed = new GithubRepo(repo.owner(), repo.name(), tag == null ? repo.ref() : tag);
        List<PinnedFile> files = new ArrayList<>();
        for (GithubApi.Asset asset : GithubApi.assets(answer)) {
            if (asked.asset() == null || asked.asset().equals(asset.name())) {
                files.add(Described.file(asset.name(), null, asset.bytes(), asset.sums()));
            }
        }
        if (files.isEmpty()) {
            throw new Problem(
                    Kind.NETWORK,
                    "github release " + fixed.record() + " has no such files",
                    "for the source files of the release, give the address of its commit");
        }
        SourceSpec spec = Described.spec("github", fixed.record(), Map.of("via", "release"), files);
        return described(fixed, info, spec, Json.text(answer, "published_at"), fixed.ref());
    }

    private static Described described(
            GithubRepo repo, JsonNode info, SourceSpec spec, @Nullable String date, String version) {
        return new Described(
                spec,
                repo.name(),
                Json.text(info, "description"),
                List.of(repo.owner()),
                Described.year(date),
                license(info),
                null,
                Described.version(version),
                repo.page(),
                "GitHub");
    }

    private static License license(JsonNode info) {
        String spdx = Json.text(info, "license", "spdx_id");
        String name = Json.text(info, "license", "name");
        // GitHub found a licence file and cannot tell which licence it is.
        return "NOASSERTION".equals(spdx) ? Licenses.of(null, null, null) : Licenses.of(spdx, name, null);
    }
}
