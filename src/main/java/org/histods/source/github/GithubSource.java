package org.histods.source.github;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.credentials.CredentialLocation;
import org.histods.credentials.LoginService;
import org.histods.credentials.TokenScheme;
import org.histods.digest.FilePath;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Slice;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.Source;
import org.histods.source.github.GithubApi.Blob;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedFiles;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Files of a commit or a release on GitHub. A folder is fetched as the archive of its commit, of which only the
 * folder is used, or file by file with the option {@code via: files}. The files of a release need {@code via: release}.
 * With {@code via: lfs}, Git LFS pointers are read before the transfer if the manifest does not pin their content; other
 * pointers are resolved when they are found, also in archives.
 */
public final class GithubSource implements Source {

    @Override
    public String kind() {
        return "github";
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return GithubDescriber.describe(url, transport);
    }

    /** The API allows 60 requests an hour without a token. Raw files have been rate limited since May 2025. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "api.github.com", new HostPolicy(1, 60, 1),
                "raw.githubusercontent.com", new HostPolicy(2, 60, 1),
                "github.com", new HostPolicy(2, 60, 1),
                "codeload.github.com", new HostPolicy(2, 0, 1));
    }

    @Override
    public Optional<LoginService> loginService() {
        return Optional.of(new LoginService(
                List.of("github", "github.com"),
                List.of("api.github.com"),
                TokenScheme.BEARER,
                "https://github.com/settings/tokens",
                "5,000 requests an hour instead of 60; the token needs no permissions",
                List.of(
                        new CredentialLocation.Variable("GH_TOKEN", false),
                        new CredentialLocation.Variable("GITHUB_TOKEN", false)),
                List.of(
                        ghHosts("$GH_CONFIG_DIR/hosts.yml"),
                        ghHosts("$XDG_CONFIG_HOME/gh/hosts.yml"),
                        ghHosts("~/.config/gh/hosts.yml"))));
    }

    private static CredentialLocation ghHosts(String path) {
        return new CredentialLocation.Fields(path, List.of(), List.of("github.com", "oauth_token"));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        return List.of("github.com/" + spec.record().replaceFirst("@.*", ""));
    }

    /** Files in Git LFS are asked for one by one, since GitHub lists the pointers to them. */
    @Override
    public Optional<SourceSpec> unpinned(SourceSpec spec) {
        String via = spec.option("via");
        if ("lfs".equals(via) && !spec.files().isEmpty()) {
            return Optional.empty();
        }
        SourceSpec all = spec.withFiles(List.of());
        return Optional.of("release".equals(via) ? all : all.withOptions(Map.of("via", "files")));
    }

    @Override
    public Optional<URI> newest(SourceSpec spec) {
        try {
            GithubRepo repo = GithubRepo.of(spec);
            boolean release = "release".equals(spec.option("via"));
            return Optional.of(URI.create(repo.page() + (release ? "/releases/latest" : "")));
        } catch (Problem notARepository) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> hostsWithoutCredentials() {
        return List.of("githubusercontent.com", "codeload.github.com");
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        GithubRepo repo = fixed(GithubRepo.of(spec), transport);
        String via = spec.option("via") == null ? "archive" : String.valueOf(spec.option("via"));
        return switch (via) {
            case "release" -> release(spec, repo, transport);
            case "files" ->
                spec.files().isEmpty() ? listed(spec, repo, null, transport) : pinned(spec, repo, via, transport);
            case "lfs", "archive" ->
                spec.files().isEmpty()
                        ? List.of(archive(repo, "", new Slice("*", "", null)))
                        : pinned(spec, repo, via, transport);
            default ->
                throw PinnedFiles.fault(
                        spec, "options.via", "'" + via + "' is not one of archive, files, release, lfs");
        };
    }

    /** Without a commit in the manifest, the repository at its newest commit, so that recorded URLs stay valid. */
    private static GithubRepo fixed(GithubRepo repo, Transport transport) throws Problem {
        return repo.ref().equals(GithubRepo.NEWEST)
                ? new GithubRepo(
                        repo.owner(),
                        repo.name(),
                        GithubApi.commit(repo, transport).id())
                : repo;
    }

    private static List<RemoteFile> pinned(SourceSpec spec, GithubRepo repo, String via, Transport transport)
            throws Problem {
        long folders = spec.files().stream().filter(PinnedFile::folder).count();
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            if (!file.folder()) {
                files.add(single(spec, repo, file, via, transport));
            } else if (via.equals("files")) {
                files.addAll(listed(spec, repo, file, transport));
            } else {
                files.add(
                        archive(repo, folders > 1 ? "-" + file.plainPath().replace('/', '-') : "", slice(spec, file)));
            }
        }
        return files;
    }

