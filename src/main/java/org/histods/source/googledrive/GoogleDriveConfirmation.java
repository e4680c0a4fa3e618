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

/** Opens a file at Google Drive, and confirms the page that warns of files too large for its virus scan. */
final class GoogleDriveConfirmation {

    private static final int MAX_PAGE = 1 << 20;

    private final RemoteFile file;
    private final Transport transport;

    GoogleDriveConfirmation(RemoteFile file, Transport transport) {
        this.file = file;
        this.transport = transport;
    }

    Response open(Request request) throws Problem {
        Response first = send(request);
        if (data(first)) {
            return first;
        }
        boolean partial = first.status() == 206;
        GoogleDrivePage page = page(first);
        if (partial) {
            // A part of the page is useless: the page is requested from its start.
            Response whole = send(request.range(0, -1).ifRange(null));
            page = page(whole);
        }
        URI confirmed = page.confirmed();
        if (confirmed == null) {
            throw refused(page, first);
        }
        Response second =
                send(Request.get(confirmed).range(request.from(), request.to()).ifRange(request.ifRange()));
        if (data(second)) {
            return second;
        }
        throw refused(page(second), second);
    }

    private Response send(Request request) throws Problem {
        try {
            return transport.open(request);
        } catch (Problem problem) {
            if (SourceProblems.mentions(problem, "Quota exceeded")
                    || SourceProblems.mentions(problem, "quotaExceeded")) {
                throw quota(problem.attempts());
            }
            Integer status = SourceProblems.status(problem);
            if (status != null && status == 404) {
                throw SourceProblems.withMessage(
                        problem,
                        file.path() + " was not found: Google Drive responded with status 404 for " + request.uri(),
                        "the file was deleted, is not shared, or its link needs a resource key (options.resource-key)");
            }
            throw problem;
        }
    }

    /** Google Drive names the file if it sends one; every other response with status 200 is a page. */
    private static boolean data(Response response) {
        return response.header("content-disposition")
                .map(value -> value.toLowerCase(Locale.ROOT))
                .filter(value -> value.contains("filename") || value.startsWith("attachment"))
                .isPresent();
    }

    private GoogleDrivePage page(Response response) throws Problem {
        try (response) {
            return new GoogleDrivePage(new String(response.body().readNBytes(MAX_PAGE), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Problem(
                    Kind.NETWORK,
                    file.path() + ": " + response.uri() + " was interrupted: " + e.getMessage(),
                    "try again",
                    e);
        }
    }

    private Problem refused(GoogleDrivePage page, Response response) {
        String message = page.message();
        String what = "a web page was returned instead of the file" + (message.isEmpty() ? "" : ": " + message);
        List<Attempt> attempts =
                List.of(new Attempt("google-drive", response.uri().toString(), response.status(), null, what));
        if (page.quota()) {
            return quota(attempts);
        }
        boolean login = "accounts.google.com".equals(response.uri().getHost()) || page.login();
        if (login) {
            return new Problem(
                    Kind.PERSON,
                    file.path() + " is not public at Google Drive: it requires a login",
                    "open " + file.uri() + " in a browser with an account that has access, and import the file with"
                            + " --from",
                    attempts,
                    null);
        }
        return new Problem(
                Kind.NETWORK,
                file.path() + " could not be fetched from Google Drive: " + what,
                "open " + file.uri() + " in a browser; if the download works there, pass the file with --from",
                attempts,
                null);
    }

    private Problem quota(List<Attempt> attempts) {
        return new Problem(
                Kind.NETWORK,
                file.path() + " is over its quota: too many people have downloaded it from Google Drive",
                "run the same command again in 24 hours; or open " + file.uri()
                        + " in a browser, copy the file into a Drive of your own, download it and pass it with --from",
                attempts,
                null);
    }
}
