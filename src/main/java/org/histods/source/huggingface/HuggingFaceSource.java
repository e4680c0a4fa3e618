package org.histods.source.huggingface;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Hugging Face. A record is {@code datasets/owner/name@commit}; without a commit, or with a branch, the newest commit is
 * looked up, and the addresses name it.
 */
public final class HuggingFaceSource implements Source {

    @Override
    public String kind() {
        return "huggingface";
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        HuggingFaceRepo asked = HuggingFaceRepo.of(spec);
        PinnedFiles.noFolders(spec);
        for (PinnedFile file : spec.files()) {
            PinnedFiles.path(spec, file);
        }
        HuggingFaceRepo repo = asked.fixed(transport);
        return spec.files().isEmpty() ? listed(spec, repo, transport) : pinned(spec, repo);
    }

    private static List<RemoteFile> pinned(SourceSpec spec, HuggingFaceRepo repo) throws Problem {
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            URI uri = PinnedFiles.hasUrl(file) ? PinnedFiles.url(spec, file) : repo.file(PinnedFiles.name(file));
            files.add(PinnedFiles.remote(spec, file, List.of(uri)));
        }
        return files;
    }

    private static List<RemoteFile> listed(SourceSpec spec, HuggingFaceRepo repo, Transport transport) throws Problem {
        FileListing listing = new FileListing(spec, repo.subject());
        for (HuggingFaceTree.Entry entry : HuggingFaceTree.read(repo, transport)) {
            listing.add(entry.path(), List.of(repo.file(entry.path())), entry.bytes(), entry.sums());
        }
        return listing.files();
    }

    /** A plain GET; the host redirects to an address that is signed anew each time. Says what a refusal means. */
    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        try {
            return transport.open(Request.get(uri).range(from, to).ifRange(ifRange));
        } catch (Problem problem) {
            String page = uri.toString().replaceFirst("/resolve/.*", "");
            if (SourceProblems.says(problem, "RepoNotFound")) {
                throw SourceProblems.like(
                        problem,
                        file.path()
                                + ": its repository does not exist, or is private: the host answers the same to both",
                        "look at " + page + "; if it is private, store a token of an account that may read it: histods"
                                + " login " + HuggingFaceRepo.HOST);
            }
            if (SourceProblems.says(problem, "EntryNotFound") || SourceProblems.says(problem, "RevisionNotFound")) {
                throw new Problem(
                        Problem.Kind.UPSTREAM_CHANGED,
                        file.path() + " is not in the repository at that commit: " + problem.message(),
                        "compare with " + page,
                        problem.attempts(),
                        problem);
            }
            if (!SourceProblems.says(problem, "GatedRepo")) {
                throw problem;
            }
            throw SourceProblems.like(
                    problem,
                    file.path() + " is gated at Hugging Face: the terms must be accepted first",
                    "accept them at " + page + " with an account, then store a token of that account: histods login "
                            + HuggingFaceRepo.HOST);
        }
    }
}
