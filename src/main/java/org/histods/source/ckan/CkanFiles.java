package org.histods.source.ckan;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.ckan.CkanSource.RecordRef;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the entries in CKAN's description of a dataset. */
final class CkanFiles {

    /** The start of a plain http URL with the usual port. */
    private static final Pattern PLAIN = Pattern.compile("(?i)^http://([^/:]+)(?::80)?");

    private CkanFiles() {}

    /** @param uri null if the entry has no valid URL */
    record Entry(
            String id,
            String path,
            @Nullable URI uri,
            @Nullable Long bytes,
            List<Stated> checksums,
            boolean restricted) {

        private Entry inFolder() {
            return new Entry(id, id + "/" + path, uri, bytes, checksums, restricted);
        }

        /**
         * Where to get it, in the order to try: https before the plain http that was listed, since editors type one for
         * the other. Empty if the entry has no valid URL.
         */
        List<URI> uris() {
            if (uri == null) {
                return List.of();
            }
            boolean plain = "http".equalsIgnoreCase(uri.getScheme()) && (uri.getPort() == -1 || uri.getPort() == 80);
            return plain
                    ? List.of(URI.create(PLAIN.matcher(uri.toString()).replaceFirst("https://$1")), uri)
                    : List.of(uri);
        }
    }

    /** All entries; each in a folder with its id as name if two entries have the same name. */
    static List<Entry> entries(RecordRef place, JsonNode dataset) {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        boolean collide = false;
        for (JsonNode resource : dataset.path("resources").values()) {
            Entry entry = entry(place, resource);
            collide |= !names.add(entry.path());
            entries.add(entry);
        }
        return collide ? entries.stream().map(Entry::inFolder).toList() : entries;
    }

    private static Entry entry(RecordRef place, JsonNode resource) {
        String url = JsonResponse.name(resource, "url");
        boolean upload = "upload".equals(JsonResponse.text(resource, "url_type"));
        JsonNode allowed = resource.path("restricted").path("allowed");
        return new Entry(
                JsonResponse.name(resource, "id"),
                fileName(url, JsonResponse.name(resource, "name")),
                uri(place, url),
                // The size of a link is what an editor once typed.
                upload ? size(resource) : null,
                // CKAN states no algorithm; some portals write its name before the value.
                StatedChecksums.text(JsonResponse.text(resource, "hash"), place.host()),
                allowed.isBoolean() && !allowed.booleanValue());
    }

    /** The last segment of the URL, else the entry's title. */
    private static String fileName(String url, String title) {
        String path = url.replaceFirst("[?#].*", "").replaceFirst("^[A-Za-z][A-Za-z0-9+.-]*://[^/]*", "");
        String last = UrlEncoding.decode(path.substring(path.lastIndexOf('/') + 1));
        return last == null || last.isEmpty() ? title : last;
    }

    /** Old portals list only the path; some list plain http although they serve https, where their API is. */
    private static @Nullable URI uri(RecordRef place, String url) {
        String portal = place.host().replaceFirst("/.*", "");
        String full = url.startsWith("/")
                ? "https:" + (url.startsWith("//") ? "" : "//" + portal) + url
                : url.replaceFirst("(?i)^http://" + Pattern.quote(portal) + "(?::80)?(?=/)", "https://" + portal);
        try {
            return PinnedFiles.webAddress(full.replace(" ", "%20"));
        } catch (IllegalArgumentException ignored) {
            // Reported when the entry is wanted.
            return null;
        }
    }

    private static @Nullable Long size(JsonNode resource) {
        String text = JsonResponse.text(resource, "size");
        return text != null && text.matches("[0-9]{1,18}") ? Long.valueOf(text) : null;
    }
}
