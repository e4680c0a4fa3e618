package org.histods.source.kaggle;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A dataset or a competition at Kaggle.
 *
 * @param owner of a dataset; null for a competition
 * @param version of a dataset; null for the newest
 */
record KaggleRecord(
        @Nullable String owner, String slug, @Nullable String version) {

    static final String HOST = "www.kaggle.com";
    private static final String API = "https://" + HOST + "/api/v1/";
    private static final Pattern RECORD = Pattern.compile(
            "datasets/([A-Za-z0-9_-]+)/([A-Za-z0-9_-]+)(?:/versions/([1-9][0-9]{0,5}))?|competitions/([A-Za-z0-9_-]+)");

    static KaggleRecord of(SourceSpec spec) throws Problem {
        Matcher form = RECORD.matcher(spec.record());
        if (!form.matches()) {
            throw PinnedFiles.fault(
                    spec,
                    "record",
                    "expected \"datasets/owner/name\", \"datasets/owner/name/versions/2\" or \"competitions/name\"");
        }
        return form.group(4) == null
                ? new KaggleRecord(form.group(1), String.valueOf(form.group(2)), form.group(3))
                : new KaggleRecord(null, String.valueOf(form.group(4)), null);
    }

    boolean competition() {
        return owner == null;
    }

    /** As in a manifest. */
    String text() {
        return competition()
                ? "competitions/" + slug
                : "datasets/" + owner + "/" + slug + (version == null ? "" : "/versions/" + version);
    }

    String subject() {
        return "kaggle " + text();
    }

    String page() {
        return "https://" + HOST + "/" + text();
    }

    /** Kaggle's description of a dataset. */
    URI view() {
        return URI.create(API + "datasets/view/" + owner + "/" + slug);
    }

    /** A page of the listing; {@code token} is null for the first. */
    URI list(@Nullable String token) {
        String path = competition() ? "competitions/data/list/" + slug : "datasets/list/" + owner + "/" + slug;
        String query = "?pageSize=200" + (token == null ? "" : "&pageToken=" + UrlEncoding.segment(token));
        return URI.create(API + path + query + (version == null ? "" : "&datasetVersionNumber=" + version));
    }

    /** The archive of all files, which Kaggle builds for the request. */
    URI whole() {
        return URI.create(
                competition()
                        ? API + "competitions/data/download-all/" + slug
                        : API + "datasets/download/" + owner + "/" + slug + query());
    }

    /** The URLs of one file. Kaggle has accepted a name with folders in both encodings. */
    List<URI> file(String name) {
        String path = competition()
                ? API + "competitions/data/download/" + slug + "/"
                : API + "datasets/download/" + owner + "/" + slug + "/";
        Set<URI> uris = new LinkedHashSet<>();
        uris.add(URI.create(path + UrlEncoding.segment(name) + query()));
        uris.add(URI.create(path + UrlEncoding.path(name) + query()));
        return List.copyOf(uris);
    }

    private String query() {
        return version == null ? "" : "?datasetVersionNumber=" + version;
    }

    /** Explains a refusal: competitions require an account that has accepted the rules, datasets do not. */
    Problem explained(Problem problem) {
        if (problem.kind() != Kind.PERSON) {
            return problem;
        }
        if (competition()) {
            return SourceProblems.withMessage(
                    problem,
                    subject() + " requires an account that has accepted its rules: " + problem.message(),
                    "join and accept the rules at " + page()
                            + "/rules, make a token in your Kaggle settings, and store it:" + " histods login " + HOST);
        }
        return SourceProblems.withMessage(
                problem,
                subject() + " is not public: " + problem.message(),
                "look at " + page() + "; a token from your Kaggle settings is stored with histods login " + HOST);
    }
}
