package org.histods.source.huggingface;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.credentials.CredentialLocation;
import org.histods.credentials.LoginService;
import org.histods.credentials.TokenScheme;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.transport.HostPolicy;
import org.histods.transport.Transport;

/**
 * Hugging Face. A record is {@code datasets/owner/name@commit}; without a commit, or with a branch, the newest commit is
 * looked up and used in the URLs.
 */
public final class HuggingFaceSource implements Source {

    /** An owner and a name, in a regular expression. */
    private static final String DATASET = "[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*";

    @Override
    public String kind() {
        return "huggingface";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "huggingface\\.co/datasets/(" + DATASET + ")",
                "https://huggingface.co/datasets/$",
                "\\b(?:snapshot_download|load_dataset)\\(\\s*(?:\\w+\\s*=\\s*)?[\"'](" + DATASET + ")[\"']",
                "https://huggingface.co/datasets/$",
                "\\bhf_hub_download\\((?=.*dataset).*?[\"'](" + DATASET + ")[\"']",
                "https://huggingface.co/datasets/$",
                "\\b(?:huggingface-cli|hf)\\s+download\\b(?=.*dataset).*?\\s(" + DATASET + ")",
                "https://huggingface.co/datasets/$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return HuggingFaceDescriber.describe(url, transport);
    }

    /** Hugging Face allows 3,000 files and 500 other requests in five minutes without a token, and states the rest in headers. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "huggingface.co", new HostPolicy(4, 300, 4),
                "*.huggingface.co", new HostPolicy(8, 0, 4),
                "*.hf.co", new HostPolicy(8, 0, 4));
    }

    @Override
    public Optional<LoginService> loginService() {
        return Optional.of(new LoginService(
                List.of("huggingface", "hf"),
                List.of(HuggingFaceRepo.HOST),
                TokenScheme.BEARER,
                "https://huggingface.co/settings/tokens",
                "gated datasets, after you accept their terms in a browser, and higher limits",
                List.of(
                        new CredentialLocation.Variable("HF_TOKEN", false),
                        new CredentialLocation.Variable("HUGGING_FACE_HUB_TOKEN", false)),
                List.of(
                        new CredentialLocation.Token("$HF_TOKEN_PATH"),
                        new CredentialLocation.Token("$HF_HOME/token"),
                        new CredentialLocation.Token("$XDG_CACHE_HOME/huggingface/token"),
                        new CredentialLocation.Token("~/.cache/huggingface/token"))));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        String id = spec.record().replaceFirst("@.*", "");
        return List.of(HuggingFaceRepo.HOST + "/" + id, id.replaceFirst("^datasets/", ""));
    }

    @Override
    public List<String> hostsWithoutCredentials() {
        return List.of("hf.co");
    }

    @Override
    public Optional<URI> newest(SourceSpec spec) {
        try {
            return Optional.of(URI.create(HuggingFaceRepo.of(spec).page()));
        } catch (Problem notARepository) {
            return Optional.empty();
        }
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        HuggingFaceRepo requested = HuggingFaceRepo.of(spec);
        PinnedFiles.noFolders(spec);
        for (PinnedFile file : spec.files()) {
            PinnedFiles.path(spec, file);
        }
        HuggingFaceRepo repo = requested.fixed(transport);
        return spec.files().isEmpty()
                ? listed(spec, repo, transport)
                : PinnedFiles.remotes(spec, file -> List.of(repo.file(PinnedFiles.name(file))));
    }

    private static List<RemoteFile> listed(SourceSpec spec, HuggingFaceRepo repo, Transport transport) throws Problem {
        FileListing listing = new FileListing(spec, repo.subject());
        for (HuggingFaceTree.Entry entry : HuggingFaceTree.read(repo, transport)) {
            listing.add(entry.path(), List.of(repo.file(entry.path())), entry.bytes(), entry.checksums());
        }
        return listing.files();
    }

    @Override
    public Problem explained(RemoteFile file, URI uri, Problem problem, Transport transport) {
        String page = uri.toString().replaceFirst("/resolve/.*", "");
        if (SourceProblems.mentions(problem, "RepoNotFound")) {
            return SourceProblems.withMessage(
                    problem,
                    file.path() + ": its repository does not exist or is private; the host does not say which",
                    "look at " + page + "; if it is private, store a token of an account that may read it: histods"
                            + " login " + HuggingFaceRepo.HOST);
        }
        if (SourceProblems.mentions(problem, "EntryNotFound") || SourceProblems.mentions(problem, "RevisionNotFound")) {
            return new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    file.path() + " is not in the repository at that commit: " + problem.message(),
                    "compare with " + page,
                    problem.attempts(),
                    problem);
        }
        if (!SourceProblems.mentions(problem, "GatedRepo")) {
            return problem;
        }
        return SourceProblems.withMessage(
                problem,
                file.path() + " is gated at Hugging Face: the terms must be accepted first",
                "accept them at " + page + " with an account, then store a token of that account: histods login "
                        + HuggingFaceRepo.HOST);
    }
}
