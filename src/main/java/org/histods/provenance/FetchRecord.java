package org.histods.provenance;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a receipt says of one fetched file.
 *
 * @param json the receipt's own words; {@code /schema/receipt-1.json} describes them
 */
public record FetchRecord(JsonNode json) {

    /** The fetch's name, such as {@code 0001/3}. */
    public String id() {
        return json.path("id").asString("");
    }

    /** The fetched file's path in the dataset. */
    public String path() {
        return json.path("path").asString("");
    }

    /** The address that answered in the end, empty for a file that a person brought. */
    public String answered() {
        return json.path("answered").asString("");
    }

    /** Whether somebody else's checksum covers these bytes. */
    public boolean verified() {
        return check().equals("verified");
    }

    /** How many files were taken out of it. */
    public long members() {
        return json.path("unpacked").path("files").asLong();
    }

    /** The only folder of the archive that counted, empty for the whole archive or a plain file. */
    public String folder() {
        return json.path("unpacked").path("folder").asString("");
    }

    /** The address that was asked, null where a person brought the file. */
    public @Nullable String url() {
        JsonNode url = json.path("requested");
        return url.isString() ? url.asString("") : null;
    }

    /** How many bytes were fetched. */
    public long bytes() {
        return json.path("bytes").asLong(0);
    }

    /** The SHA-256 of the fetched bytes as hex digits. */
    public String sha256() {
        return json.path("sums").path("sha256").asString("");
    }

    /** {@code verified} or {@code computed}. */
    public String check() {
        return json.path("check").asString("");
    }

    /** Who published the checksum that it was compared with, of the file or of what it unpacks to; empty if nobody did. */
    public Optional<String> verifiedBy() {
        JsonNode ofFile = json.path("verified").path(0).path("by");
        JsonNode by = ofFile.isString()
                ? ofFile
                : json.path("unpacked").path("verified").path(0).path("by");
        return by.isString() ? Optional.of(by.asString("")) : Optional.empty();
    }

    /** Whether it is an archive whose members are in the bag in its place. */
    public boolean unpacked() {
        return json.path("unpacked").isObject();
    }
}
