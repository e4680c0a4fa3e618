package org.histods.source.zenodo;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.Access;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.zenodo.ZenodoSource.RecordRef;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes records of Zenodo and of other InvenioRDM sites. */
final class ZenodoDescriber {

    private static final Pattern ZENODO =
            Pattern.compile("(?:/api)?/(?:records?|deposit(?:/depositions)?|uploads)/([0-9]+)(?:/.*)?"
                    + "|/doi/10\\.5281/zenodo\\.([0-9]+)");

    /** Ids of InvenioRDM have ten characters with a dash in the middle. */
    private static final Pattern OTHER = Pattern.compile("(?:/api)?/records/([a-z0-9]{5}-[a-z0-9]{5})(?:/.*)?");

    /** How the Imaging Data Commons names the manifests of its collections. */
    private static final Pattern IDC = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_-]*)-idc_v[0-9]+-aws\\.s5cmd");

    private ZenodoDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        RecordRef requested = place(url);
        if (requested == null) {
            return Optional.empty();
        }
        boolean latest = String.valueOf(url.getPath()).endsWith("/latest");
        URI api = latest ? URI.create(requested.api() + "/versions/latest") : requested.api();
        JsonNode record = JsonResponse.read(transport, Request.get(api), requested.subject(), requested.page());
        String id = JsonResponse.text(record, "id");
        // A concept id responds with the newest version, and that is the one to pin.
        RecordRef place = new RecordRef(requested.host(), id == null ? requested.id() : id);
        JsonNode metadata = record.path("metadata");
        String title = JsonResponse.first(metadata, "title");
        String html = JsonResponse.first(metadata, "description");
        String doi = JsonResponse.first(record, "doi");
        boolean closed = ZenodoRecord.restricted(record);
        SourceSpec spec = closed
                ? RecordDescription.spec("manual", place.page(), Map.of(), List.of())
                : spec(place, record, transport);
        RecordDescription described = new RecordDescription(
                spec,
                title == null ? place.subject() : HtmlText.text(title),
                html == null ? null : HtmlText.text(html),
                creators(metadata),
                year(metadata),
                license(metadata),
                doi == null ? JsonResponse.text(record, "pids", "doi", "identifier") : doi,
                RecordDescription.version(JsonResponse.first(metadata, "version"), place.id()),
                place.page(),
                place.publisher());
        return Optional.of(closed ? described.with(restrictedAccess(place)) : described);
    }

    private static Access restrictedAccess(RecordRef place) {
        return new Access(
                Access.Status.REGISTRATION,
                "Its record is public, its files are not.",
                place.page(),
                List.of(
                        "Open " + place.page() + ", sign in, and ask for access, or wait until its embargo ends.",
                        "Download the files.",
                        RecordDescription.PULL_LOCAL_FILES));
    }

    private static @Nullable RecordRef place(URI url) {
        String host = url.getAuthority() == null ? "" : url.getAuthority();
        String path = url.getPath() == null ? "" : url.getPath();
        boolean zenodo = host.equals(ZenodoSource.HOST) || host.equals("www.zenodo.org");
        Matcher own = ZENODO.matcher(path);
        if ((zenodo || host.equals("sandbox.zenodo.org")) && own.matches()) {
            String id = own.group(1) == null ? own.group(2) : own.group(1);
            return new RecordRef(zenodo ? ZenodoSource.HOST : host, String.valueOf(id));
        }
        Matcher other = OTHER.matcher(path);
        return other.matches() && !host.isEmpty() ? new RecordRef(host, other.group(1)) : null;
    }

    private static SourceSpec spec(RecordRef place, JsonNode record, Transport transport) throws Problem {
        List<PinnedFile> files = new ArrayList<>();
        for (ZenodoRecord.Entry entry : ZenodoSource.entries(place, record, transport)) {
            files.add(RecordDescription.file(entry.key(), null, entry.bytes(), entry.stated(place)));
        }
        for (PinnedFile file : files) {
            Matcher series = IDC.matcher(file.path());
            if (series.matches()) {
                // The record contains lists of series, and the dataset is the listed series.
                return RecordDescription.query(
                        "idc", series.group(1), Map.of("zenodo", place.id()), List.of(), "series for s5cmd");
            }
        }
        Map<String, String> options = place.host().equals(ZenodoSource.HOST) ? Map.of() : Map.of("host", place.host());
        return RecordDescription.source("zenodo", place.id(), options, List.of(), files);
    }

    private static List<String> creators(JsonNode metadata) {
        List<String> names = new ArrayList<>();
        for (JsonNode creator : metadata.path("creators").values()) {
            String legacy = JsonResponse.text(creator, "name");
            String name = legacy == null ? JsonResponse.text(creator, "person_or_org", "name") : legacy;
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable Integer year(JsonNode metadata) {
        return RecordDescription.year(JsonResponse.first(metadata, "publication_date"));
    }

    private static License license(JsonNode metadata) {
        JsonNode right = metadata.path("rights").path(0);
        if (!right.isMissingNode()) {
            return SpdxMapper.of(
                    JsonResponse.text(right, "id"),
                    JsonResponse.text(right, "title", "en"),
                    JsonResponse.text(right, "props", "url"));
        }
        String legacy = JsonResponse.text(metadata, "license", "id");
        // Records from before 2023 have only the name.
        return SpdxMapper.of(legacy == null ? JsonResponse.text(metadata, "license") : legacy, null, null);
    }
}
