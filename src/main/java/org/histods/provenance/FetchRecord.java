package org.histods.provenance;

import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.histods.digest.Algorithm;
import org.histods.digest.BlockChecksums;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchOrigin;
import org.histods.fetch.ResponseSummary;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The record of one fetched file in a receipt.
 *
 * @param json the record in the receipt; {@code /schema/receipt-1.json} describes it
 */
public record FetchRecord(JsonNode json) {

    /**
     * The fetches of a receipt's file.
     *
     * @throws IllegalArgumentException if it is no receipt
     */
    public static List<FetchRecord> in(byte[] receipt) {
        try {
            return in(JsonMapper.shared().readTree(receipt));
        } catch (JacksonException e) {
            throw new IllegalArgumentException(e.getOriginalMessage(), e);
        }
    }

    /** The fetches of a receipt. */
    static List<FetchRecord> in(JsonNode receipt) {
        return receipt.path("predicate")
                .path("fetches")
                .valueStream()
                .map(FetchRecord::new)
                .toList();
    }

    /**
     * A contradiction between receipts and the files of a bag: a file of an unknown fetch, or of one that fetched other bytes.
     * Empty if there is none. Receipts do not list the files of archives, so those are not compared.
     */
    public static Optional<String> contradiction(List<FetchRecord> fetches, List<BagFile> files) {
        Map<String, FetchRecord> byId = new HashMap<>();
        fetches.forEach(fetch -> byId.put(fetch.id(), fetch));
        for (BagFile file : files) {
            FetchRecord fetch = byId.get(file.fetch());
            if (fetch == null) {
                return Optional.of(file.path() + " is of the fetch " + FilePath.printable(file.fetch())
                        + ", which no receipt has");
            }
            boolean asFetched =
                    file.entry() == null && !fetch.unpacked() && !fetch.sha256().isEmpty();
            if (asFetched && !fetch.sha256().equals(file.sha256().hex())) {
                return Optional.of(
                        file.path() + " has the SHA-256 " + file.sha256().hex() + ", but its receipt says that "
                                + FilePath.printable(fetch.sha256()) + " was fetched");
            }
        }
        return Optional.empty();
    }

    /** The fetch's id, such as {@code 0001/3}. */
    public String id() {
        return json.path("id").asString("");
    }

    /** The kind of source, such as {@code zenodo}. */
    public String source() {
        return json.path("source").asString("");
    }

    /** The record there; empty for a local file. */
    public String record() {
        return json.path("record").asString("");
    }

    /** The fetched file's path in the dataset. */
    public String path() {
        return json.path("path").asString("");
    }

    /** The part of the dataset that it belongs to; empty for the only one. */
    public String part() {
        return json.path("part").asString("");
    }

    /** What the host stated about its content, by column of the table of files. */
    public Map<String, String> attributes() {
        Map<String, String> attributes = new LinkedHashMap<>();
        json.path("attributes")
                .properties()
                .forEach(one -> attributes.put(one.getKey(), one.getValue().asString("")));
        return attributes;
    }

    /** The URL of the final response, empty for a local file. */
    public String answered() {
        return json.path("answered").asString("");
    }

    /** The files of it that came from this machine instead of a host; null if none did. */
    public @Nullable LocalContent local() {
        JsonNode local = json.path("local");
        if (!local.isObject()) {
            return null;
        }
        List<LocalContent.Group> groups = new ArrayList<>();
        for (JsonNode group : local.path("groups")) {
            groups.add(new LocalContent.Group(
                    group.path("check").asString(LocalContent.UNCHECKED),
                    group.path("files").asLong(0),
                    group.path("bytes").asLong(0)));
        }
        return new LocalContent(local.path("from").asString(""), groups);
    }

    /** Whether only ranges of the file were read, so that its own checksum is unknown. */
    public boolean ofRanges() {
        return json.path("ranges").isObject();
    }

