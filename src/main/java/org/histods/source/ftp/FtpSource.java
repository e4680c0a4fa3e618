package org.histods.source.ftp;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** A folder of an anonymous FTP server, with everything below it. The record is its URL and ends with a slash. */
public final class FtpSource implements Source {

    /** The listing of a folder with 100,000 long names is smaller. */
    private static final int MAX_BYTES = 32 << 20;

    private static final int MAX_DEPTH = 64;
    private static final String LISTING = "# listing of an FTP folder";
    private static final Pattern ENTRY = Pattern.compile("(.) (-?[0-9]{1,18}) (.+)");

    @Override
    public String kind() {
        return "ftp";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of("\\b(ftp://[^\\s\"'<>{}$`*),;]+)", "$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return FtpDescriber.describe(url, transport);
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        URI root = root(spec);
        if (spec.files().isEmpty()) {
            return listed(spec, root, transport);
        }
        return PinnedFiles.remotes(spec, file -> List.of(below(root, PinnedFiles.name(file))));
    }

    /** A plain GET of a URL in the manifest, or below one. */
    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        return transport.open(Request.get(uri).range(from, to).ifRange(ifRange).allowUnencrypted());
    }

    private static URI root(SourceSpec spec) throws Problem {
        try {
            URI uri = URI.create(spec.record());
            boolean whole = uri.getRawQuery() == null && uri.getRawFragment() == null && uri.getUserInfo() == null;
            if ("ftp".equals(uri.getScheme())
                    && uri.getHost() != null
                    && whole
                    && spec.record().endsWith("/")) {
                return uri;
            }
        } catch (IllegalArgumentException ignored) {
            // The problem follows below.
        }
        throw PinnedFiles.fault(spec, "record", "expected ftp://host/folder/ without a password");
    }

    private static URI below(URI root, String path) {
        return URI.create(root + UrlEncoding.path(path));
    }

    private static List<RemoteFile> listed(SourceSpec spec, URI root, Transport transport) throws Problem {
        String subject = spec.record();
        FileListing listing = new FileListing(spec, subject);
        Deque<String> folders = new ArrayDeque<>(List.of(""));
        while (!folders.isEmpty()) {
            String folder = folders.removeFirst();
            if (folder.chars().filter(c -> c == '/').count() > MAX_DEPTH) {
                throw new Problem(Kind.NETWORK, subject + ": folders are nested too deeply: " + folder);
            }
            URI uri = below(root, folder);
            for (String line : lines(uri, subject, transport)) {
                Matcher entry = ENTRY.matcher(line);
                if (!entry.matches()) {
                    throw unreadable(subject, uri);
                }
                String path = folder + entry.group(3);
                if (!entry.group(1).equals("d")) {
                    file(entry.group(1), path, entry.group(2), root, listing, subject);
                } else if (FilePath.fault(path) != null) {
                    // Throws a problem that explains the name.
                    listing.add(path, List.of(root), null, List.of());
                } else if (listing.mayKeepBelow(path + "/")) {
                    folders.addLast(path + "/");
                }
            }
        }
        return listing.files();
    }

    private static void file(String kind, String path, String size, URI root, FileListing listing, String subject)
            throws Problem {
        if (!kind.equals("f") && listing.keeps(path)) {
            throw new Problem(
                    Kind.USAGE,
                    subject + ": " + path + " is a link or a special file, which is not followed",
                    "leave it out with exclude, or pin the files");
        }
        if (kind.equals("f")) {
            long bytes = Long.parseLong(size);
            listing.add(path, List.of(below(root, path)), bytes < 0 ? null : bytes, List.of());
        }
    }

    private static List<String> lines(URI uri, String subject, Transport transport) throws Problem {
        byte[] body;
        try {
            body = transport.read(Request.get(uri).allowUnencrypted(), MAX_BYTES);
        } catch (Problem problem) {
            throw SourceProblems.about(subject, null, problem);
        }
        String text = new String(body, StandardCharsets.UTF_8);
        if (!text.startsWith(LISTING)) {
            throw unreadable(subject, uri);
        }
        return text.lines().filter(line -> !line.startsWith("#")).toList();
    }

    private static Problem unreadable(String subject, URI uri) {
        return new Problem(
                Kind.NETWORK,
                subject + " cannot be read: " + uri + " did not respond with a listing",
                "it may be a login page of your network");
    }
}
