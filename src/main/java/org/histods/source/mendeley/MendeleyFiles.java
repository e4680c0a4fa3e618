package org.histods.source.mendeley;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.mendeley.MendeleySource.RecordRef;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Lists the files of a dataset at Mendeley Data, folder by folder. */
final class MendeleyFiles {

    private static final String ROOT = "root";

    private MendeleyFiles() {}

    private static final Pattern DOWNLOAD = Pattern.compile(".*/files/([0-9a-f-]{36})/file_downloaded(?:\\?.*)?");

    /** @param id Mendeley's id of the file, from its URL */
    record Entry(String path, String id, @Nullable Long bytes, List<Stated> checksums) {}

    /** All files of all folders; may be empty. */
    static List<Entry> entries(RecordRef place, Transport transport) throws Problem {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, String> folder : folders(place, transport).entrySet()) {
            JsonNode files = read(place, Request.get(place.files(folder.getKey())), transport);
            for (JsonNode file : list(files).values()) {
                entries.add(entry(folder.getValue(), file));
            }
        }
        return entries;
    }

    /** The path of each folder by its id; ends with a slash. First the root, whose path is empty. */
    private static Map<String, String> folders(RecordRef place, Transport transport) throws Problem {
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        for (JsonNode folder :
                list(read(place, Request.get(place.folders()), transport)).values()) {
            byId.put(JsonResponse.name(folder, "id"), folder);
        }
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put(ROOT, "");
        for (String id : byId.keySet()) {
            paths.put(id, path(place, id, byId));
        }
        return paths;
    }

    private static String path(RecordRef place, String id, Map<String, JsonNode> byId) throws Problem {
        String path = "";
        Set<String> seen = new HashSet<>();
        for (JsonNode folder = byId.get(id); folder != null; ) {
            if (!seen.add(JsonResponse.name(folder, "id"))) {
                throw new Problem(Kind.NETWORK, place.subject() + ": a folder contains itself");
            }
            path = JsonResponse.name(folder, "name") + "/" + path;
            String parent = JsonResponse.text(folder, "parent_id");
            folder = parent == null ? null : byId.get(parent);
        }
        return path;
    }

    private static JsonNode list(JsonNode response) {
        return response.isArray() ? response : response.path("results");
    }

    private static JsonNode read(RecordRef place, Request request, Transport transport) throws Problem {
        return JsonResponse.read(transport, request, place.subject(), place.page());
    }

    /** Only the id of the stated URL is used: some URLs are signed and expire. */
    private static Entry entry(String folder, JsonNode file) {
        JsonNode content = file.path("content_details");
        Matcher download = DOWNLOAD.matcher(JsonResponse.name(content, "download_url"));
        Long bytes = JsonResponse.size(file, "size");
        return new Entry(
                folder + JsonResponse.name(file, "filename", "name"),
                download.matches() ? String.valueOf(download.group(1)) : JsonResponse.name(file, "id"),
                bytes == null ? JsonResponse.size(content, "size") : bytes,
                StatedChecksums.hex(Algorithm.SHA256, JsonResponse.text(content, "sha256_hash"), "Mendeley Data"));
    }
}
