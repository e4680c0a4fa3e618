package org.histods.source.osf;

import java.net.URI;
import java.util.List;
import java.util.Locale;
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
import org.histods.source.listing.PinnedEntries;
import org.histods.source.listing.PinnedFiles;
import org.histods.transport.HostPolicy;
import org.histods.transport.Transport;

/**
 * The Open Science Framework. A record is the five letters of a project, such as {@code ab3de}, or {@code
 * registrations/ab3de}. Files are pinned by their id as {@code at}. The option {@code provider} names a storage
 * other than OSF's own; {@code components: "true"} adds the project's components, each in a folder with its id as name.
 */
public final class OsfSource implements Source {

    private static final Pattern DOI = Pattern.compile("10\\.17605/OSF\\.IO/([A-Z0-9]{5})", Pattern.CASE_INSENSITIVE);
    private static final Pattern RECORD = Pattern.compile("(registrations/|nodes/)?([a-z0-9]{5})");
    private static final Pattern FILE = Pattern.compile("[a-z0-9]{5,40}");
    private static final Pattern PROVIDER = Pattern.compile("[a-z0-9]{2,30}");

    /**
     * The files of one project or registration.
     *
     * @param type {@code nodes} or {@code registrations}
     */
    record RecordRef(String type, String id, String provider) {

        URI api() {
            return URI.create("https://" + OsfFiles.API + "/v2/" + type + "/" + id + "/");
        }

        URI children() {
            return URI.create(api() + "children/?page%5Bsize%5D=100");
        }

        /** A component of it. */
        RecordRef child(String component) {
            return new RecordRef(type, component, provider);
        }

        URI files() {
            return URI.create(api() + "files/" + provider + "/?page%5Bsize%5D=100");
        }

        /** @param file the id of a file, in OSF's short or long form */
        static URI file(String file) {
            return URI.create("https://osf.io/download/" + file + "/");
        }

        String page() {
            return "https://osf.io/" + id + "/";
        }

        String text() {
            return type.equals("nodes") ? id : type + "/" + id;
        }

        String subject() {
            return "osf " + text();
        }
    }

    @Override
    public String kind() {
        return "osf";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "\\b(10\\.17605/OSF\\.IO/\\w+)",
                "$",
                "\\bosf\\.io/(?:download/)?([a-z0-9]{5})\\b",
                "https://osf.io/$",
                "\\bosf\\s+-{1,2}p(?:roject)?\\s+([a-z0-9]{5})\\b",
                "https://osf.io/$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return OsfDescriber.describe(url, transport);
    }

    /** OSF allows 75 files a minute. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of(
                "osf.io", new HostPolicy(2, 60, 1),
                "*.osf.io", new HostPolicy(2, 60, 1));
    }

    @Override
    public Optional<LoginService> loginService() {
        return Optional.of(new LoginService(
                List.of("osf"),
                List.of("api.osf.io", "osf.io", "files.osf.io"),
                TokenScheme.BEARER,
                "https://osf.io/settings/tokens",
                "10,000 requests a day instead of 100 an hour, and projects shared with your account",
                List.of(new CredentialLocation.Variable("OSF_TOKEN", false)),
                List.of()));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        return List.of("osf.io/" + spec.record());
    }

    @Override
    public Optional<URI> landing(String doi) {
        Matcher osf = DOI.matcher(doi);
        return osf.matches()
                ? Optional.of(URI.create(
                        "https://osf.io/" + String.valueOf(osf.group(1)).toLowerCase(Locale.ROOT) + "/"))
                : Optional.empty();
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        RecordRef place = place(spec);
        PinnedFiles.noFolders(spec);
        PinnedEntries pinned = new PinnedEntries(
                        spec, place.subject(), "look at " + place.page() + ", or pin the file's id as at")
                .byId(FILE, "expected the id of the file at OSF", id -> List.of(RecordRef.file(id)));
        List<OsfFiles.Entry> entries = pinned.needed() ? OsfFiles.all(place, components(spec), transport) : List.of();
        entries.forEach(entry -> pinned.add(entry.path(), entry.uris()));
        return spec.files().isEmpty() ? listed(spec, place, entries) : pinned.files();
    }

    private static boolean components(SourceSpec spec) throws Problem {
        String requested = spec.option("components");
        if (requested != null && !requested.equals("true") && !requested.equals("false")) {
            throw PinnedFiles.fault(spec, "options.components", "expected \"true\" or \"false\"");
        }
        return "true".equals(requested);
    }

    private static RecordRef place(SourceSpec spec) throws Problem {
        Matcher form = RECORD.matcher(spec.record());
        if (!form.matches()) {
            throw PinnedFiles.fault(spec, "record", "expected the five-character id of a project, such as \"ab3de\"");
        }
        String provider = spec.option("provider");
        if (provider != null && !PROVIDER.matcher(provider).matches()) {
            throw PinnedFiles.fault(spec, "options.provider", "'" + provider + "' is not a storage of OSF");
        }
        return new RecordRef(
                "registrations/".equals(form.group(1)) ? "registrations" : "nodes",
                String.valueOf(form.group(2)),
                provider == null ? "osfstorage" : provider);
    }

    private static List<RemoteFile> listed(SourceSpec spec, RecordRef place, List<OsfFiles.Entry> entries)
            throws Problem {
        if (entries.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    place.subject() + " has no files of its own in the storage " + place.provider(),
                    "look at " + place.page()
                            + ": its files may be in its components (options.components), or in another storage"
                            + " (options.provider)");
        }
        FileListing listing = new FileListing(spec, place.subject());
        for (OsfFiles.Entry entry : entries) {
            listing.add(entry.path(), entry.uris(), entry.bytes(), entry.checksums());
        }
        return listing.files();
    }
}
