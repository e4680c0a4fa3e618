package org.histods.source.kaggle;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.credentials.CredentialLocation;
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
import org.histods.source.listing.ListingPages;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Kaggle. A record is {@code datasets/owner/name}, with {@code /versions/N} for one version, or {@code
 * competitions/name}. Kaggle states checksums only with the download.
 */
public final class KaggleSource implements Source {

    /** An owner and a name, in a regular expression. */
    private static final String DATASET = "[A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*";

    /** A file of a listing. */
    record Entry(String name, @Nullable Long bytes) {}

    @Override
    public String kind() {
        return "kaggle";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "kaggle\\s+datasets\\s+download\\b.*?(?<![\\w./-])(" + DATASET + ")",
                "https://www.kaggle.com/datasets/$",
                "(?:dataset_download|dataset_download_files|dataset_load)\\(\\s*(?:\\w+\\s*=\\s*)?[\"'](" + DATASET
                        + ")",
                "https://www.kaggle.com/datasets/$",
                "kaggle\\.com/datasets/(" + DATASET + ")",
                "https://www.kaggle.com/datasets/$",
                "kaggle\\s+competitions\\s+download\\b(?:\\s+-[cfp]|\\s+-{2}competition|\\s)*\\s+([a-z0-9][\\w-]+)",
                "https://www.kaggle.com/competitions/$",
                "(?:competition_download|competition_download_files)\\(\\s*[\"']([\\w-]+)",
                "https://www.kaggle.com/competitions/$",
                "kaggle\\.com/(?:c|competitions)/([\\w-]+)",
                "https://www.kaggle.com/competitions/$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return KaggleDescriber.describe(url, transport);
    }

    /** Kaggle publishes no limits; these have worked. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "www.kaggle.com", new HostPolicy(2, 60, 1),
                "api.kaggle.com", new HostPolicy(2, 60, 1));
    }

    @Override
    public Optional<LoginService> loginService() {
        return Optional.of(new LoginService(
                List.of("kaggle", "kaggle.com"),
                List.of(KaggleRecord.HOST, "api.kaggle.com"),
                TokenScheme.BEARER,
                "https://www.kaggle.com/settings",
                "competitions, after you accept their rules in a browser",
                List.of(
                        new CredentialLocation.Variable("KAGGLE_API_TOKEN", true),
                        new CredentialLocation.Variables("KAGGLE_USERNAME", "KAGGLE_KEY")),
                List.of(
                        new CredentialLocation.Token("~/.kaggle/access_token"),
                        new CredentialLocation.Token("~/.kaggle/access_token.txt"),
                        kaggleJson("$KAGGLE_CONFIG_DIR/kaggle.json"),
                        kaggleJson("~/.kaggle/kaggle.json"),
                        kaggleJson("~/.config/kaggle/kaggle.json"))));
    }

    private static CredentialLocation kaggleJson(String path) {
        return new CredentialLocation.Fields(path, List.of("username"), List.of("key"));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        String record = spec.record().replaceFirst("/versions/.*", "");
        return List.of(
                "kaggle.com/" + record,
                record.replaceFirst("^competitions/", "kaggle.com/c/").replaceFirst("^datasets/", ""));
    }

    @Override
    public Optional<URI> newest(SourceSpec spec) {
        try {
            KaggleRecord record = KaggleRecord.of(spec);
            return record.version() == null
                    ? Optional.empty()
                    : Optional.of(URI.create(new KaggleRecord(record.owner(), record.slug(), null).page()));
        } catch (Problem notARecord) {
            return Optional.empty();
        }
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        KaggleRecord record = KaggleRecord.of(spec);
        return spec.files().isEmpty()
                ? listed(spec, record, transport)
                : PinnedFiles.remotes(spec, file -> urls(record, file));
    }

    private static List<URI> urls(KaggleRecord record, PinnedFile file) {
        boolean whole = file.at() == null
                ? file.path().equals(record.slug() + ".zip")
                : file.at().equals(".");
        return whole ? List.of(record.whole()) : record.file(PinnedFiles.name(file));
    }

    private static List<RemoteFile> listed(SourceSpec spec, KaggleRecord record, Transport transport) throws Problem {
        FileListing listing = new FileListing(spec, record.subject());
        for (Entry entry : entries(record, transport)) {
            listing.add(entry.name(), record.file(entry.name()), entry.bytes(), List.of());
        }
        return listing.files();
    }

    /** All files that Kaggle lists; may be empty. */
    static List<Entry> entries(KaggleRecord record, Transport transport) throws Problem {
        List<Entry> entries = new ArrayList<>();
        String token = null;
        ListingPages pages = new ListingPages(record.subject());
        do {
            JsonNode response = page(record, token, transport);
            JsonNode list = response.isArray()
                    ? response
                    : response.path(response.path("datasetFiles").isArray() ? "datasetFiles" : "files");
            for (JsonNode file : list.values()) {
                entries.add(new Entry(JsonResponse.name(file, "name", "ref"), JsonResponse.size(file, "totalBytes")));
            }
            token = JsonResponse.text(response, "nextPageToken");
            if (token != null) {
                pages.add(list.size(), token);
            }
        } while (token != null);
        return entries;
    }

    private static JsonNode page(KaggleRecord record, @Nullable String token, Transport transport) throws Problem {
        try {
            return JsonResponse.read(transport, Request.get(record.list(token)), record.subject(), record.page());
        } catch (Problem problem) {
            throw record.explained(problem);
        }
    }

    /**
     * A plain GET, which redirects to a signed URL. If Kaggle sends the file inside a zip archive, the file is extracted,
     * always from its start.
     */
    @Override
    public Response open(RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport)
            throws Problem {
        Response response;
        try {
            response = transport.open(Request.get(uri).range(from, to).ifRange(ifRange));
        } catch (Problem problem) {
            throw opening(file, uri, problem);
        }
        if (!KaggleZip.wraps(response, uri)) {
            return response;
        }
        if (response.from() == 0 && to < 0) {
            return KaggleZip.unwrapped(file, response);
        }
        KaggleZip.close(file, response);
        return KaggleZip.unwrapped(file, transport.open(Request.get(uri)));
    }

    private static Problem opening(RemoteFile file, URI uri, Problem problem) {
        if (problem.kind() != Kind.PERSON) {
            return problem;
        }
        String path = uri.getPath();
        boolean competition = path.contains("/competitions/");
        String slug = path.replaceFirst(".*/(?:download|download-all)/([^/]+).*", "$1");
        return competition
                ? new KaggleRecord(null, slug, null).explained(problem)
                : SourceProblems.withMessage(
                        problem,
                        "kaggle: " + file.path() + " is not public: " + problem.message(),
                        "a token from your Kaggle settings is stored with histods login " + KaggleRecord.HOST);
    }
}
