package org.histods.source.zenodo;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.credentials.CredentialLocation;
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
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.histods.text.Count;
import org.histods.transport.HostPolicy;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/**
 * Zenodo, and with the option {@code host} any other InvenioRDM site. A record is the id of one version, such as
 * {@code 1214456}; a concept id, which means the newest version, is refused.
 */
public final class ZenodoSource implements Source {

    static final String HOST = "zenodo.org";
    private static final Pattern DOI = Pattern.compile("10\\.5281/zenodo\\.([0-9]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern HOSTNAME = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,12}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9-]{1,40}");

    /** One record at one host. */
    record RecordRef(String host, String id) {

        URI api() {
            return URI.create("https://" + host + "/api/records/" + id);
        }

        String page() {
            return "https://" + host + "/records/" + id;
        }

        String subject() {
            return (host.equals(HOST) ? "zenodo" : host) + " record " + id;
        }

        /** The publisher of the host's checksums. */
        String publisher() {
            return host.equals(HOST) ? "Zenodo" : host;
        }

        List<URI> urls(String key) {
            String encoded = UrlEncoding.path(key);
            return List.of(
                    URI.create(api() + "/files/" + encoded + "/content"),
                    URI.create(page() + "/files/" + encoded + "?download=1"));
        }
    }

    @Override
    public String kind() {
        return "zenodo";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "zenodo\\.org/(?:api/)?(?:records?|deposit)/([0-9]+)",
                "https://zenodo.org/records/$",
                "\\bzenodo_get\\b.*?\\b([0-9]{5,})",
                "https://zenodo.org/records/$",
                "\\b(10\\.5281/zenodo\\.[0-9]+)",
                "$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return ZenodoDescriber.describe(url, transport);
    }

    /** Zenodo allows guests 133 requests a minute; it has blocked clients with more than four downloads at once. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "zenodo.org", new HostPolicy(2, 100, 1),
                "*.zenodo.org", new HostPolicy(2, 100, 1));
    }

    @Override
    public Optional<LoginService> loginService() {
        return Optional.of(new LoginService(
                List.of("zenodo"),
                List.of(HOST),
                TokenScheme.BEARER,
                "https://zenodo.org/account/settings/applications/",
                "restricted records shared with your account, and higher limits",
                List.of(new CredentialLocation.Variable("ZENODO_TOKEN", false)),
                List.of()));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        if (spec.option("host") != null) {
            return List.of();
        }
        return List.of(
                "10.5281/zenodo." + spec.record(),
                HOST + "/records/" + spec.record(),
                HOST + "/record/" + spec.record(),
                HOST + "/api/records/" + spec.record());
    }

    @Override
    public Map<Pattern, String> oldUrls() {
        return Map.of(
                Pattern.compile("//(www\\.)?zenodo\\.org/record/"),
                "zenodo.org/record/ is an old form: write https://zenodo.org/records/N");
    }

    @Override
    public Optional<String> doiFault(String doi, List<SourceSpec> sources) {
        Matcher zenodo = DOI.matcher(doi);
        List<String> records = sources.stream()
                .filter(s -> s.kind().equals(kind()) && s.official())
                .map(SourceSpec::record)
                .toList();
        return zenodo.matches() && !records.isEmpty() && !records.contains(zenodo.group(1))
                ? Optional.of(doi + " is not the DOI of record " + String.join(" or ", records)
                        + ". Is it the DOI of all versions, which leads to the newest? Write the DOI of the version")
                : Optional.empty();
    }

    @Override
    public Optional<URI> landing(String doi) {
        Matcher zenodo = DOI.matcher(doi);
        return zenodo.matches()
                ? Optional.of(URI.create("https://" + HOST + "/records/" + zenodo.group(1)))
                : Optional.empty();
    }

    @Override
    public Optional<URI> newest(SourceSpec spec) {
        try {
            return Optional.of(URI.create(place(spec).page() + "/latest"));
        } catch (Problem notARecord) {
            return Optional.empty();
        }
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        RecordRef place = place(spec);
        if (spec.files().isEmpty()) {
            return listed(spec, place, transport);
        }
        return PinnedFiles.remotes(spec, file -> place.urls(PinnedFiles.name(file)));
    }

    private static RecordRef place(SourceSpec spec) throws Problem {
        String host = spec.option("host");
        if (host == null) {
            host = HOST;
        } else if (!HOSTNAME.matcher(host).matches()) {
            throw PinnedFiles.fault(spec, "options.host", "'" + host + "' is not a host name");
        }
        Pattern form = host.equals(HOST) ? NUMBER : ID;
        if (!form.matcher(spec.record()).matches()) {
            throw PinnedFiles.fault(spec, "record", "expected the number of a record, such as \"1214456\"");
        }
        return new RecordRef(host, spec.record());
    }

    private static List<RemoteFile> listed(SourceSpec spec, RecordRef place, Transport transport) throws Problem {
        JsonNode record = JsonResponse.read(transport, Request.get(place.api()), place.subject(), place.page());
        refuseOtherVersion(place, record, transport);
        FileListing listing = new FileListing(spec, place.subject());
        for (ZenodoRecord.Entry entry : entries(place, record, transport)) {
            listing.add(entry.key(), entry.urls(place), entry.bytes(), entry.stated(place));
        }
        return listing.files();
    }

    /** The files of a record, which some InvenioRDM sites list in a separate response. */
    static List<ZenodoRecord.Entry> entries(RecordRef place, JsonNode record, Transport transport) throws Problem {
        if (ZenodoRecord.restricted(record)) {
            throw closed(place, "its files are restricted or under embargo");
        }
        List<ZenodoRecord.Entry> entries = ZenodoRecord.entries(record.path("files"));
        if (entries.isEmpty() && ZenodoRecord.listsElsewhere(record)) {
            Request files = Request.get(URI.create(place.api() + "/files"));
            entries = ZenodoRecord.entries(JsonResponse.read(transport, files, place.subject(), place.page()));
        }
        if (entries.isEmpty()) {
            throw closed(place, "the host lists no files, as for restricted records");
        }
        return entries;
    }

