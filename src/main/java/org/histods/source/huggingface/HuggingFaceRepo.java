package org.histods.source.huggingface;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A repository at Hugging Face.
 *
 * @param type {@code datasets}, {@code models} or {@code spaces}
 * @param id {@code owner/name}; the oldest repositories have no owner
 * @param revision a commit, branch or tag; null for the newest commit
 */
record HuggingFaceRepo(String type, String id, @Nullable String revision) {

    static final String HOST = "huggingface.co";
    private static final Pattern RECORD =
            Pattern.compile("(datasets|models|spaces)/([\\w.-]+(?:/[\\w.-]+)?)(?:@([\\w./-]{1,200}))?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    static HuggingFaceRepo of(SourceSpec spec) throws Problem {
        Matcher form = RECORD.matcher(spec.record());
        if (!form.matches()) {
            throw PinnedFiles.fault(spec, "record", "expected \"datasets/owner/name@commit\"");
        }
        return new HuggingFaceRepo(String.valueOf(form.group(1)), String.valueOf(form.group(2)), form.group(3));
    }

    boolean atCommit() {
        return revision != null && COMMIT.matcher(revision).matches();
    }

    /** As in a manifest. */
    String text() {
        return type + "/" + id + (revision == null ? "" : "@" + revision);
    }

    String subject() {
        return "huggingface " + text();
    }

    /** The landing page, which also shows terms to accept. Models have no prefix. */
    String page() {
        return "https://" + HOST + "/" + (type.equals("models") ? "" : type + "/") + id;
    }

    private String api() {
        return "https://" + HOST + "/api/" + type + "/" + id;
    }

    private String revisionOrMain() {
        return UrlEncoding.segment(revision == null ? "main" : revision);
    }

    URI tree() {
        return URI.create(api() + "/tree/" + revisionOrMain() + "?recursive=true&expand=false");
    }

    URI file(String path) {
        return URI.create(page() + "/resolve/" + revisionOrMain() + "/" + UrlEncoding.path(path));
    }

    /** The description of the repository at the revision, with its {@code sha}. */
    JsonNode described(Transport transport) throws Problem {
        Request request = Request.get(URI.create(api() + "/revision/" + revisionOrMain()));
        try {
            return JsonResponse.read(transport, request, subject(), page());
        } catch (Problem problem) {
            throw explained(problem);
        }
    }

    /** The repository at the commit that the revision currently points to. */
    HuggingFaceRepo fixed(Transport transport) throws Problem {
        if (atCommit()) {
            return this;
        }
        return fixed(described(transport));
    }

    HuggingFaceRepo fixed(JsonNode described) throws Problem {
        String commit = JsonResponse.text(described, "sha");
        if (commit == null || !COMMIT.matcher(commit).matches()) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    subject() + ": the host does not state its commit",
                    "pin one in the manifest");
        }
        String name = JsonResponse.text(described, "id");
        // A renamed repository is described under its new name.
        return new HuggingFaceRepo(type, name != null && name.matches("[\\w.-]+(?:/[\\w.-]+)?") ? name : id, commit);
    }

    /** Explains the host's error code. */
    Problem explained(Problem problem) {
        if (SourceProblems.mentions(problem, "GatedRepo")) {
            return SourceProblems.withMessage(
                    problem,
                    subject() + " is gated: its terms must be accepted first",
                    "accept them at " + page() + " with an account, then store a token of that account: histods login "
                            + HOST);
        }
        if (SourceProblems.mentions(problem, "RepoNotFound") && problem.kind() == Problem.Kind.PERSON) {
            return SourceProblems.withMessage(
                    problem,
                    subject() + " does not exist or is private; the host does not say which",
                    "look at " + page());
        }
        return problem;
    }
}
