package org.histods.provenance;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.fetch.Origin;
import org.histods.manifest.License;
import org.histods.manifest.Lineage;
import org.histods.manifest.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The bag as an RO-Crate 1.2 (w3id.org/ro/crate/1.2). Single files stay in the manifest, as the specification allows:
 * a crate of 100,000 tiles would help nobody. Actions follow Process Run Crate: one for each fetched file and one for
 * each unpacked archive, up to {@value #MOST}; the receipts have them all.
 */
final class Crate {

    private static final int MOST = 200;
    private static final String DONE = "http://schema.org/CompletedActionStatus";

    private final Manifest manifest;
    private final List<Map<String, Object>> graph = new ArrayList<>();
    private final Map<String, Object> root = new LinkedHashMap<>();
    private final List<Object> mentions = new ArrayList<>();
    private final List<Object> parts = new ArrayList<>();

    Crate(Manifest manifest) {
        this.manifest = manifest;
    }

    /** The metadata document of a bag after these receipts. */
    Map<String, Object> of(List<Receipt> receipts, long files, long bytes) {
        Receipt last = receipts.get(receipts.size() - 1);
        add("ro-crate-metadata.json", "CreativeWork")
                .putAll(ReceiptJson.map("about", ref("./"), "conformsTo", ref("https://w3id.org/ro/crate/1.2")));
        root.put("@id", "./");
        root.put("@type", "Dataset");
        root.put("name", manifest.title());
        root.put(
                "description",
                manifest.description() == null
                        ? "The dataset " + manifest.id() + " as pulled by histods."
                        : manifest.description());
        root.put("datePublished", ReceiptJson.time(last.finished()));
        root.put("version", manifest.version());
        root.put("license", license());
        root.put("contentSize", bytes + " B");
        root.put("identifier", "sha256:" + last.fingerprint().hex());
        root.put("hasPart", parts);
        people();
        origins();
        graph.add(root);
        add("data/", "Dataset")
                .putAll(ReceiptJson.map(
                        "name",
                        "The files of " + manifest.id(),
                        "description",
                        files + " files, " + bytes + " bytes; manifest-sha256.txt lists them all with their SHA-256."));
        parts.add(ref("data/"));
        receipts.forEach(this::actions);
        if (!mentions.isEmpty()) {
            root.put("mentions", mentions);
        }
        return ReceiptJson.map("@context", "https://w3id.org/ro/crate/1.2/context", "@graph", graph);
    }

    private Map<String, Object> add(String id, String type) {
        Map<String, Object> entity = new LinkedHashMap<>();
        entity.put("@id", id);
        entity.put("@type", type);
        graph.add(entity);
        return entity;
    }

    private static Map<String, Object> ref(String id) {
        return ReceiptJson.map("@id", id);
    }

    private Object license() {
        License license = manifest.license();
        String id = license.spdx() != null
                ? "https://spdx.org/licenses/" + license.spdx()
                : license.url() != null ? license.url() : "#license";
        String description = license.unknown()
                ? "No licence is stated where the dataset is published."
                : "The terms that the dataset's publisher states.";
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
        for (int i = 0; i < manifest.creators().size(); i++) {
            String id = "#creator-" + (i + 1);
            add(id, "Person").put("name", manifest.creators().get(i));
            creators.add(ref(id));
        }
        if (!creators.isEmpty()) {
            root.put("creator", creators);
        }
        if (manifest.publisher() != null) {
            add("#publisher", "Organization").put("name", manifest.publisher());
            root.put("publisher", ref("#publisher"));
        }
        Manifest.Paper paper = manifest.paper();
        if (paper != null && (paper.doi() != null || paper.url() != null)) {
            String id = paper.doi() != null ? "https://doi.org/" + paper.doi() : String.valueOf(paper.url());
            add(id, "ScholarlyArticle")
                    .put("name", paper.title() == null ? "The paper of " + manifest.id() : paper.title());
            root.put("citation", ref(id));
        }
    }

    /** Where the dataset and its images come from: its own page, and other datasets. */
    private void origins() {
        List<Object> basedOn = new ArrayList<>();
        String page = manifest.doi() != null ? "https://doi.org/" + manifest.doi() : manifest.landing();
        if (page != null) {
            add(page, "CreativeWork").put("name", manifest.title());
            basedOn.add(ref(page));
        }
        List<Object> same = new ArrayList<>();
        for (Lineage entry : manifest.lineage()) {
            String id = "#dataset-" + entry.other().replaceAll("[^A-Za-z0-9._-]", "-");
            if (graph.stream().noneMatch(e -> id.equals(e.get("@id")))) {
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

    private void actions(Receipt receipt) {
        Tool tool = receipt.tool();
        String software = "#histods-" + tool.version();
        if (graph.stream().noneMatch(e -> software.equals(e.get("@id")))) {
            add(software, "SoftwareApplication")
                    .putAll(ReceiptJson.map(
                            "name", "histods", "version", tool.version(), "url", "https://github.com/histods/histods"));
        }
        String agent = tool.user() == null ? null : "#agent-" + tool.user().replaceAll("[^A-Za-z0-9._-]", "-");
        if (agent != null && graph.stream().noneMatch(e -> agent.equals(e.get("@id")))) {
            add(agent, "Person").put("name", String.valueOf(tool.user()));
        }
        for (int i = 0; i < Math.min(MOST, receipt.fetches().size()); i++) {
            fetched(receipt, i, software, agent);
        }
    }

    private void fetched(Receipt receipt, int index, String software, @Nullable String agent) {
        Fetch fetch = receipt.fetches().get(index);
        Origin origin = fetch.file().origin();
        String id = Receipt.fetchId(receipt.number(), index).replace('/', '-');
        String path = fetch.file().remote().path().text();
        String remote = origin.requested() != null ? origin.requested().toString() : "#brought-" + id;
        String object = graph.stream().anyMatch(e -> remote.equals(e.get("@id"))) ? remote + "#" + id : remote;
        Map<String, Object> file = add(object, object.startsWith("#") ? "CreativeWork" : "File");
        file.put("name", path);
        file.put("contentSize", Long.toString(fetch.file().bytes()));
        file.put("sha256", fetch.file().sha256().hex());
        if (origin.answered() != null) {
            file.put("contentUrl", origin.answered().toString());
        }
        boolean unpacked = fetch.unpacked() != null;
        String result = unpacked ? "#archive-" + id : uriPath("data/" + path);
        if (graph.stream().noneMatch(e -> result.equals(e.get("@id")))) {
            // An archive that was unpacked lies nowhere in the bag, so it is no File of the crate.
            Map<String, Object> local = add(result, unpacked ? "CreativeWork" : "File");
            local.put("name", path);
            local.put("contentSize", Long.toString(fetch.file().bytes()));
            local.put("sha256", fetch.file().sha256().hex());
            if (!unpacked) {
                parts.add(ref(result));
            }
        }
        action(
                "#fetch-" + id,
                "Fetch of " + path,
                fetch.verified()
                        ? "The bytes were verified against a checksum published by " + fetch.by() + "."
                        : "Nobody publishes a checksum of these bytes; theirs was computed.",
                origin,
                object,
                result,
                software,
                agent);
        Fetch.Unpacked tree = fetch.unpacked();
        if (tree != null) {
            action(
                    "#unpack-" + id,
                    "Unpacking of " + path,
                    tree.files().size() + " files were taken out of the archive.",
                    origin,
                    result,
                    "data/",
                    software,
                    agent);
        }
    }

    /** A relative path as RO-Crate wants it in an identifier: percent-encoded. */
    private static String uriPath(String path) {
        try {
            return new java.net.URI(null, null, path, null).getRawPath();
        } catch (java.net.URISyntaxException e) {
            throw new IllegalArgumentException(path, e);
        }
    }

    private void action(
            String id,
            String name,
            String description,
            Origin origin,
            String object,
            String result,
            String software,
            @Nullable String agent) {
        Map<String, Object> action = add(id, "CreateAction");
        action.put("name", name);
        action.put("description", description);
        action.put("startTime", ReceiptJson.time(origin.started()));
        action.put("endTime", ReceiptJson.time(origin.finished()));
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
