package org.histods.source.googledrive;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.listing.SourceProblems;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;

/** The way to the bytes of one file at Google Drive, past the page that warns of files too large to scan for viruses. */
final class GoogleDriveConfirmation {

    private static final int MOST_OF_A_PAGE = 1 << 20;

    private final RemoteFile file;
    private final Transport transport;

    GoogleDriveConfirmation(RemoteFile file, Transport transport) {
        this.file = file;
        this.transport = transport;
    }

    Response open(Request request) throws Problem {
        Response first = asked(request);
        if (data(first)) {
            return first;
        }
        boolean middle = first.from() > 0;
        GoogleDrivePage page = page(first);
        if (middle) {
            // A later part of a page says nothing: the page is asked for from its start.
            Response whole = asked(request.range(0, -1).ifRange(null));
            page = page(whole);
        }
        URI confirmed = page.confirmed();
        if (confirmed == null) {
            throw refused(page, first);
        }
        Response second =
                asked(Request.get(confirmed).range(request.from(), request.to()).ifRange(request.ifRange()));
        if (data(second)) {
            return second;
        }
        throw refused(page(second), second);
    }

    private Response asked(Request request) throws Problem {
        try {
            return transport.open(request);
        } catch (Problem problem) {
            if (SourceProblems.says(problem, "Quota exceeded") || SourceProblems.says(problem, "quotaExceeded")) {
                throw quota(problem.attempts());
            }
            Integer status = SourceProblems.status(problem);
            if (status != null && status == 404) {
                throw SourceProblems.like(
                        problem,
                        file.path() + " is not there: Google Drive answered 404 for " + request.uri(),
                        "the file was deleted, is not shared, or its link needs a resource key (options.resource-key)");
            }
            throw problem;
        }
    }

    /** Google Drive names the file where it sends one; whatever else it sends with status 200 is a page. */
    private static boolean data(Response answer) {
        return answer.header("content-disposition")
                .map(value -> value.toLowerCase(Locale.ROOT))
                .filter(value -> value.contains("filename") || value.startsWith("attachment"))
                .isPresent();
    }

    private GoogleDrivePage page(Response answer) throws Problem {
        try (answer) {
            return new GoogleDrivePage(new String(answer.body().readNBytes(MOST_OF_A_PAGE), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Problem(
                    Kind.NETWORK,
                    file.path() + ": " + answer.uri() + " broke off: " + e.getMessage(),
                    "try again",
                    List.of(),
                    e);
        }
    }

    private Problem refused(GoogleDrivePage page, Response answer) {
        String says = page.message();
        String what = "a web page came in place of the file" + (says.isEmpty() ? "" : ": " + says);
        List<Attempt> attempts =
                List.of(new Attempt("google-drive", answer.uri().toString(), answer.status(), null, what));
        if (page.quota()) {
            return quota(attempts);
        }
        boolean login = "accounts.google.com".equals(answer.uri().getHost()) || page.login();
        if (login) {
            return new Problem(
                    Kind.PERSON,
                    file.path() + " is not open to everybody at Google Drive: it asks for a login",
                    "open " + file.uri() + " in a browser with an account that may see it, and bring the file with"
                            + " --from",
                    attempts,
                    null);
        }
        return new Problem(
                Kind.NETWORK,
                file.path() + " did not come from Google Drive: " + what,
                "open " + file.uri() + " in a browser; a file that downloads there can be brought with --from",
                attempts,
                null);
    }

    private Problem quota(List<Attempt> attempts) {
        return new Problem(
                Kind.NETWORK,
                file.path() + " is over its quota: too many people have downloaded it from Google Drive",
                "run the same command again in 24 hours; or open " + file.uri()
                        + " in a browser, copy the file into a Drive of your own, download it and bring it with --from",
                attempts,
                null);
    }
}
