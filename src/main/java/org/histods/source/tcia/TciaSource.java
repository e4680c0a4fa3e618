package org.histods.source.tcia;

import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.histods.source.tcia.TciaDownloads.Download;
import org.histods.text.Count;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The Cancer Imaging Archive. A record is the slug of a collection or of a download, or a download's number. The option
 * {@code via} selects the service: {@code faspex} packages (fetched with IBM's program), {@code pathdb}, {@code nbia}
 * (radiology), or plain {@code file}s; by default, the service that each download's link is of.
 */
public final class TciaSource implements Source {

    static final String PAGE = "https://www.cancerimagingarchive.net/";
    private static final Set<String> SERVICES = Set.of("faspex", "pathdb", "file", "nbia");

    @Override
    public String kind() {
        return "tcia";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of("\\b(10\\.7937/[\\w.-]+)", "$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return TciaDescriber.describe(url, transport);
    }

    @Override
    public Map<Pattern, String> oldUrls() {
        String page = ": write the collection's page on https://www.cancerimagingarchive.net";
        return Map.of(
                Pattern.compile("//wiki\\.cancerimagingarchive\\.net"), "the old TCIA wiki is being shut down" + page,
                Pattern.compile("//public\\.cancerimagingarchive\\.net"), "this was TCIA's old portal" + page);
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        if (!spec.record().matches("[A-Za-z0-9][A-Za-z0-9 _.-]*")) {
            throw PinnedFiles.fault(spec, "record", "expected the slug of a collection or download, or its number");
        }
        String via = spec.option("via");
        if (via != null && !SERVICES.contains(via)) {
            throw PinnedFiles.fault(spec, "options.via", "expected faspex, pathdb, file or nbia");
        }
        String subject = "tcia " + spec.record();
        if (!spec.files().isEmpty()) {
            return pinned(spec, subject, transport);
        }
        if ("nbia".equals(via)) {
            return new NbiaApi(spec, subject, transport).files();
        }
        return "pathdb".equals(via) ? new PathDb(spec, subject, transport).files() : listed(spec, subject, transport);
    }

    private static List<RemoteFile> pinned(SourceSpec spec, String subject, Transport transport) throws Problem {
        PinnedFiles.noFolders(spec);
        List<RemoteFile> files = new ArrayList<>();
        FaspexLink link = null;
        for (PinnedFile file : spec.files()) {
            PinnedFiles.path(spec, file);
            URI uri;
            if ("nbia".equals(spec.option("via"))) {
                uri = NbiaApi.url(spec, file);
            } else if (PinnedFiles.hasUrl(file)) {
                uri = PinnedFiles.url(spec, file);
            } else if ("faspex".equals(spec.option("via"))) {
                if (link == null) {
                    link = FaspexLink.of(
                            downloads(spec, subject, transport).get(0).url(), subject);
                }
                uri = link.file(PinnedFiles.name(file));
            } else {
                throw PinnedFiles.fault(spec, file, "at", "has no URL: give one");
            }
            files.add(PinnedFiles.remote(spec, file, List.of(uri)));
        }
        return files;
    }

    private static List<RemoteFile> listed(SourceSpec spec, String subject, Transport transport) throws Problem {
        FileListing listing = new FileListing(spec, subject);
        List<Download> downloads = downloads(spec, subject, transport);
        boolean unlisted = true;
        long packages = downloads.stream().filter(Download::faspex).count();
        for (Download download : downloads) {
            if (!download.faspex()) {
                String path = UrlEncoding.decode(download.url().getRawPath());
                String name = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
                listing.add(name, List.of(download.url()), null, List.of());
                continue;
            }
            String folder = packages > 1 ? download.slug() + "/" : "";
            FaspexLink link = FaspexLink.of(download.url(), subject);
            FaspexPackage one = new FaspexPackage(link, subject, transport);
            List<FaspexPackage.Entry> entries = one.entries();
            List<FaspexPackage.Entry> lists =
                    FaspexChecksums.lists(entries, spec.listing().checksumList());
            unlisted &= lists.isEmpty();
            FaspexChecksums checksums = transport.supportsFasp()
                    ? FaspexChecksums.read(lists, entries, one, subject)
                    : FaspexChecksums.none();
            for (FaspexPackage.Entry entry : entries) {
                List<Stated> stated = checksums.of(entry.path());
                listing.add(folder + entry.path(), List.of(link.file(entry.path())), entry.bytes(), stated);
            }
        }
        if (spec.listing().checksumList() != null && unlisted) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + ": none of its packages has the checksum list "
                            + spec.listing().checksumList(),
                    "there may be a new version; compare with " + PAGE);
        }
        return listing.files();
    }

    /** The downloads that the options select; never empty. */
    private static List<Download> downloads(SourceSpec spec, String subject, Transport transport) throws Problem {
        List<Download> all = new TciaDownloads(spec, subject, transport).all();
        String via = spec.option("via");
        String wanted = spec.option("package");
        List<Download> fit = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Download download : all) {
            boolean way = via == null || download.faspex() == via.equals("faspex");
            if (way && (wanted == null || wanted.equals(number(download, subject)))) {
                fit.add(download);
            } else {
                others.add(download.slug() + (download.faspex() ? " (package " + number(download, subject) + ")" : ""));
            }
        }
        if (fit.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + ": none of TCIA's downloads is " + (via == null ? "" : "via " + via)
                            + (wanted == null ? "" : " package " + wanted) + "; there are "
                            + Count.shortened(others, 20),
                    "TCIA moves packages to new numbers; compare the options in the manifest with " + PAGE);
        }
        return fit;
    }

    /** The number of its package; empty if its link does not contain one. */
    private static String number(Download download, String subject) {
        try {
            return download.faspex() ? FaspexLink.of(download.url(), subject).id() : "";
        } catch (Problem ignored) {
            // Reported when the package itself is wanted.
            return "";
        }
    }

    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        if (FaspexLink.isFile(uri)) {
            return fasp(file, uri, from, to, ifRange, transport);
        }
        Request request = Request.get(uri).range(from, to).ifRange(ifRange);
        if (NbiaApi.isSeriesUrl(uri)) {
            return NbiaApi.open(file, request, transport);
        }
        Response response = transport.open(request);
        return PathDb.HOST.equals(uri.getHost()) && response.from() == 0 ? notEmpty(file, response) : response;
    }

    /** Opens a file with IBM's program. The host has no entity tags; without a checksum, the listed date is the validator. */
    private static Response fasp(
            RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        if (!transport.supportsFasp()) {
            throw FaspexLink.manualDownload(file, uri, "it was not found", null);
        }
        if (file.bytes() != null && file.bytes() == 0) {
            // IBM's program cannot stream an empty file.
            return new Response(200, uri, List.of(), Map.of(), 0, 0, 0, InputStream.nullInputStream());
        }
        String subject = "tcia package of " + file.path();
        FaspexPackage one = new FaspexPackage(FaspexLink.of(uri, subject), subject, transport);
        FaspexPackage.Entry entry = new FaspexPackage.Entry(FaspexLink.path(uri), file.bytes());
        String changed = file.checksums().isEmpty() ? one.lastModified(entry.path()) : null;
        boolean same = ifRange == null || !file.checksums().isEmpty() || ifRange.equals(changed);
        try {
            Response response = one.open(entry, same ? from : 0, same ? to : -1);
            return changed == null ? response : response.with("last-modified", changed);
        } catch (Problem problem) {
            throw problem.kind() == Kind.PERSON
                    ? FaspexLink.manualDownload(file, uri, problem.message(), problem)
                    : problem;
        }
    }

    /** Refuses an empty response: most slides of one collection were empty in PathDB, which states no sizes. */
    private static Response notEmpty(RemoteFile file, Response response) throws Problem {
        PushbackInputStream body = new PushbackInputStream(response.body(), 1);
        try {
            int first = body.read();
            if (first >= 0) {
                body.unread(first);
                return response.withBody(body);
            }
            response.close();
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, "could not read " + file.uri(), null, e);
        }
        throw new Problem(
                Kind.WRONG_BYTES,
                file.path() + " is empty at PathDB",
                "TCIA's own package has the original; try another source with --source");
    }
}
