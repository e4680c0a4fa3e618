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
 * Describes a single file on a web server, or a folder that the server lists as a page with links: names and, if the
 * server states them, sizes.
 */
final class HttpDescriber {

    /** Query parameters that sign a URL or contain a secret. */
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
        if (url.getRawQuery() != null && SIGNED.matcher(url.getRawQuery()).matches()) {
            throw new Problem(
                    Kind.USAGE,
                    "the URL contains a signature or a token, which may expire and must not be in a manifest",
                    "give the URL that it was made from, such as the page of the record");
        }
        String path = url.getRawPath() == null ? "" : url.getRawPath();
        String name = UrlEncoding.decode(path.substring(path.lastIndexOf('/') + 1));
        if (name == null || FilePath.fault(name) != null) {
            return folder(url, transport);
        }
        Probe probe = probe(url, transport);
        return probe.page() ? folder(url, transport) : Optional.of(file(url, path, name, probe));
    }

    private static RecordDescription file(URI url, String path, String name, Probe probe) {
        String text = url.toString();
        boolean plain = url.getRawQuery() == null && url.getRawFragment() == null;
        String base = text.substring(0, text.indexOf(path) + path.lastIndexOf('/') + 1);
        boolean derivable = plain && text.equals(base + UrlEncoding.segment(name));
        List<PinnedFile> files =
                List.of(RecordDescription.file(name, derivable ? null : text, probe.bytes(), List.of()));
        return RecordDescription.named(
                RecordDescription.spec("http", base, Map.of(), files), name, text, url.getHost());
    }

    /** The folder at that URL; empty if the page is not a listing. */
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
                    file.path().text(), at.equals(derived) ? null : at, file.bytes(), file.checksums()));
        }
        String path = UrlEncoding.decode(root.getRawPath().replaceFirst("/$", ""));
        String last = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        return Optional.of(RecordDescription.named(
                RecordDescription.source("http", root.toString(), Map.of(), List.of(), files),
                last.isEmpty() ? root.getHost() : last,
                root.toString(),
                root.getHost()));
    }

    /** Whether the page is a listing; not if the URL with a slash does not exist. */
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

    /** A server's response without the file's bytes. */
    private record Probe(boolean page, @Nullable Long bytes) {}

    private static Probe probe(URI url, Transport transport) throws Problem {
        try {
            return probe(Request.head(url).allowUnencrypted(), transport);
        } catch (Problem refused) {
            // Some servers do not support HEAD. A request for one byte returns the size too.
            return probe(Request.get(url).range(0, 0).allowUnencrypted(), transport);
        }
    }

    private static Probe probe(Request request, Transport transport) throws Problem {
        try (Response response = transport.open(request)) {
            String type = response.header("content-type").orElse("");
            return new Probe(type.startsWith("text/html"), bytes(request, response));
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, request.uri() + " was interrupted", null, e);
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
