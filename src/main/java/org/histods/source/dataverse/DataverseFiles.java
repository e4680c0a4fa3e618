package org.histods.source.dataverse;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.StatedChecksums;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the files from Dataverse's description of a version. */
final class DataverseFiles {

    private static final Map<String, String> ENDINGS = Map.of(
            "text/csv", "csv",
            "text/tsv", "tsv",
            "text/tab-separated-values", "tsv",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx",
            "application/x-stata", "dta",
            "application/x-stata-14", "dta",
            "application/x-spss-sav", "sav",
            "application/x-rlang-transport", "RData");

    private DataverseFiles() {}

    /** @param at the numeric id, with {@code ?format=original} for a table */
    record Entry(String path, String at, @Nullable Long bytes, List<Stated> checksums, boolean restricted) {}

    /** @param by the publisher of the checksums */
    static List<Entry> entries(JsonNode version, String by) {
        List<Entry> entries = new ArrayList<>();
        for (JsonNode file : version.path("files").values()) {
            entries.add(entry(file, by));
        }
        return entries;
    }

    /**
     * Dataverse converts uploaded tables to its own format. Only the original upload is used: its name and size are
     * stated beside those of the conversion, and the checksum is the original's.
     */
    private static Entry entry(JsonNode file, String by) {
        JsonNode data = file.path("dataFile");
        boolean table =
                data.path("tabularData").asBoolean(false) || JsonResponse.text(data, "originalFileFormat") != null;
        String own = JsonResponse.name(data, "filename");
        String name = own.isEmpty() ? JsonResponse.name(file, "label") : own;
        String original = table ? original(data, name) : null;
        String folder = JsonResponse.text(file, "directoryLabel");
        return new Entry(
                (folder == null ? "" : folder + "/") + (original == null ? name : original),
                JsonResponse.name(data, "id") + (table ? "?format=original" : ""),
                table ? JsonResponse.size(data, "originalFileSize") : JsonResponse.size(data, "filesize"),
                checksums(data, by),
                file.path("restricted").asBoolean(false));
    }

    /** The name of the original. Servers before 5.0 state only its format; the conversion changed only the extension. */
    private static @Nullable String original(JsonNode data, String name) {
        String stated = JsonResponse.text(data, "originalFileName");
        String ending = ENDINGS.get(String.valueOf(JsonResponse.text(data, "originalFileFormat")));
        return stated != null || ending == null || !name.endsWith(".tab")
                ? stated
                : name.substring(0, name.length() - "tab".length()) + ending;
    }

    private static List<Stated> checksums(JsonNode data, String by) {
        String type = JsonResponse.text(data, "checksum", "type");
        String value = JsonResponse.text(data, "checksum", "value");
        String md5 = JsonResponse.text(data, "md5");
        Algorithm algorithm = type == null ? null : Algorithm.named(type).orElse(null);
        return algorithm != null && value != null
                ? StatedChecksums.hex(algorithm, value, by)
                : StatedChecksums.hex(Algorithm.MD5, md5, by);
    }
}
