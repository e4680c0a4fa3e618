package org.histods.source.figshare;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.credentials.LoginService;
import org.histods.credentials.TokenScheme;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedEntries;
import org.histods.source.listing.PinnedFiles;
import org.histods.transport.HostPolicy;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * figshare and the portals that it hosts. A record is {@code articles/7379186/versions/3} or
 * {@code collections/4552445/versions/1}; files are pinned by figshare's file id, which always means the same
 * bytes, so the record is optional.
 */
public final class FigshareSource implements Source {

    private static final Pattern DOI =
            Pattern.compile("10\\.6084/m9\\.figshare\\.(c\\.)?([0-9]+)(?:\\.v([0-9]+))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern ID = Pattern.compile("[0-9]{1,12}");
    private static final Pattern DOWNLOAD = Pattern.compile(
            "https?://(?:[a-z0-9.-]+\\.)?figshare\\.com/(?:ndownloader/files|files|v2/file/download)/([0-9]{1,12})/?");

    @Override
    public String kind() {
        return "figshare";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "\\b(10\\.(?:6084/m9\\.figshare\\.[0-9]+|25452/figshare\\.plus\\.[\\w.]+))",
                "$",
                "figshare\\.com/(articles/[\\w/-]*[0-9]{4,})",
                "https://figshare.com/$",
                "\\bndownloader(?:\\.figshare\\.com)?/((?:files|articles)/[0-9]+)",
                "https://ndownloader.figshare.com/$",
                "api\\.figshare\\.com/v2/file/download/([0-9]+)",
                "https://ndownloader.figshare.com/files/$",
                "api\\.figshare\\.com/v2/(articles/[0-9]+)",
                "https://figshare.com/$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return FigshareDescriber.describe(url, transport);
    }

    /** figshare asks for "not more than one request per second". */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "figshare.com", new HostPolicy(2, 60, 1),
                "*.figshare.com", new HostPolicy(2, 60, 1));
    }

    @Override
    public Optional<LoginService> loginService() {
        return Optional.of(new LoginService(
                List.of("figshare", "figshare.com"),
                List.of("api.figshare.com"),
                new TokenScheme("Authorization", "token"),
                "https://figshare.com/account/applications",
                "private items of your account",
                List.of(),
                List.of()));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        String record = "figshare.com/" + spec.record().replaceFirst("/versions/.*", "");
        Stream<String> files = spec.files().stream()
                .map(FigshareSource::id)
                .filter(Objects::nonNull)
                .flatMap(id -> Stream.of(
                        "figshare.com/ndownloader/files/" + id,
                        "ndownloader.figshare.com/files/" + id,
                        "api.figshare.com/v2/file/download/" + id));
        return Stream.concat(Stream.of(record), files).toList();
    }

    @Override
    public Map<Pattern, String> oldUrls() {
        return Map.of(
                Pattern.compile("//figshare\\.com/ndownloader"),
                "figshare.com/ndownloader returns an empty page to programs: write"
                        + " https://ndownloader.figshare.com/files/N");
    }

    @Override
    public Optional<String> doiFault(String doi, List<SourceSpec> sources) {
        return doi.matches("10\\.6084/m9\\.figshare\\.[0-9]+")
                ? Optional.of(doi + " always leads to the newest version: write the DOI of the version, " + doi + ".vN")
                : Optional.empty();
    }

    @Override
    public Optional<URI> landing(String doi) {
        Matcher figshare = DOI.matcher(doi);
        if (!figshare.matches()) {
            return Optional.empty();
        }
        String type = figshare.group(1) == null ? "articles" : "collections";
        return Optional.of(
                URI.create(new FigshareRecord(type, String.valueOf(figshare.group(2)), figshare.group(3)).page()));
    }

    /** Files that are pinned without their article are asked for one by one. */
    @Override
    public Optional<SourceSpec> unpinned(SourceSpec spec) {
        return spec.record().isEmpty() ? Optional.empty() : Optional.of(spec.withFiles(List.of()));
    }

    @Override
    public Optional<URI> newest(SourceSpec spec) {
        try {
            FigshareRecord record = FigshareRecord.of(spec);
            return Optional.of(URI.create(new FigshareRecord(record.type(), record.id(), null).page()));
        } catch (Problem onlyFiles) {
            return Optional.empty();
        }
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        boolean byIds =
                !spec.files().isEmpty() && spec.files().stream().allMatch(f -> id(f) != null || PinnedFiles.hasUrl(f));
        if (byIds && spec.record().isEmpty()) {
            return pinned(spec, List.of());
        }
        FigshareRecord record = FigshareRecord.of(spec);
        if (byIds) {
            return pinned(spec, List.of());
        }
        List<FigshareFiles.Entry> entries = entries(record, transport);
        return spec.files().isEmpty() ? listed(spec, record, entries) : pinned(spec, entries);
    }

    static List<FigshareFiles.Entry> entries(FigshareRecord record, Transport transport) throws Problem {
        if (!record.collection()) {
            return FigshareFiles.ofArticle(record, FigshareFiles.read(record, transport), transport);
        }
        if (record.version() != null) {
            newest(record, transport);
        }
        return FigshareFiles.ofCollection(record, transport);
    }

    private static void newest(FigshareRecord record, Transport transport) throws Problem {
        FigshareRecord today = new FigshareRecord(record.type(), record.id(), null);
        JsonNode response = FigshareFiles.read(today, transport);
        String version = JsonResponse.text(response, "version");
        if (version != null && !version.equals(record.version())) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    record.subject() + " cannot be listed: figshare lists the newest version only, now " + version,
                    "pin the files by their ids, or compare the versions at " + today.page());
        }
    }

    private static List<RemoteFile> listed(SourceSpec spec, FigshareRecord record, List<FigshareFiles.Entry> entries)
            throws Problem {
        FileListing listing = new FileListing(spec, record.subject());
        for (FigshareFiles.Entry entry : entries) {
            if (entry.linkOnly() && listing.keeps(entry.path())) {
                throw new Problem(
                        Kind.PERSON,
                        record.subject() + ": figshare has only a link instead of " + entry.path(),
                        "follow it at " + record.page() + " and pass the file with --from, or exclude it");
            }
            listing.add(entry.path(), FigshareRecord.urls(entry.id()), entry.bytes(), entry.checksums());
        }
        return listing.files();
    }

    /** @param entries of the record; empty if no file is looked up by its name */
    private static List<RemoteFile> pinned(SourceSpec spec, List<FigshareFiles.Entry> entries) throws Problem {
        PinnedFiles.noFolders(spec);
        PinnedEntries listed =
                new PinnedEntries(spec, "figshare " + spec.record(), "pin the file by its id at figshare, as at");
        entries.forEach(entry -> listed.add(entry.path(), FigshareRecord.urls(entry.id())));
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            String id = id(file);
            List<URI> urls = id != null
                    ? FigshareRecord.urls(id)
                    : PinnedFiles.hasUrl(file) ? List.of(PinnedFiles.url(spec, file)) : listed.urls(file);
            files.add(PinnedFiles.remote(spec, file, urls));
        }
        return files;
    }

    /** The file's id, also from the download URLs that figshare has used; null if there is none. */
    private static @Nullable String id(PinnedFile file) {
        if (file.at() == null) {
            return null;
        }
        Matcher url = DOWNLOAD.matcher(file.at());
        if (url.matches()) {
            return url.group(1);
        }
        return ID.matcher(file.at()).matches() ? file.at() : null;
    }
}
