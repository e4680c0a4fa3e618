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

    /** What signs an address for a while, or lets one person in. */
    private static final Pattern SIGNED =
            Pattern.compile("(?i)(?:^|.*&)(?:[a-z_-]*token|x-amz-[a-z-]+|x-goog-[a-z-]+|sig|"
                    + "signature|key-pair-id|policy|awsaccesskeyid|googleaccessid|password|secret|api_?key)=.*");

    private HttpDescriber() {}

    /** What the host says about the record at that URL; empty where the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI address, Transport transport) throws Problem {
        boolean web = "https".equals(address.getScheme()) || "http".equals(address.getScheme());
        if (!web || address.getHost() == null) {
            return Optional.empty();
        }
        if (address.getRawQuery() != null
                && SIGNED.matcher(address.getRawQuery()).matches()) {
            throw new Problem(
                    Kind.USAGE,
                    "the address holds a signature or a token, which has no place in a manifest and may soon be dead",
                    "give the address that it was made from, such as the page of the record");
        }
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        String name = UrlEncoding.decode(path.substring(path.lastIndexOf('/') + 1));
        if (name == null || FilePath.fault(name) != null) {
            return folder(address, transport);
        }
        Seen seen = seen(address, transport);
        return seen.page() ? folder(address, transport) : Optional.of(file(address, path, name, seen));
    }

    private static RecordDescription file(URI address, String path, String name, Seen seen) {
        String text = address.toString();
        boolean plain = address.getRawQuery() == null && address.getRawFragment() == null;
        String base = text.substring(0, text.indexOf(path) + path.lastIndexOf('/') + 1);
        boolean derivable = plain && text.equals(base + UrlEncoding.segment(name));
        List<PinnedFile> files =
                List.of(RecordDescription.file(name, derivable ? null : text, seen.bytes(), List.of()));
        return RecordDescription.named(
                RecordDescription.spec("http", base, Map.of(), files), name, text, address.getHost());
    }

    /** Empty if the page shows no folder. */
    private static Optional<RecordDescription> folder(URI address, Transport transport) throws Problem {
        String text = address.toString().replaceFirst("[?#].*", "");
        URI root = URI.create(text.endsWith("/") ? text : text + "/");
        HttpFolder folder = new HttpFolder(root, transport);
        if (!shown(folder)) {
            return Optional.empty();
        }
        SourceSpec asked = RecordDescription.spec("http", root.toString(), Map.of(), List.of());
        List<PinnedFile> files = new ArrayList<>();
        for (RemoteFile file : new HttpSource().resolve(asked, transport)) {
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

    /** A page that cannot be had with a slash behind it shows no folder. */
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

    /** What a server says of an address without sending its bytes. */
    private record Seen(boolean page, @Nullable Long bytes) {}

    private static Seen seen(URI address, Transport transport) throws Problem {
        try {
            return seen(Request.head(address).allowUnencrypted(), transport);
        } catch (Problem refused) {
            // Some servers know no HEAD. One byte tells the size as well, and where it fails, fails for good.
            return seen(Request.get(address).range(0, 0).allowUnencrypted(), transport);
        }
    }

    private static Seen seen(Request request, Transport transport) throws Problem {
        try (Response answer = transport.open(request)) {
            String type = answer.header("content-type").orElse("");
            return new Seen(type.startsWith("text/html"), bytes(request, answer));
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, request.uri() + " broke off", null, List.of(), e);
        }
    }

    private static @Nullable Long bytes(Request request, Response answer) {
        if (answer.total() >= 0) {
            return answer.total();
        }
        String length = answer.header("content-length").orElse("");
        boolean whole = request.method().equals("HEAD") || answer.status() == 200;
        return whole && length.matches("[0-9]{1,18}") ? Long.valueOf(length) : null;
    }
}
