package org.histods.source.mendeley;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedEntries;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.HostPolicy;
import org.histods.transport.Transport;

/**
 * Mendeley Data. A record is the dataset and its version, such as {@code 9xxm58dvs3/2}; files are pinned by Mendeley's id
 * as {@code at}.
 */
public final class MendeleySource implements Source {

    private static final Pattern DOI =
            Pattern.compile("10\\.17632/([a-z0-9]{6,14})(?:\\.([0-9]+))?", Pattern.CASE_INSENSITIVE);
    private static final Pattern RECORD = Pattern.compile("([a-z0-9]{6,14})/([1-9][0-9]{0,2})");
    private static final Pattern FILE = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** One version of a dataset. */
    record RecordRef(String id, String version) {

        private static final String ROOT = "https://data.mendeley.com/";

        URI folders() {
            return URI.create(ROOT + "public-api/datasets/" + id + "/folders/" + version);
        }

        /** @param folder its id, or {@code root} */
        URI files(String folder) {
            return URI.create(ROOT + "public-api/datasets/" + id + "/files?folder_id=" + UrlEncoding.segment(folder)
                    + "&version=" + version);
        }

        URI metadata() {
            return URI.create(ROOT + "public-api/datasets/" + id + "?version=" + version);
        }

        /** The permanent URL, which redirects to a signed one. */
        URI file(String uuid) {
            return URI.create(ROOT + "public-files/datasets/" + id + "/files/" + uuid + "/file_downloaded");
        }

        String page() {
            return ROOT + "datasets/" + id + "/" + version;
        }

        String text() {
            return id + "/" + version;
        }

        String subject() {
            return "mendeley " + text();
        }

        String doi() {
            return "10.17632/" + id + "." + version;
        }
    }

    @Override
    public String kind() {
        return "mendeley";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "\\b(10\\.17632/[\\w.]+)",
                "$",
                "data\\.mendeley\\.com/(?:public-files/|public-api/)?(?:datasets|zip|archiver)/([a-z0-9]+)",
                "https://data.mendeley.com/datasets/$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return MendeleyDescriber.describe(url, transport);
    }

    /** Mendeley Data publishes no limits; these have worked. */
    @Override
    public Map<String, HostPolicy> policies() {
        return Map.of("data.mendeley.com", new HostPolicy(2, 60, 1));
    }

    @Override
    public List<String> links(SourceSpec spec) {
        return List.of("data.mendeley.com/datasets/" + spec.record().replaceFirst("/.*", ""));
    }

    @Override
    public Optional<URI> landing(String doi) {
        Matcher mendeley = DOI.matcher(doi);
        if (!mendeley.matches()) {
            return Optional.empty();
        }
        String version = mendeley.group(2) == null ? "" : "/" + mendeley.group(2);
        return Optional.of(URI.create("https://data.mendeley.com/datasets/" + mendeley.group(1) + version));
    }

    @Override
    public Optional<URI> newest(SourceSpec spec) {
        Matcher form = RECORD.matcher(spec.record());
        return form.matches()
                ? Optional.of(URI.create("https://data.mendeley.com/datasets/" + form.group(1)))
                : Optional.empty();
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        Matcher form = RECORD.matcher(spec.record());
        if (!form.matches()) {
            throw PinnedFiles.fault(spec, "record", "expected a dataset and its version, such as \"9xxm58dvs3/2\"");
        }
        RecordRef place = new RecordRef(String.valueOf(form.group(1)), String.valueOf(form.group(2)));
        PinnedFiles.noFolders(spec);
        PinnedEntries pinned = new PinnedEntries(
                        spec, place.subject(), "look at " + place.page() + ", or pin the file's id as at")
                .byId(FILE, "expected the id of the file at Mendeley Data", id -> List.of(place.file(id)));
        List<MendeleyFiles.Entry> entries = pinned.needed() ? MendeleyFiles.entries(place, transport) : List.of();
        entries.forEach(entry -> pinned.add(entry.path(), List.of(place.file(entry.id()))));
        return spec.files().isEmpty() ? listed(spec, place, entries) : pinned.files();
    }

    private static List<RemoteFile> listed(SourceSpec spec, RecordRef place, List<MendeleyFiles.Entry> entries)
            throws Problem {
        FileListing listing = new FileListing(spec, place.subject());
        for (MendeleyFiles.Entry entry : entries) {
            listing.add(entry.path(), List.of(place.file(entry.id())), entry.bytes(), entry.checksums());
        }
        return listing.files();
    }
}
