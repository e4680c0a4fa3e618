package org.histods.source.ckan;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/**
 * A data portal that runs CKAN. A record is the name or id of a dataset; the option {@code host} is the portal, with a path if
 * it is not at the top. CKAN's entries are URLs of its own files or of any other site.
 */
public final class CkanSource implements Source {

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*[A-Za-z0-9])?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{2,100}");

    /** @param host with a path if the portal is not at the top */
    record RecordRef(String host, String name) {

        URI api() {
            return URI.create("https://" + host + "/api/3/action/package_show?id=" + UrlEncoding.segment(name));
        }

        String page() {
            return "https://" + host + "/dataset/" + name;
        }

        String subject() {
            return "ckan " + name + " at " + host;
        }
    }

    @Override
    public String kind() {
        return "ckan";
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return CkanDescriber.describe(url, transport);
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        String host = spec.option("host");
        if (host == null || !HOST.matcher(host).matches()) {
            throw PinnedFiles.fault(spec, "options.host", "expected the portal's host, such as rdm.inesctec.pt");
        }
        if (!NAME.matcher(spec.record()).matches()) {
            throw PinnedFiles.fault(spec, "record", "expected the name of a dataset, such as \"nis-2023-008\"");
        }
        RecordRef place = new RecordRef(host, spec.record());
        PinnedFiles.noFolders(spec);
        PinnedEntries pinned =
                new PinnedEntries(spec, place.subject(), "look at " + place.page() + ", or pin the file's URL as at");
        List<CkanFiles.Entry> entries = pinned.needed() ? CkanFiles.entries(place, read(place, transport)) : List.of();
        if (spec.files().isEmpty()) {
            return listed(spec, place, entries);
        }
        for (CkanFiles.Entry entry : entries) {
            if (entry.uri() != null) {
                pinned.add(entry.path(), entry.uris());
                pinned.add(entry.id(), entry.uris());
            }
        }
        return pinned.files();
    }

    /** The portal's description of the dataset. */
    static JsonNode read(RecordRef place, Transport transport) throws Problem {
        JsonNode response = JsonResponse.read(transport, Request.get(place.api()), place.subject(), place.page());
        JsonNode result = response.path("result");
        if (!result.isObject()) {
            String why = JsonResponse.text(response, "error", "message");
            throw new Problem(
                    Kind.NETWORK,
                    place.subject() + " cannot be read: "
                            + (why == null ? "the response is not from CKAN" : "the host says " + why),
                    "look at " + place.page());
        }
        return result;
    }

    private static List<RemoteFile> listed(SourceSpec spec, RecordRef place, List<CkanFiles.Entry> entries)
            throws Problem {
        FileListing listing = new FileListing(spec, place.subject());
        for (CkanFiles.Entry entry : entries) {
            URI uri = entry.uri();
            if (listing.keeps(entry.path()) && (uri == null || entry.restricted())) {
                throw new Problem(
                        Kind.PERSON,
                        place.subject() + ": " + entry.path() + (entry.restricted() ? " is restricted" : " has no URL"),
                        "look at " + place.page() + " and pass the file with --from, or exclude it");
            }
            listing.add(
                    entry.path(),
                    uri == null ? List.of(URI.create(place.page())) : entry.uris(),
                    entry.bytes(),
                    entry.checksums());
        }
        return listing.files();
    }
}
