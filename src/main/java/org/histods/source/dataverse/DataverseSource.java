package org.histods.source.dataverse;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.credentials.LoginService;
import org.histods.credentials.TokenScheme;
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
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Dataverse. A record is a persistent id such as {@code doi:10.7910/DVN/OCYCMP}. Options: {@code host}, by
 * default Harvard's, and {@code version}, such as {@code 1.0}. Files are pinned by their persistent or numeric id as {@code at};
 * {@code ?format=original} after it means the uploaded form of a table.
 */
public final class DataverseSource implements Source {

    private static final String HARVARD = "dataverse.harvard.edu";
    private static final Pattern HARVARD_DOI = Pattern.compile("10\\.7910/DVN/[A-Z0-9]+", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");
    private static final Pattern RECORD = Pattern.compile("(?:doi:10\\.[0-9]{4,9}|hdl:[0-9.]+|perma:[^/\\s]+)/?\\S*");
    private static final Pattern VERSION = Pattern.compile("[0-9]{1,4}\\.[0-9]{1,4}");
    private static final Pattern FILE =
            Pattern.compile("(?:[0-9]{1,12}|(?:doi|hdl|perma):\\S+?)(?:\\?format=original)?");

    /**
     * One dataset at one host.
     *
     * @param version null for the newest
     */
    record RecordRef(String host, String id, @Nullable String version) {

        URI api() {
            String which = version == null ? ":latest-published" : version;
            return URI.create("https://" + host + "/api/datasets/:persistentId/versions/" + which + "?persistentId="
                    + UrlEncoding.segment(id));
        }

        String page() {
            return "https://" + host + "/dataset.xhtml?persistentId=" + id
                    + (version == null ? "" : "&version=" + version);
        }

        String subject() {
            return "dataverse " + id;
        }

        /** The publisher of the host's checksums. */
        String publisher() {
            return host.equals(HARVARD) ? "Harvard Dataverse" : host;
        }

        /** The download URL of a file. */
        URI file(String at) {
            String id = at.replaceFirst("\\?.*", "");
            String query = at.substring(id.length());
            if (id.matches("[0-9]+")) {
                return URI.create("https://" + host + "/api/access/datafile/" + id + query);
            }
            return URI.create("https://" + host + "/api/access/datafile/:persistentId?persistentId="
                    + UrlEncoding.segment(id) + query.replace('?', '&'));
        }
    }

    @Override
    public String kind() {
        return "dataverse";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "\\b(10\\.7910/DVN/\\w+)", "$", "\\b(https?://[\\w.-]*dataverse[\\w.-]*/[^\\s\"'<>{}$`*),;]+)", "$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return DataverseDescriber.describe(url, transport);
    }

    /** Harvard publishes no limits; these have worked. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(HARVARD, new HostPolicy(2, 0, 1));
    }

    @Override
    public Optional<LoginService> loginService() {
        return Optional.of(new LoginService(
                List.of("dataverse-harvard"),
                List.of(HARVARD),
                new TokenScheme("X-Dataverse-key", ""),
                "https://dataverse.harvard.edu/dataverseuser.xhtml?selectTab=apiTokenTab",
                "restricted files that your account may read",
                List.of(),
                List.of()));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        return List.of(spec.record().replaceFirst("^doi:", ""));
    }

    @Override
    public Optional<URI> landing(String doi) {
        return HARVARD_DOI.matcher(doi).matches()
                ? Optional.of(URI.create("https://" + HARVARD + "/dataset.xhtml?persistentId=doi:" + doi))
                : Optional.empty();
    }

    @Override
    public Optional<URI> newest(SourceSpec spec) {
        try {
            RecordRef place = place(spec);
            return place.version() == null
                    ? Optional.empty()
                    : Optional.of(URI.create(new RecordRef(place.host(), place.id(), null).page()));
        } catch (Problem notADataset) {
            return Optional.empty();
        }
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        RecordRef place = place(spec);
        PinnedFiles.noFolders(spec);
        PinnedEntries pinned = new PinnedEntries(
                        spec,
                        place.subject(),
                        "compare the versions at " + place.page() + ", or pin the file's id as at")
                .byId(FILE, "expected the persistent or the numeric id of the file", id -> List.of(place.file(id)));
        List<DataverseFiles.Entry> entries =
                pinned.needed() ? DataverseFiles.entries(read(place, transport), place.publisher()) : List.of();
        entries.forEach(entry -> pinned.add(entry.path(), List.of(place.file(entry.at()))));
        return spec.files().isEmpty() ? listed(spec, place, entries) : pinned.files();
    }

    private static RecordRef place(SourceSpec spec) throws Problem {
        String host = spec.option("host") == null ? HARVARD : String.valueOf(spec.option("host"));
        if (!HOSTNAME.matcher(host).matches()) {
            throw PinnedFiles.fault(spec, "options.host", "'" + host + "' is not a host name");
        }
        String version = spec.option("version");
        if (version != null && !VERSION.matcher(version).matches()) {
            throw PinnedFiles.fault(spec, "options.version", "expected a version such as \"1.0\"");
        }
        if (!RECORD.matcher(spec.record()).matches()) {
            throw PinnedFiles.fault(spec, "record", "expected a persistent id such as \"doi:10.7910/DVN/OCYCMP\"");
        }
        return new RecordRef(host, spec.record(), version);
    }

    /** The host's description of the version. */
    static JsonNode read(RecordRef place, Transport transport) throws Problem {
        JsonNode response = JsonResponse.read(transport, Request.get(place.api()), place.subject(), place.page());
        if ("ERROR".equals(JsonResponse.text(response, "status"))) {
            throw new Problem(
                    Kind.NETWORK,
                    place.subject() + " cannot be read: the host says " + JsonResponse.name(response, "message"),
                    "look at " + place.page());
        }
        return response.path("data");
    }

    private static List<RemoteFile> listed(SourceSpec spec, RecordRef place, List<DataverseFiles.Entry> entries)
            throws Problem {
        FileListing listing = new FileListing(spec, place.subject());
        for (DataverseFiles.Entry entry : entries) {
            if (entry.restricted() && listing.keeps(entry.path())) {
                throw new Problem(
                        Kind.PERSON,
                        place.subject() + ": " + entry.path() + " is restricted",
                        "request access at " + place.page() + ", then store the token of your account: histods login "
                                + place.host() + "; or pass the file with --from");
            }
            listing.add(entry.path(), List.of(place.file(entry.at())), entry.bytes(), entry.checksums());
        }
        return listing.files();
    }

    @Override
    public Problem explained(RemoteFile file, URI uri, Problem problem, Transport transport) {
        String host = String.valueOf(uri.getHost());
        if (SourceProblems.mentions(problem, "guestbook") || SourceProblems.mentions(problem, "Guestbook")) {
            return new Problem(
                    Kind.PERSON,
                    file.path() + ": " + host + " requires its guestbook to be filled in before the download",
                    "download it in a browser from the dataset's page at " + host + " and pass it with --from",
                    problem.attempts(),
                    problem);
        }
        if (problem.kind() != Kind.PERSON) {
            return problem;
        }
        return SourceProblems.withMessage(
                problem,
                file.path() + " is restricted at " + host + ": " + problem.message(),
                "request access on the dataset's page, then store the token of your account: histods login " + host
                        + "; or pass the file with --from");
    }
}