    private static Slice slice(SourceSpec spec, PinnedFile folder) throws Problem {
        String into = PinnedFiles.path(spec, folder).text();
        Stated tree =
                folder.gitTree().map(p -> new Stated(p.checksum(), p.by())).orElse(null);
        return new Slice("*/" + PinnedFiles.name(folder), into, tree);
    }

    private static RemoteFile archive(GithubRepo repo, String suffix, Slice slice) {
        FilePath path = new FilePath(repo.name() + "-" + repo.shortRef() + suffix + ".tar.gz");
        return new RemoteFile(path, repo.archives(), null, List.of(), false, slice);
    }

    private static RemoteFile single(SourceSpec spec, GithubRepo repo, PinnedFile file, String via, Transport transport)
            throws Problem {
        if (PinnedFiles.hasUrl(file)) {
            return PinnedFiles.remote(spec, file, List.of(PinnedFiles.url(spec, file)));
        }
        String name = PinnedFiles.name(file);
        if (via.equals("lfs")) {
            RemoteFile plain = PinnedFiles.remote(spec, file, List.of(repo.raw(name), repo.media(name)));
            return GitLfs.withPointer(plain, transport);
        }
        return PinnedFiles.remote(spec, file, List.of(repo.raw(name), repo.viaSite(name)));
    }

    /** The files of one folder, or of the whole repository. */
    private static List<RemoteFile> listed(
            SourceSpec spec, GithubRepo repo, @Nullable PinnedFile folder, Transport transport) throws Problem {
        String at = folder == null ? "" : PinnedFiles.name(folder) + "/";
        String into = folder == null ? "" : PinnedFiles.path(spec, folder).text() + "/";
        String subject = repo.subject() + (folder == null ? "" : " folder " + at);
        Stated tree = folder == null
                ? null
                : folder.gitTree().map(p -> new Stated(p.checksum(), p.by())).orElse(null);
        List<Blob> blobs;
        if (tree == null) {
            blobs = below(at, GithubApi.tree(repo, repo.ref(), transport));
        } else {
            blobs = GithubApi.tree(repo, tree.checksum().hex(), transport);
            GithubApi.checkTree(tree.checksum(), blobs, subject);
        }
        FileListing listing = new FileListing(spec, subject);
        for (Blob blob : blobs) {
            listing.add(
                    into + blob.path(),
                    List.of(repo.raw(at + blob.path()), repo.viaSite(at + blob.path())),
                    blob.bytes(),
                    List.of(new Stated(blob.id(), GithubApi.BY)),
                    blob.executable());
        }
        return listing.files();
    }

    private static List<Blob> below(String folder, List<Blob> blobs) {
        return blobs.stream()
                .filter(b -> b.path().startsWith(folder))
                .map(b -> new Blob(b.path().substring(folder.length()), b.executable(), b.bytes(), b.id()))
                .toList();
    }

    private static List<RemoteFile> release(SourceSpec spec, GithubRepo repo, Transport transport) throws Problem {
        if (spec.files().isEmpty()) {
            FileListing listing = new FileListing(spec, "github release " + repo.record());
            for (GithubApi.Asset asset : GithubApi.release(repo, transport)) {
                listing.add(asset.name(), List.of(repo.asset(asset.name())), asset.bytes(), asset.checksums());
            }
            return listing.files();
        }
        // A release has no folders: the folder in a path is the dataset's.
        return PinnedFiles.remotes(
                spec, file -> List.of(repo.asset(PinnedFiles.name(file).replaceFirst(".*/", ""))));
    }

    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        Request request = Request.get(uri).range(from, to).ifRange(ifRange);
        return GitLfs.mayBePointer(uri) ? GitLfs.open(file, request, transport) : transport.open(request);
    }

    @Override
    public Optional<RemoteFile> resolvePointer(RemoteFile archive, String member, FilePath path, byte[] content) {
        LfsPointer pointer = LfsPointer.parse(content);
        GithubRepo repo = GithubRepo.ofArchive(archive.uri());
        if (pointer == null || repo == null) {
            return Optional.empty();
        }
        // The top folder of the archive is named after the commit.
        String name = member.substring(member.indexOf('/') + 1);
        return Optional.of(new RemoteFile(
                path,
                List.of(repo.media(name), repo.raw(name)),
                pointer.size(),
                List.of(new Stated(pointer.sha256(), GitLfs.BY)),
                false,
                null));
    }
}