    /** The checksums of the file's blocks; empty if it is small, was unpacked, or they are damaged. */
    public Optional<BlockChecksums> blocks() {
        JsonNode blocks = json.path("blocks");
        if (!blocks.isObject()) {
            return Optional.empty();
        }
        try {
            return Optional.of(BlockChecksums.parse(
                    blocks.path("bytes").asLong(0), blocks.path("crc32c").asString("")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Whether a published checksum covers these bytes. */
    public boolean verified() {
        return check().equals("verified");
    }

    /** How many files were unpacked from it. */
    public long unpackedFiles() {
        return json.path("unpacked").path("files").asLong(0);
    }

    /** The only folder of the archive that was unpacked, empty for the whole archive or a plain file. */
    public String folder() {
        return json.path("unpacked").path("folder").asString("");
    }

    /** The requested URL, null for a local file. */
    public @Nullable String url() {
        JsonNode url = json.path("requested");
        return url.isString() ? url.asString("") : null;
    }

    /** The size of the fetched file. */
    public long bytes() {
        return json.path("bytes").asLong(0);
    }

    /** The SHA-256 of the fetched file as hex digits; empty if only ranges of it were read. */
    public String sha256() {
        return json.path("sums").path("sha256").asString("");
    }

    /** {@code verified}, {@code computed}, or {@code not-compared} if only ranges of the file were read. */
    public String check() {
        return json.path("check").asString("");
    }

    /** Who published the compared checksum, of the file or of what it unpacks to; empty if nobody did. */
    public Optional<String> verifiedBy() {
        JsonNode ofFile = json.path("verified").path(0).path("by");
        JsonNode by = ofFile.isString()
                ? ofFile
                : json.path("unpacked").path("verified").path(0).path("by");
        return by.isString() ? Optional.of(by.asString("")) : Optional.empty();
    }

    /** How the fetched bytes were checked, as a sentence. */
    public String checkText() {
        if (verified()) {
            return "Verified against a checksum published by " + verifiedBy().orElse("somebody else") + ".";
        }
        LocalContent local = local();
        if (local != null) {
            return local.groups().stream()
                    .map(group -> Count.of(group.files(), "file") + " from "
                            + (local.from().equals(LocalContent.FOLDER)
                                    ? "a local folder"
                                    : local.from() + " in the mirror")
                            + ", " + group.text())
                    .collect(Collectors.joining("; ", "", "."));
        }
        return ofRanges()
                ? "Only ranges of the archive were read: its own checksum was not compared; each file matches its CRC-32."
                : "No checksum of these bytes is published; this one was computed"
                        + end().map(end -> "; " + ResponseSummary.endText(end)).orElse("") + ".";
    }

    /** What is known of the end of the file, as {@link ResponseSummary#end}; empty if it is confirmed. */
    public Optional<String> end() {
        JsonNode end = json.path("end");
        return end.isString() ? Optional.of(end.asString("")) : Optional.empty();
    }

    /** Whether it is an archive whose entries are in the bag in its place. */
    public boolean unpacked() {
        return json.path("unpacked").isObject();
    }

    /** Every checksum that was computed of the fetched file. */
    public Map<Algorithm, Checksum> checksums() {
        Map<Algorithm, Checksum> checksums = new EnumMap<>(Algorithm.class);
        json.path("sums")
                .properties()
                .forEach(checksum -> Algorithm.named(checksum.getKey())
                        .ifPresent(algorithm -> checksums.put(
                                algorithm,
                                new Checksum(algorithm, checksum.getValue().asString("")))));
        return checksums;
    }

    /** The entries of the archive that were left out. */
    public List<String> skipped() {
        return json.path("unpacked")
                .path("skipped")
                .valueStream()
                .map(name -> name.asString(""))
                .toList();
    }

    /** The origin of the file, for a file that is kept: no byte of it counts as transferred. */
    public FetchOrigin origin() {
        Map<String, String> headers = new HashMap<>();
        json.path("headers")
                .properties()
                .forEach(
                        header -> headers.put(header.getKey(), header.getValue().asString("")));
        if (json.path("route").isString()) {
            headers.put(ResponseSummary.ROUTE, json.path("route").asString(""));
        }
        if (json.path("end").isString()) {
            headers.put(ResponseSummary.END, json.path("end").asString(""));
        }
        URI requested = uri("requested");
        return new FetchOrigin(
                source(),
                record(),
                requested == null
                        ? null
                        : new ResponseSummary(
                                requested,
                                uri("answered"),
                                json.path("via")
                                        .valueStream()
                                        .map(uri -> URI.create(uri.asString("")))
                                        .toList(),
                                json.path("status").isNumber()
                                        ? (Integer) json.path("status").asInt()
                                        : null,
                                headers),
                text("decoded"),
                text("brought"),
                time("started"),
                time("finished"),
                0,
                0,
                List.of());
    }

    private @Nullable String text(String name) {
        return json.path(name).isString() ? json.path(name).asString("") : null;
    }

    private @Nullable URI uri(String name) {
        String text = text(name);
        return text == null ? null : URI.create(text);
    }

    private Instant time(String name) {
        try {
            return OffsetDateTime.parse(json.path(name).asString("")).toInstant();
        } catch (DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
