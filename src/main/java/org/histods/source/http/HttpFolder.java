package org.histods.source.http;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;

/** A folder that a web server lists as pages with links, with everything below it. */
final class HttpFolder {

    /** A page of 100,000 files with long names is 25 MB. */
    private static final int MAX_PAGE = 32 << 20;

    /** A folder may contain itself under another name. */
    private static final int MAX_DEPTH = 32;

    private static final int MAX_FOLDERS = 20_000;

    private final URI root;
    private final Transport transport;

    /** @param root its URL; ends with a slash */
    HttpFolder(URI root, Transport transport) {
        this.root = root;
        this.transport = transport;
    }

    String subject() {
        return "http folder " + root;
    }

    /** Whether the page at the URL is a listing. */
    boolean shown() throws Problem {
        return page(root).isPresent();
    }

    /**
     * Adds every file that the globs keep. Folders that cannot contain such a file are not requested.
     *
     * @throws Problem {@code NETWORK} if a page is not a listing
     */
    void addTo(FileListing listing) throws Problem {
        Deque<String> folders = new ArrayDeque<>(List.of(""));
        int pages = 0;
        while (!folders.isEmpty()) {
            String folder = folders.removeFirst();
            boolean deep = folder.chars().filter(c -> c == '/').count() > MAX_DEPTH;
            if (deep || ++pages > MAX_FOLDERS) {
                throw new Problem(
                        Kind.NETWORK,
                        subject() + ": folders are nested too deeply: " + folder,
                        "leave them out with include or exclude, or pin the files");
            }
            URI uri = URI.create(root + UrlEncoding.path(folder));
            for (HttpIndex.Entry entry : page(uri).orElseThrow(() -> noFolder(uri))) {
                String path = folder + entry.name();
                if (!entry.folder() || FilePath.fault(path) != null) {
                    listing.add(path, List.of(entry.uri()), entry.bytes(), List.of());
                } else if (listing.mayKeepBelow(path + "/")) {
                    folders.addLast(path + "/");
                }
            }
        }
    }

    private Optional<List<HttpIndex.Entry>> page(URI folder) throws Problem {
        try (Response response =
                transport.open(Request.get(folder).with("Accept", "text/html").allowUnencrypted())) {
            boolean here = folder.getAuthority().equalsIgnoreCase(response.uri().getAuthority())
                    && String.valueOf(response.uri().getPath()).endsWith("/");
            byte[] body = response.body().readNBytes(MAX_PAGE + 1);
            if (body.length > MAX_PAGE) {
                throw new Problem(
                        Kind.NETWORK,
                        "the page " + folder + " is larger than " + (MAX_PAGE >> 20) + " MiB",
                        "pin the files in the manifest, each with its URL as at");
            }
            return here
                    ? HttpIndex.entries(new String(body, StandardCharsets.UTF_8), response.uri())
                    : Optional.empty();
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, subject() + ": " + folder + " was interrupted", null, e);
        } catch (Problem problem) {
            throw SourceProblems.about(subject(), root.toString(), problem);
        }
    }

    private Problem noFolder(URI uri) {
        return new Problem(
                Kind.NETWORK,
                subject() + " cannot be listed: " + uri + " is not a page that lists a folder",
                "open it in a browser; if it links to files, pin them in the manifest with their URLs as at");
    }
}
