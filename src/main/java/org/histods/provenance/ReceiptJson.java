package org.histods.provenance;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.AbstractList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

/**
 * A receipt as an in-toto Statement v1 (in-toto attestation framework 1.2) with our own predicate, whose JSON Schema is
 * {@code /schema/receipt-1.json} in the jar.
 */
public final class ReceiptJson {

    static final String PREDICATE = "https://histods.org/provenance/pull/v1";

    private ReceiptJson() {}

    /** With a numeric offset and whole seconds: the only form that all RO-Crate validators accept. */
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
                Map.of(
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

    /** Fetches as JSON, each created when it is written, because there may be many. */
    private static List<Object> fetches(Receipt receipt) {
        return new AbstractList<>() {
            @Override
            public Object get(int index) {
                return fetch(receipt.fetches().get(index), Receipt.fetchId(receipt.number(), index));
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

    private static Map<String, Object> fetch(FetchResult fetch, String id) {
        FetchOrigin origin = fetch.file().origin();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("path", fetch.file().remote().path().text());
        json.put("part", fetch.part());
        Map<String, String> attributes = fetch.file().remote().attributes();
        if (!attributes.isEmpty()) {
            json.put("attributes", attributes);
        }
        json.put("source", origin.source());
        json.put("record", origin.record());
        json.put("requested", text(origin.requested()));
        json.put("answered", text(origin.answered()));
        ResponseSummary response = origin.response();
        Map<String, String> headers = new java.util.TreeMap<>(response == null ? Map.of() : response.headers());
        headers.remove(ResponseSummary.ROUTE);
        json.put(
                "via",
                response == null
                        ? List.of()
                        : response.via().stream().map(String::valueOf).toList());
        json.put("status", response == null ? null : response.status());
        json.put("route", response == null ? null : response.route());
        json.put("headers", headers);
        json.put("decoded", origin.decoded());
        json.put("encrypted", origin.encrypted());
        json.put("brought", origin.localName());
        json.put("started", time(origin.started()));
        json.put("finished", time(origin.finished()));
        json.put("bytes", fetch.file().bytes());
        json.put("transferred", origin.transferred());
        json.put("resumes", origin.resumes());
        Map<String, String> checksums = new LinkedHashMap<>();
        fetch.file().checksums().values().stream()
                .sorted(java.util.Comparator.comparing(Checksum::algorithm))
                .forEach(checksum -> checksums.put(checksum.algorithm().word(), checksum.hex()));
        json.put("sums", checksums);
        json.put("ranges", ranges(fetch.file().ranges()));
        BlockChecksums blocks = fetch.file().blocks();
        if (blocks != null && fetch.unpacked() == null) {
            json.put("blocks", map("bytes", blocks.block(), "crc32c", blocks.hex()));
        }
        json.put("check", fetch.check());
        json.put(
                "verified",
                fetch.file().check().against().stream().map(ReceiptJson::stated).toList());
        json.put("failed", origin.failed().stream().map(ReceiptJson::attempt).toList());
        FetchResult.Unpacked unpacked = fetch.unpacked();
        json.put("unpacked", unpacked == null ? null : unpacked(unpacked));
        LocalContent local = fetch.local();
        if (local != null) {
            json.put(
                    "local",
                    map(
                            "from",
                            local.from(),
                            "groups",
                            local.groups().stream()
                                    .map(g -> map("check", g.check(), "files", g.files(), "bytes", g.bytes()))
                                    .toList()));
        }
        return json;
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

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
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
