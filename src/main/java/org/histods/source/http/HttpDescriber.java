package org.histods.source.http;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Describes a single file on a web server, or a folder that the server shows as a page with links: names and, where the
 * server says them, sizes. Nobody states more.
 */
final class HttpDescriber {

    /** What signs a URL for a while, or lets one person in. */
    private static final Pattern SIGNED =
            Pattern.compile("(?i)(?:^|.*&)(?:[a-z_-]*token|x-amz-[a-z-]+|x-goog-[a-z-]+|sig|"
                    + "signature|key-pair-id|policy|awsaccesskeyid|googleaccessid|password|secret|api_?key)=.*");

    private HttpDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
        if (!web || url.getHost() == null) {
            return Optional.empty();
        }
        if (url.getRawQuery() != null
                && SIGNED.matcher(url.getRawQuery()).matches()) {
            throw new Problem(
                    Kind.USAGE,
                    "the URL holds a signature or a token, which has no place in a manifest and may soon be dead",
                    "give the URL that it was made from, such as the page of the record");
        }
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        String name = UrlEncoding.decode(path.substring(path.lastIndexOf('/') + 1));
        if (name == null || FilePath.fault(name) != null) {
            return folder(url, transport);
        }
        Probe seen = seen(url, transport);
        return seen.page() ? folder(url, transport) : Optional.of(file(url, path, name, seen));
    }

    private static RecordDescription file(URI url, String path, String name, Probe seen) {
        String text = url.toString();
        boolean plain = url.getRawQuery() == null && url.getRawFragment() == null;
        String base = text.substring(0, text.indexOf(path) + path.lastIndexOf('/') + 1);
        boolean derivable = plain && text.equals(base + UrlEncoding.segment(name));
        List<PinnedFile> files =
                List.of(RecordDescription.file(name, derivable ? null : text, seen.bytes(), List.of()));
        return RecordDescription.named(
                RecordDescription.spec("http", base, Map.of(), files), name, text, url.getHost());
    }

    /** Empty if the page shows no folder. */
    private static Optional<RecordDescription> folder(URI url, Transport transport) throws Problem {
        String text = url.toString().replaceFirst("[?#].*", "");
        URI root = URI.create(text.endsWith("/") ? text : text + "/");
        HttpFolder folder = new HttpFolder(root, transport);
        if (!shown(folder)) {
            return Optional.empty();
        }
        SourceSpec requested = RecordDescription.spec("http", root.toString(), Map.of(), List.of());
        List<PinnedFile> files = new ArrayList<>();
        for (RemoteFile file : new HttpSource().resolve(requested, transport)) {
            String at = file.uri().toString();
            String derived = root + UrlEncoding.path(file.path().text());
            files.add(RecordDescription.file(
                    file.path().text(), at.equals(derived) ? null : at, file.bytes(), file.sums()));
        }
        String path = UrlEncoding.decode(root.getRawPath().replaceFirst("/$", ""));
        String last = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        return Optional.of(RecordDescription.named(
                RecordDescription.source("http", root.toString(), Map.of(), List.of(), files),
                last.isEmpty() ? root.getHost() : last,
                root.toString(),
                root.getHost()));
    }

    /** A page that cannot be read with a slash behind it shows no folder. */
    private static boolean shown(HttpFolder folder) throws Problem {
        try {
            return folder.shown();
        } catch (Problem problem) {
            Integer status = SourceProblems.status(problem);
            if (status != null && (status == 404 || status == 410)) {
                return false;
            }
            throw problem;
        }
    }

    /** What a server says of a URL without sending its bytes. */
    private record Probe(boolean page, @Nullable Long bytes) {}

    private static Probe seen(URI url, Transport transport) throws Problem {
        try {
            return seen(Request.head(url).asWritten(), transport);
        } catch (Problem refused) {
            // Some servers know no HEAD. One byte tells the size as well, and where it fails, fails for good.
            return seen(Request.get(url).range(0, 0).asWritten(), transport);
        }
    }

    private static Probe seen(Request request, Transport transport) throws Problem {
        try (Response response = transport.open(request)) {
            String type = response.header("content-type").orElse("");
            return new Probe(type.startsWith("text/html"), bytes(request, response));
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, request.uri() + " broke off", null, List.of(), e);
        }
    }

    private static @Nullable Long bytes(Request request, Response response) {
        if (response.total() >= 0) {
            return response.total();
        }
        String length = response.header("content-length").orElse("");
        boolean whole = request.method().equals("HEAD") || response.status() == 200;
        return whole && length.matches("[0-9]{1,18}") ? Long.valueOf(length) : null;
    }
}
