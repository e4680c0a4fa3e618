package org.histods.provenance;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.digest.BlockChecksums;
import org.histods.digest.Checksum;
import org.histods.fetch.FetchOrigin;
import org.histods.fetch.FetchedRanges;
import org.histods.fetch.ResponseSummary;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile.Stated;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.exc.JacksonIOException;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * A receipt as an in-toto Statement v1 (in-toto attestation framework 1.2) with our own predicate, whose JSON Schema is
 * {@code /schema/receipt-1.json} in the jar.
 */
public final class ReceiptJson {

    static final String PREDICATE = "https://histods.org/provenance/pull/v1";

    private ReceiptJson() {}

    /** A time with a numeric offset and whole seconds: the only form that all RO-Crate validators accept. */
    static String time(Instant instant) {
        String text = instant.truncatedTo(ChronoUnit.SECONDS).toString();
        return text.substring(0, text.length() - 1) + "+00:00";
    }

    static Map<String, Object> of(Receipt receipt, ManifestFile manifestFile, long files, long bytes) {
        Manifest manifest = manifestFile.manifest();
        Map<String, Object> subject = new LinkedHashMap<>();
        subject.put("name", "manifest-sha256.txt");
        subject.put(
                "digest",
                map(
                        "sha256",
                        receipt.fingerprint().hex(),
                        "dirHash",
                        receipt.fingerprint().hex()));
        Map<String, Object> predicate = new LinkedHashMap<>();
        predicate.put("action", receipt.action());
        predicate.put("dataset", manifest.id());
        predicate.put("version", manifest.version());
        predicate.put("variant", receipt.scope().variant());
        predicate.put("selection", receipt.scope().selection());
        Choice choice = receipt.scope().choice();
        if (choice != null) {
            predicate.put("choice", map("by", choice.by(), "selection", choice.selection()));
        }
        if (!receipt.scope().leftOut().isEmpty()) {
            predicate.put("leftOut", receipt.scope().leftOut());
        }
        predicate.put("fingerprint", receipt.fingerprint().hex());
        predicate.put("files", files);
        predicate.put("bytes", bytes);
        predicate.put("reused", receipt.reused());
        predicate.put("manifest", map("sha256", manifestFile.sha256().hex(), "origin", manifestFile.origin()));
        predicate.put("license", manifest.terms().license().shown());
        predicate.put("access", manifest.terms().access().status().word());
        predicate.put("tool", tool(receipt.tool()));
        predicate.put("agent", receipt.tool().user());
        predicate.put("started", time(receipt.started()));
        predicate.put("finished", time(receipt.finished()));
        Receipt.Imported imported = receipt.imported();
        if (imported != null) {
            predicate.put("imported", map("name", imported.name(), "expected", imported.expected()));
        }
        predicate.put("fetches", fetches(receipt));
        Map<String, Object> statement = new LinkedHashMap<>();
        statement.put("_type", "https://in-toto.io/Statement/v1");
        statement.put("subject", List.of(subject));
        statement.put("predicateType", PREDICATE);
        statement.put("predicate", predicate);
        return statement;
    }

    /** Fetches as JSON, each read from the log when it is written, because there may be many. */
    private static List<Object> fetches(Receipt receipt) {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return new FetchEntry(receipt.fetches().get(index), Receipt.fetchId(receipt.number(), index));
            }

