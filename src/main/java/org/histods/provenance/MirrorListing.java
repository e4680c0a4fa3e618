package org.histods.provenance;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The list of a served mirror's bags: the document {@code mirror.json}, which {@code docs/serve.md} describes.
 *
 * @param pulls whether clients can ask it to pull datasets that it lacks
 */
public record MirrorListing(List<Entry> bags, boolean pulls) {

    private static final String FORMAT = "histods-mirror/1";

    /**
     * A bag. The texts are as the mirror states them, and unchecked.
     *
     * @param selection the globs that were pulled; empty for everything
     * @param path its folder, relative to the URL of the mirror, with a slash at its end
     */
    public record Entry(
            String id,
            String version,
            String fingerprint,
            long files,
            long bytes,
            List<String> selection,
            String license,
            String path) {

        public Entry {
            selection = List.copyOf(selection);
        }

        /** The entry of a bag at that path. */
        public static Entry of(Bag bag, String path) {
            return new Entry(
                    bag.ref().id().text(),
                    bag.ref().version().text(),
                    bag.fingerprint().hex(),
                    bag.fileCount(),
                    bag.bytes(),
                    bag.selection(),
                    bag.license(),
                    path);
        }
    }

    public MirrorListing {
        bags = List.copyOf(bags);
    }

    /** The document. */
    public String text() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Entry bag : bags) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("id", bag.id());
            row.put("version", bag.version());
            row.put("fingerprint", bag.fingerprint());
            row.put("files", bag.files());
            row.put("bytes", bag.bytes());
            row.put("selection", bag.selection());
            row.put("license", bag.license());
            row.put("path", bag.path());
            rows.add(row);
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("format", FORMAT);
        root.put("pulls", pulls);
        root.put("bags", rows);
        return JsonMapper.shared().writeValueAsString(root) + "\n";
    }

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException if it is none, or of another format
     */
    public static MirrorListing read(byte[] document) {
        try {
            JsonNode root = JsonMapper.shared().readTree(new String(document, StandardCharsets.UTF_8));
            if (!root.path("format").asString("").equals(FORMAT)) {
                throw new IllegalArgumentException("it is not served by histods, or by another version");
            }
            List<Entry> bags = new ArrayList<>();
            for (JsonNode row : root.path("bags")) {
                List<String> selection = new ArrayList<>();
                row.path("selection").forEach(glob -> selection.add(glob.asString("")));
                bags.add(new Entry(
                        row.path("id").asString(""),
                        row.path("version").asString(""),
                        row.path("fingerprint").asString(""),
                        row.path("files").asLong(0),
                        row.path("bytes").asLong(0),
                        selection,
                        row.path("license").asString(""),
                        row.path("path").asString("")));
            }
            return new MirrorListing(bags, root.path("pulls").asBoolean(false));
        } catch (JacksonException e) {
            throw new IllegalArgumentException("it is not served by histods", e);
        }
    }
}
