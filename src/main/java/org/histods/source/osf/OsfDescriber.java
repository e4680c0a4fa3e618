package org.histods.source.osf;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.osf.OsfSource.RecordRef;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/** Describes projects and registrations of OSF. Their URLs look the same, so both are tried. */
final class OsfDescriber {

    private static final Pattern PAGE = Pattern.compile("/(?:registries/)?([a-z0-9]{5})(?:/.*)?");
    private static final Pattern API = Pattern.compile("/v2/(nodes|registrations)/([a-z0-9]{5})(?:/.*)?");
    private static final String STORAGE = "osfstorage";

    private OsfDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        String path = url.getPath() == null ? "" : url.getPath();
        Matcher api = API.matcher(path);
        Matcher page = PAGE.matcher(path);
        if (host.equals(OsfFiles.API) && api.matches()) {
            RecordRef place = new RecordRef(String.valueOf(api.group(1)), String.valueOf(api.group(2)), STORAGE);
            return Optional.of(described(place, transport));
        }
        if (!(host.equals("osf.io") || host.equals("www.osf.io")) || !page.matches()) {
            return Optional.empty();
        }
        String id = String.valueOf(page.group(1));
        try {
            return Optional.of(described(new RecordRef("nodes", id, STORAGE), transport));
        } catch (Problem problem) {
            Integer status = SourceProblems.status(problem);
            if (status == null || (status != 404 && status != 410)) {
                throw problem;
            }
            return Optional.of(described(new RecordRef("registrations", id, STORAGE), transport));
        }
    }

    private static RecordDescription described(RecordRef place, Transport transport) throws Problem {
        Request request = Request.get(URI.create(place.api() + "?embed=license&embed=contributors"));
        JsonNode data = JsonResponse.read(transport, request, place.subject(), place.page())
                .path("data");
        JsonNode about = data.path("attributes");
        List<PinnedFile> files = new ArrayList<>();
        for (OsfFiles.Entry entry : OsfFiles.all(place, false, transport)) {
            String at = entry.id().isEmpty()
                    ? entry.uris().get(entry.uris().size() - 1).toString()
                    : entry.id();
            files.add(RecordDescription.file(entry.path(), at, entry.bytes(), entry.checksums()));
        }
        if (files.isEmpty()) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    place.subject() + " has no files of its own",
                    "they may be in a component of the project or in another storage; look at " + place.page());
        }
        String title = JsonResponse.text(about, "title");
        String text = JsonResponse.text(about, "description");
        return new RecordDescription(
                RecordDescription.source("osf", place.text(), Map.of(), List.of(), files),
                title == null ? place.subject() : title,
                text == null ? null : HtmlText.text(text),
                creators(data.path("embeds").path("contributors").path("data")),
                RecordDescription.year(JsonResponse.first(about, "date_registered", "date_created")),
                license(data.path("embeds").path("license").path("data").path("attributes")),
                null,
                DatasetVersion.UNVERSIONED,
                place.page(),
                "OSF");
    }

    /** The contributors that are named in citations. */
    private static List<String> creators(JsonNode contributors) {
        List<String> names = new ArrayList<>();
        for (JsonNode person : contributors.values()) {
            JsonNode user = person.path("embeds").path("users").path("data").path("attributes");
            String family = JsonResponse.text(user, "family_name");
            String given = JsonResponse.text(user, "given_name");
            String name =
                    family == null || given == null ? JsonResponse.text(user, "full_name") : family + ", " + given;
            if (name != null && person.path("attributes").path("bibliographic").asBoolean(true)) {
                names.add(name);
            }
        }
        return names;
    }

    private static License license(JsonNode license) {
        return SpdxMapper.of(null, JsonResponse.text(license, "name"), JsonResponse.text(license, "url"));
    }
}
