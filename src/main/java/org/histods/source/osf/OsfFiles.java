package org.histods.source.osf;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.ListingPages;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Lists the files of a project at OSF, folder by folder and page by page. */
final class OsfFiles {

    static final String API = "api.osf.io";

    private final OsfSource.RecordRef place;
    private final Transport transport;
    private final Set<URI> pages = new HashSet<>();
    private final List<Entry> entries = new ArrayList<>();

    OsfFiles(OsfSource.RecordRef place, Transport transport) {
        this.place = place;
        this.transport = transport;
    }

    /** @param id of the file; empty if OSF states a URL of an unknown form */
    record Entry(
            String path,
            String id,
            List<URI> uris,
            @Nullable Long bytes,
            List<Stated> checksums) {

        private Entry below(String folder) {
            return new Entry(folder + path, id, uris, bytes, checksums);
        }
    }

    /** All files; may be empty. */
    static List<Entry> all(OsfSource.RecordRef place, boolean components, Transport transport) throws Problem {
        return components ? withComponents(place, "", transport, new HashSet<>()) : own(place, transport);
    }

    private static List<Entry> own(OsfSource.RecordRef place, Transport transport) throws Problem {
        OsfFiles files = new OsfFiles(place, transport);
        files.walk(place.files(), "");
        return files.entries;
    }

    /** A component's files are in a folder with its id as name, because its title may be unsafe. */
    private static List<Entry> withComponents(
            OsfSource.RecordRef place, String folder, Transport transport, Set<String> seen) throws Problem {
        if (!seen.add(place.id())) {
            throw new Problem(Kind.NETWORK, place.subject() + ": a component contains itself");
        }
        List<Entry> all = new ArrayList<>();
        own(place, transport).forEach(entry -> all.add(entry.below(folder)));
        for (JsonNode child : new OsfFiles(place, transport).pages(place.children())) {
            OsfSource.RecordRef component = place.child(JsonResponse.name(child, "id"));
            all.addAll(withComponents(component, folder + component.id() + "/", transport, seen));
        }
        return all;
    }

    /** The items of all pages. */
    private List<JsonNode> pages(URI first) throws Problem {
        List<JsonNode> items = new ArrayList<>();
        ListingPages following = new ListingPages(place.subject());
        URI page = first;
        while (page != null) {
            if (!pages.add(page)) {
                throw new Problem(Kind.NETWORK, place.subject() + ": the listing repeats the same page");
            }
            JsonNode response = JsonResponse.read(transport, Request.get(page), place.subject(), place.page());
            items.addAll(response.path("data").values());
            String next = JsonResponse.text(response, "links", "next");
            page = next == null ? null : ofApi(next);
            if (page != null) {
                following.add(response.path("data").size(), page.toString());
            }
        }
        return items;
    }

    private void walk(URI first, String folder) throws Problem {
        List<JsonNode> folders = new ArrayList<>();
        for (JsonNode item : pages(first)) {
            boolean isFolder = "folder".equals(JsonResponse.text(item, "attributes", "kind"));
            if (isFolder) {
                folders.add(item);
            } else {
                entries.add(entry(folder, item));
            }
        }
        for (JsonNode item : folders) {
            String related = related(item);
            String sign = related.contains("?") ? "&" : "?";
            walk(
                    ofApi(related + sign + "page%5Bsize%5D=100"),
                    folder + JsonResponse.name(item.path("attributes"), "name") + "/");
        }
    }

    private static String related(JsonNode folder) {
        String href = JsonResponse.text(folder, "relationships", "files", "links", "related", "href");
        return href == null ? "" : href;
    }

    /** The URL, which must be at the same host: otherwise the listing would be incomplete. */
    private URI ofApi(String url) throws Problem {
        try {
            URI uri = URI.create(url.replace("[", "%5B").replace("]", "%5D"));
            if ("https".equals(uri.getScheme()) && API.equals(uri.getAuthority())) {
                return uri;
            }
        } catch (IllegalArgumentException ignored) {
            // The problem follows below.
        }
        throw new Problem(Kind.NETWORK, place.subject() + ": the listing continues at a URL of another host");
    }

    private Entry entry(String folder, JsonNode file) {
        JsonNode attributes = file.path("attributes");
        String link = JsonResponse.name(file.path("links"), "download");
        String id = link.matches("https://osf\\.io/download/[a-z0-9]+/?")
                ? link.replaceFirst("/$", "").replaceFirst(".*/", "")
                : "";
        List<URI> uris = new ArrayList<>();
        if (!id.isEmpty()) {
            uris.add(OsfSource.RecordRef.file(id));
        }
        // The path is OSF's id of the file after a slash.
        String stored = JsonResponse.name(attributes, "path");
        String inside = stored.startsWith("/") ? stored.substring(1) : stored;
        uris.add(URI.create("https://files.osf.io/v1/resources/" + place.id() + "/providers/" + place.provider() + "/"
                + UrlEncoding.path(inside)));
        return new Entry(
                folder + JsonResponse.name(attributes, "name"),
                id,
                uris,
                JsonResponse.size(attributes, "size"),
                checksums(attributes.path("extra").path("hashes")));
    }

    private static List<Stated> checksums(JsonNode hashes) {
        List<Stated> checksums = new ArrayList<>();
        for (Algorithm algorithm : List.of(Algorithm.SHA256, Algorithm.MD5)) {
            checksums.addAll(StatedChecksums.hex(algorithm, JsonResponse.text(hashes, algorithm.word()), "OSF"));
        }
        return checksums;
    }
}
