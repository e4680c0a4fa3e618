package org.histods.source.github;

import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;

/**
 * A GitHub repository at one ref, and its URLs.
 *
 * @param ref a commit or a tag; {@link #NEWEST} if none is pinned
 */
record GithubRepo(String owner, String name, String ref) {

    private static final Pattern FORM = Pattern.compile(
            "([A-Za-z0-9][A-Za-z0-9-]*)/([A-Za-z0-9._-]+)(?:@([A-Za-z0-9._+-]+(?:/[A-Za-z0-9._+-]+)*))?");
    private static final Pattern ARCHIVE =
            Pattern.compile("https://github\\.com/([^/]+)/([^/]+)/archive/(.+)\\.tar\\.gz");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

    /** The ref of a record without a commit: the newest commit. */
    static final String NEWEST = "HEAD";

    /** @throws Problem {@code USAGE} if the record is not {@code owner/repo@commit-or-tag} or {@code owner/repo} */
    static GithubRepo of(SourceSpec spec) throws Problem {
        Matcher form = FORM.matcher(spec.record());
        if (!form.matches() || spec.record().contains("..")) {
            throw PinnedFiles.fault(
                    spec, "record", "expected owner/repo@commit, such as ieee8023/countception@8387c305…");
        }
        String ref = form.group(3);
        return new GithubRepo(form.group(1), form.group(2), ref == null ? NEWEST : ref);
    }

    /** The same ref of the repository under the name that GitHub has for it now, which follows a rename. */
    GithubRepo named(@Nullable String slug) {
        Matcher form = FORM.matcher(slug == null ? "" : slug);
        return form.matches() && form.group(3) == null
                ? new GithubRepo(String.valueOf(form.group(1)), String.valueOf(form.group(2)), ref)
                : this;
    }

    String record() {
        return slug() + "@" + ref;
    }

    String slug() {
        return owner + "/" + name;
    }

    String subject() {
        return "github repository " + record();
    }

    String page() {
        return "https://github.com/" + slug();
    }

    boolean atCommit() {
        return COMMIT.matcher(ref).matches();
    }

    /** The ref as part of a file name: eight digits of a commit; without slashes. */
    String shortRef() {
        return atCommit() ? ref.substring(0, 8) : ref.replace('/', '-');
    }

    /** The URLs of the archive. GitHub builds it for each request, so its bytes may change. */
    List<URI> archives() {
        return List.of(
                UrlEncoding.https("github.com", slug() + "/archive/" + ref + ".tar.gz"),
                UrlEncoding.https("codeload.github.com", slug() + "/tar.gz/" + ref));
    }

    /** The repository and ref of the first URL of {@link #archives()}; null for any other URL. */
    static @Nullable GithubRepo ofArchive(URI uri) {
        Matcher form = ARCHIVE.matcher(uri.toString());
        return form.matches()
                ? new GithubRepo(
                        String.valueOf(form.group(1)), String.valueOf(form.group(2)), String.valueOf(form.group(3)))
                : null;
    }

    URI raw(String path) {
        return UrlEncoding.https("raw.githubusercontent.com", slug() + "/" + ref + "/" + path);
    }

    /** Redirects to {@link #raw} for plain files and to {@link #media} for files in Git LFS. */
    URI viaSite(String path) {
        return UrlEncoding.https("github.com", slug() + "/raw/" + ref + "/" + path);
    }

    /** The content of a file in Git LFS. */
    URI media(String path) {
        return UrlEncoding.https("media.githubusercontent.com", "media/" + slug() + "/" + ref + "/" + path);
    }

    URI asset(String file) {
        return URI.create(page() + "/releases/download/" + UrlEncoding.path(ref) + "/" + UrlEncoding.segment(file));
    }

    URI api(String rest) {
        return URI.create("https://api.github.com/repos/" + slug() + (rest.isEmpty() ? "" : "/" + rest));
    }
}