    private static Problem closed(RecordRef place, String why) {
        return new Problem(
                Kind.PERSON,
                place.subject() + ": " + why,
                "ask for access at " + place.page() + ", then store a token of your account: histods login "
                        + place.host() + "; or download them there, also with a link from the owner, and pass"
                        + " them with --from");
    }

    private static void refuseOtherVersion(RecordRef place, JsonNode record, Transport transport) throws Problem {
        String id = JsonResponse.text(record, "id");
        String concept = ZenodoRecord.concept(record);
        boolean isConcept = place.id().equals(concept);
        if (!isConcept && (id == null || id.equals(place.id()))) {
            return;
        }
        List<String> versions = versions(place, transport);
        String known = versions.isEmpty() ? "" : "; its versions are " + Count.shortened(versions, 20);
        if (isConcept) {
            throw new Problem(
                    Kind.USAGE,
                    place.subject() + " is the concept id of all versions and always means the newest, currently " + id
                            + known,
                    "put the id of one version into the manifest");
        }
        throw new Problem(
                Kind.UPSTREAM_CHANGED,
                place.subject() + " was requested, but the host returned " + id + known,
                "compare the two at " + place.page());
    }

    /** The ids of all versions, newest first; empty if unknown. */
    private static List<String> versions(RecordRef place, Transport transport) {
        try {
            Request request = Request.get(URI.create(place.api() + "/versions?size=25"));
            JsonNode response = JsonResponse.read(transport, request, place.subject(), null);
            List<String> ids = new ArrayList<>();
            for (JsonNode hit : response.path("hits").path("hits").values()) {
                String id = JsonResponse.text(hit, "id");
                if (id != null) {
                    ids.add(id);
                }
            }
            return ids;
        } catch (Problem ignored) {
            // Only the message gets less detailed.
            return List.of();
        }
    }
}