            @Override
            public int size() {
                return receipt.fetches().size();
            }
        };
    }

    private static Map<String, Object> tool(Tool tool) {
        return map("name", "histods", "version", tool.version(), "java", tool.java(), "os", tool.os());
    }

    /** A fetch that writes itself to JSON: making a map of it would be slow. */
    private static final class FetchEntry extends JacksonSerializable.Base {

        private final FetchLog.Entry fetch;
        private final String id;

        FetchEntry(FetchLog.Entry fetch, String id) {
            this.fetch = fetch;
            this.id = id;
        }

        @Override
        public void serialize(JsonGenerator json, SerializationContext context) {
            json.writeStartObject();
            json.writeStringProperty("id", id);
            try {
                json.writeRaw(fetch.properties());
            } catch (IOException e) {
                throw JacksonIOException.construct(e);
            }
            json.writeEndObject();
        }

        @Override
        public void serializeWithType(JsonGenerator json, SerializationContext context, TypeSerializer type) {
            serialize(json, context);
        }
    }

    /** Begins a document in which fetches are indented as they are in a receipt. */
    static void openFetches(JsonGenerator json) {
        json.writeStartObject();
        json.writeObjectPropertyStart("predicate");
        json.writeArrayPropertyStart("fetches");
    }

    /**
     * Writes a fetch without its id, which is known when all are fetched.
     *
     * @param times known texts of instants, by their seconds
     */
    static void properties(JsonGenerator json, FetchResult fetch, Map<Long, String> times) {
        FetchOrigin origin = fetch.file().origin();
        json.writeStringProperty("path", fetch.file().remote().path().text());
        json.writeStringProperty("part", fetch.part());
        Map<String, String> attributes = fetch.file().remote().attributes();
        if (!attributes.isEmpty()) {
            json.writePOJOProperty("attributes", attributes);
        }
        json.writeStringProperty("source", origin.source());
        json.writeStringProperty("record", origin.record());
        text(json, "requested", origin.requested());
        text(json, "answered", origin.answered());
        response(json, origin.response());
        text(json, "decoded", origin.decoded());
        flag(json, "encrypted", origin.encrypted());
        text(json, "brought", origin.localName());
        json.writeStringProperty("started", text(origin.started(), times));
        json.writeStringProperty("finished", text(origin.finished(), times));
        json.writeNumberProperty("bytes", fetch.file().bytes());
        json.writeNumberProperty("transferred", origin.transferred());
        json.writeNumberProperty("resumes", origin.resumes());
        json.writeObjectPropertyStart("sums");
        // In the order of the algorithms.
        for (Checksum checksum : new TreeMap<>(fetch.file().checksums()).values()) {
            json.writeStringProperty(checksum.algorithm().word(), checksum.hex());
        }
        json.writeEndObject();
        object(json, "ranges", ranges(fetch.file().ranges()));
        BlockChecksums blocks = fetch.file().blocks();
        if (blocks != null && fetch.unpacked() == null) {
            json.writePOJOProperty("blocks", map("bytes", blocks.block(), "crc32c", blocks.hex()));
        }
        json.writeStringProperty("check", fetch.check());
        json.writeArrayPropertyStart("verified");
        for (Stated stated : fetch.file().check().against()) {
            json.writeStartObject();
            json.writeStringProperty("sum", stated.checksum().toString());
            json.writeStringProperty("by", stated.by());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("failed");
        origin.failed().forEach(failed -> json.writePOJO(attempt(failed)));
        json.writeEndArray();
        FetchResult.Unpacked unpacked = fetch.unpacked();
        object(json, "unpacked", unpacked == null ? null : unpacked(unpacked));
        LocalContent local = fetch.local();
        if (local != null) {
            json.writePOJOProperty("local", local(local));
        }
    }

    private static String text(Instant instant, Map<Long, String> times) {
        return times.computeIfAbsent(instant.getEpochSecond(), seconds -> time(instant));
    }

    private static void response(JsonGenerator json, @Nullable ResponseSummary response) {
        json.writeArrayPropertyStart("via");
        if (response != null) {
            response.via().forEach(uri -> json.writeString(String.valueOf(uri)));
        }
        json.writeEndArray();
        Integer status = response == null ? null : response.status();
        if (status == null) {
            json.writeNullProperty("status");
        } else {
            json.writeNumberProperty("status", status);
        }
        text(json, "route", response == null ? null : response.route());
        if (response != null && response.end() != null) {
            json.writeStringProperty("end", response.end());
        }
        json.writeObjectPropertyStart("headers");
        if (response != null) {
            String[] names = response.headers().keySet().toArray(new String[0]);
            Arrays.sort(names);
            for (String name : names) {
                if (!name.equals(ResponseSummary.ROUTE) && !name.equals(ResponseSummary.END)) {
                    json.writeStringProperty(name, response.headers().get(name));
                }
            }
        }
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, @Nullable Object value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeStringProperty(name, value.toString());
        }
    }

    private static void object(JsonGenerator json, String name, @Nullable Map<String, Object> value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writePOJOProperty(name, value);
        }
    }

    private static void flag(JsonGenerator json, String name, @Nullable Boolean value) {
        if (value == null) {
            json.writeNullProperty(name);
        } else {
            json.writeBooleanProperty(name, value);
        }
    }

    private static Map<String, Object> local(LocalContent local) {
        return map(
                "from",
                local.from(),
                "groups",
                local.groups().stream()
                        .map(g -> map("check", g.check(), "files", g.files(), "bytes", g.bytes()))
                        .toList());
    }

    private static @Nullable Map<String, Object> ranges(@Nullable FetchedRanges ranges) {
        return ranges == null
                ? null
                : map("validator", ranges.validator(), "bytes", ranges.bytes(), "read", ranges.ranges());
    }

    private static Map<String, Object> unpacked(FetchResult.Unpacked unpacked) {
        long bytes = unpacked.files().stream().mapToLong(f -> f.bytes()).sum();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("files", unpacked.files().size());
        json.put("bytes", bytes);
        json.put("folder", unpacked.folder());
        json.put(
                "gitTree",
                unpacked.gitTree() == null ? null : unpacked.gitTree().hex());
        Stated tree = unpacked.tree();
        json.put("verified", tree == null ? List.of() : List.of(stated(tree)));
        json.put("skipped", unpacked.skipped());
        return json;
    }

    private static Map<String, Object> stated(Stated stated) {
        return map("sum", stated.checksum().toString(), "by", stated.by());
    }

    private static Map<String, Object> attempt(Problem.Attempt a) {
        return map("source", a.source(), "url", a.url(), "status", a.status(), "bytes", a.bytes(), "cause", a.cause());
    }

    /** A map in the order of the arguments; values may be null. */
    public static Map<String, Object> map(@Nullable Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return map;
    }
}
