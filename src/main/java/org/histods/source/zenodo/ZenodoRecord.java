package org.histods.source.zenodo;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.StatedChecksums;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads the files of a record, in all forms that Zenodo and other InvenioRDM sites have used: a list under
 * {@code files} (zenodo.v1); {@code files.entries} as a list or as a map keyed by name (InvenioRDM); and, before
 * October 2023, {@code filename}, {@code filesize} and a checksum without its algorithm.
 */
final class ZenodoRecord {

    private ZenodoRecord() {}

    /** A file as the host describes it. */
    record Entry(
            String key,
            @Nullable Long bytes,
            @Nullable String checksum,
            @Nullable URI link) {

        List<Stated> stated(ZenodoSource.RecordRef place) {
            return StatedChecksums.text(checksum, place.publisher());
        }

        /** The URLs, the host's own link first if it is at the same host. */
        List<URI> urls(ZenodoSource.RecordRef place) {
            Set<URI> uris = new LinkedHashSet<>();
            if (link != null && place.host().equals(link.getAuthority())) {
                uris.add(link);
            }
            uris.addAll(place.urls(key));
            return List.copyOf(uris);
        }
    }

    /** The files in the record's {@code files}, or in the response of {@code /files}; empty if the host shows none. */
    static List<Entry> entries(JsonNode files) {
        JsonNode list = files.path("entries").isMissingNode() ? files : files.path("entries");
        List<Entry> entries = new ArrayList<>();
        if (list.isArray()) {
            for (JsonNode file : list.values()) {
                add(entries, JsonResponse.name(file, "key", "filename"), file);
            }
        } else if (!files.path("entries").isMissingNode()) {
            for (Map.Entry<String, JsonNode> file : list.properties()) {
                String key = JsonResponse.first(file.getValue(), "key", "filename");
                add(entries, key == null ? file.getKey() : key, file.getValue());
            }
        }
        return entries;
    }

    private static void add(List<Entry> entries, String key, JsonNode file) {
        entries.add(new Entry(
                key,
                JsonResponse.size(file, "size", "filesize"),
                JsonResponse.text(file, "checksum"),
                link(file.path("links"))));
    }

    /** Whether the files are not public. */
    static boolean restricted(JsonNode record) {
        String right = JsonResponse.text(record, "metadata", "access_right");
        String files = JsonResponse.text(record, "access", "files");
        boolean shown = !entries(record.path("files")).isEmpty();
        boolean closed = right != null && !right.equals("open");
        return !shown && (closed || "restricted".equals(files));
    }

    /** Whether the record may list its files in a separate response. */
    static boolean listsElsewhere(JsonNode record) {
        JsonNode files = record.path("files");
        return files.isMissingNode() || files.isObject();
    }

    /** The concept id, which stands for all versions; null if the host does not state it. */
    static @Nullable String concept(JsonNode record) {
        String legacy = JsonResponse.text(record, "conceptrecid");
        return legacy == null ? JsonResponse.text(record, "parent", "id") : legacy;
    }

    /** The download URL without its query, which may contain an owner's token; null if there is none. */
    private static @Nullable URI link(JsonNode links) {
        for (String name : List.of("content", "self", "download")) {
            String text = JsonResponse.text(links, name);
            if (text != null && (text.contains("/content") || text.contains("/api/files/"))) {
                try {
                    URI uri = PinnedFiles.webAddress(text.replaceAll("[?#].*", ""));
                    return "https".equals(uri.getScheme()) ? uri : null;
                } catch (IllegalArgumentException ignored) {
                    // The URL is built from the key instead.
                    return null;
                }
            }
        }
        return null;
    }
}
