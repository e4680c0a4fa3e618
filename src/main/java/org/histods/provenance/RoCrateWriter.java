package org.histods.provenance;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.manifest.License;
import org.histods.manifest.Lineage;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Describes a dataset as an RO-Crate 1.2 (w3id.org/ro/crate/1.2). Single files are only in the bag's manifest, as the
 * specification allows, because there may be 100,000 tiles. Actions follow Process Run Crate: one for each fetched file and one for
 * each unpacked archive, up to {@value #MOST} of a receipt; the receipts have them all.
 */
public final class RoCrateWriter {

    /** How many fetches of each receipt are in a crate. */
    static final int MOST = 200;

    private static final String DONE = "http://schema.org/CompletedActionStatus";

    private final Manifest manifest;
    private final String below;
    private final List<Map<String, Object>> graph = new ArrayList<>();
    private final Set<Object> ids = new HashSet<>();
    private final Map<String, Object> root = new LinkedHashMap<>();
    private final List<Object> mentions = new ArrayList<>();
    private final List<Object> parts = new ArrayList<>();

    /**
     * A crate of a dataset.
     *
     * @param below the folder of the dataset's files in the crate: {@code data/}, or empty if they are beside the crate's document
     */
    public RoCrateWriter(Manifest manifest, String below) {
        this.manifest = manifest;
        this.below = below;
    }

    /** The document of a bag. */
    public Map<String, Object> of(Bag bag) throws Problem {
        return of(bag.receipts(MOST), bag.fileCount(), bag.bytes());
    }

    /** The document of a bag with these receipts, oldest first; only the first {@value #MOST} fetches of each count. */
    Map<String, Object> of(List<JsonNode> receipts, long files, long bytes) {
        JsonNode last = receipts.get(receipts.size() - 1).path("predicate");
        add("ro-crate-metadata.json", "CreativeWork")
                .putAll(ReceiptJson.map("about", ref("./"), "conformsTo", ref("https://w3id.org/ro/crate/1.2")));
        root.put("@id", "./");
        root.put("@type", "Dataset");
        root.put("name", manifest.title());
        root.put(
                "description",
                manifest.publication().description() == null
                        ? "The dataset " + manifest.id() + " as pulled by histods."
                        : manifest.publication().description());
        root.put("datePublished", last.path("finished").asString(""));
        root.put("version", manifest.version());
        root.put("license", license());
        root.put("contentSize", bytes + " B");
        root.put("identifier", "sha256:" + last.path("fingerprint").asString(""));
        root.put("hasPart", parts);
        people();
        origins();
        graph.add(root);
        ids.add("./");
        if (!below.isEmpty()) {
            String text = Count.of(files, "file") + ", " + Count.of(bytes, "byte")
                    + "; manifest-sha256.txt lists them all with their SHA-256.";
            add(below, "Dataset").putAll(ReceiptJson.map("name", "The files of " + manifest.id(), "description", text));
            parts.add(ref(below));
        }
        receipts.forEach(receipt -> actions(receipt.path("predicate")));
        if (!mentions.isEmpty()) {
            root.put("mentions", mentions);
        }
        return ReceiptJson.map("@context", "https://w3id.org/ro/crate/1.2/context", "@graph", graph);
    }

    /** Adds a file to the crate unless the receipts added it already. */
    public void file(String path, String name, long bytes, @Nullable String sha256) {
        String id = uriPath(path);
        if (!ids.contains(id)) {
            local(id, "File", name, bytes, sha256);
            parts.add(ref(id));
        }
    }

    private Map<String, Object> local(String id, String type, String name, long bytes, @Nullable String sha256) {
        Map<String, Object> entity = add(id, type);
        entity.put("name", name);
        entity.put("contentSize", Long.toString(bytes));
        if (sha256 != null && !sha256.isEmpty()) {
            entity.put("sha256", sha256);
        }
        return entity;
    }

    private Map<String, Object> add(String id, String type) {
        Map<String, Object> entity = new LinkedHashMap<>();
        entity.put("@id", id);
        entity.put("@type", type);
        graph.add(entity);
        ids.add(id);
        return entity;
    }

    private static Map<String, Object> ref(String id) {
        return ReceiptJson.map("@id", id);
    }

    private Object license() {
        License license = manifest.terms().license();
        String id = license.spdx() != null
                ? "https://spdx.org/licenses/" + license.spdx()
                : license.url() != null ? license.url() : "#license";
        String description =
                license.unknown() ? "The publisher states no licence." : "The licence terms that the publisher states.";
        add(id, "CreativeWork")
                .putAll(ReceiptJson.map(
                        "name",
                        license.shown(),
                        "description",
                        license.doubt() == null ? description : description + " Doubtful: " + license.doubt()));
        return ref(id);
    }

    private void people() {
        List<Object> creators = new ArrayList<>();
        for (int i = 0; i < manifest.publication().namedCreators().size(); i++) {
            String id = "#creator-" + (i + 1);
            String name = manifest.publication().namedCreators().get(i);
            add(id, name.contains(", ") ? "Person" : "Organization").put("name", name);
            creators.add(ref(id));
        }
        if (!creators.isEmpty()) {
            root.put("creator", creators);
        }
        if (manifest.publication().publisher() != null) {
            add("#publisher", "Organization").put("name", manifest.publication().publisher());
            root.put("publisher", ref("#publisher"));
        }
        Manifest.Paper paper = manifest.publication().paper();
        if (paper != null && (paper.doi() != null || paper.url() != null)) {
            String id = paper.doi() != null ? "https://doi.org/" + paper.doi() : String.valueOf(paper.url());
            add(id, "ScholarlyArticle")
                    .put("name", paper.title() == null ? "The paper of " + manifest.id() : paper.title());
            root.put("citation", ref(id));
        }
    }

    /** What the dataset is based on: its own page, and other datasets. */
    private void origins() {
        List<Object> basedOn = new ArrayList<>();
        String page = manifest.publication().doi() != null
                ? "https://doi.org/" + manifest.publication().doi()
                : manifest.publication().landing();
        if (page != null) {
            add(page, "CreativeWork").put("name", manifest.title());
            basedOn.add(ref(page));
        }
        List<Object> same = new ArrayList<>();
        for (Lineage entry : manifest.contents().lineage()) {
            String id = "#dataset-" + entry.other().replaceAll("[^A-Za-z0-9._-]", "-");
            if (!ids.contains(id)) {
                add(id, "Dataset").put("name", entry.other());
            }
            boolean twin = entry.relation() == Lineage.Relation.VARIANT_OF
                    || entry.relation() == Lineage.Relation.IDENTICAL_TO;
            (twin ? same : basedOn).add(ref(id));
        }
        if (!basedOn.isEmpty()) {
            root.put("isBasedOn", basedOn);
        }
        if (!same.isEmpty()) {
            root.put("sameAs", same);
        }
    }

    private void actions(JsonNode receipt) {
        String version = receipt.path("tool").path("version").asString("");
        String software = "#histods-" + version;
        if (!ids.contains(software)) {
            add(software, "SoftwareApplication")
                    .putAll(ReceiptJson.map(
                            "name", "histods", "version", version, "url", "https://github.com/histods/histods"));
        }
        String user = receipt.path("agent").asString("");
        String agent = user.isEmpty() ? null : "#agent-" + user.replaceAll("[^A-Za-z0-9._-]", "-");
        if (agent != null && !ids.contains(agent)) {
            add(agent, "Person").put("name", user);
        }
        int count = 0;
        for (JsonNode fetch : receipt.path("fetches")) {
            if (count++ < MOST) {
                fetched(new FetchRecord(fetch), software, agent);
            }
        }
    }

    private void fetched(FetchRecord fetch, String software, @Nullable String agent) {
        String id = fetch.id().replace('/', '-');
        String path = fetch.path();
        String url = fetch.url();
        String remote = url == null ? "#brought-" + id : url;
        String object = ids.contains(remote) ? remote + "#" + id : remote;
        Map<String, Object> file =
                local(object, object.startsWith("#") ? "CreativeWork" : "File", path, fetch.bytes(), fetch.sha256());
        if (!fetch.answered().isEmpty()) {
            file.put("contentUrl", fetch.answered());
        }
        boolean unpacked = fetch.unpacked();
        String result = unpacked ? "#archive-" + id : uriPath(below + path);
        if (!ids.contains(result)) {
            // An unpacked archive is not in the bag, so it is not a File of the crate.
            local(result, unpacked ? "CreativeWork" : "File", path, fetch.bytes(), fetch.sha256());
            if (!unpacked) {
                parts.add(ref(result));
            }
        }
        action("#fetch-" + id, "Fetch of " + path, description(fetch), fetch, object, result, software, agent);
        if (unpacked) {
            action(
                    "#unpack-" + id,
                    "Unpacking of " + path,
                    Count.of(fetch.unpackedFiles(), "file") + (fetch.unpackedFiles() == 1 ? " was" : " were")
                            + " unpacked from the archive.",
                    fetch,
                    result,
                    below.isEmpty() ? "./" : below,
                    software,
                    agent);
        }
    }

    private static String description(FetchRecord fetch) {
        if (!fetch.ofRanges()) {
            return fetch.checkText();
        }
        JsonNode ranges = fetch.json().path("ranges");
        List<String> read = new ArrayList<>();
        for (JsonNode range : ranges.path("read")) {
            if (read.size() < MOST) {
                read.add(range.path(0).asLong() + "-" + (range.path(1).asLong() - 1));
            }
        }
        return fetch.checkText() + " Read: bytes " + String.join(", ", read)
                + (ranges.path("read").size() > MOST ? ", … (the receipt has all)" : "") + " of the version with the"
                + " validator " + ranges.path("validator").asString("") + ".";
    }

    /** A relative path percent-encoded, as RO-Crate requires in identifiers. */
    public static String uriPath(String path) {
        try {
            return new URI(null, null, "/" + path, null).getRawPath().substring(1);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    private void action(
            String id,
            String name,
            String description,
            FetchRecord fetch,
            String object,
            String result,
            String software,
            @Nullable String agent) {
        Map<String, Object> action = add(id, "CreateAction");
        action.put("name", name);
        action.put("description", description);
        action.put("startTime", fetch.json().path("started").asString(""));
        action.put("endTime", fetch.json().path("finished").asString(""));
        action.put("actionStatus", DONE);
        action.put("instrument", ref(software));
        if (agent != null) {
            action.put("agent", ref(agent));
        }
        action.put("object", List.of(ref(object)));
        action.put("result", List.of(ref(result)));
        mentions.add(ref(id));
    }
}
