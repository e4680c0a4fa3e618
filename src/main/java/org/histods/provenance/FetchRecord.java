package org.histods.provenance;

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

    /** The only folder of the archive that counted, empty for the whole archive or a plain file. */
    public String folder() {
        return json.path("unpacked").path("folder").asString("");
    }
}
