package org.histods.provenance;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The state of a pull that a client requested from a served mirror; {@code docs/serve.md} describes the document.
 *
 * @param bytes how many bytes of the dataset arrived at the mirror so far
 * @param total how many it fetches in all; null if unknown
 * @param reason why it does not pull the dataset; null if it does
 */
public record MirrorPull(
        State state,
        long bytes,
        @Nullable Long total,
        @Nullable String reason) {

    /** The state of a pull. */
    public enum State {
        /** The mirror has all of the dataset. */
        READY,
        PULLING,
        /** It pulls other datasets first. */
        WAITING,
        /** It tried and could not. */
        FAILED,
        /** It does not try. */
        REFUSED;

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a later request may get another response. */
    public boolean unfinished() {
        return state == State.PULLING || state == State.WAITING;
    }

    /** The document. */
    public String text() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("state", state.word());
        object.put("bytes", bytes);
        object.put("total", total);
        object.put("reason", reason);
        return JsonMapper.shared().writeValueAsString(object) + "\n";
    }

    /**
     * Reads a document.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static MirrorPull read(byte[] document) {
        try {
            JsonNode root = JsonMapper.shared().readTree(new String(document, StandardCharsets.UTF_8));
            String word = root.path("state").asString("");
            State state = Arrays.stream(State.values())
                    .filter(one -> one.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("it states no state of a pull"));
            JsonNode total = root.path("total");
            return new MirrorPull(
                    state,
                    root.path("bytes").asLong(0),
                    total.isNumber() ? Long.valueOf(total.asLong(0)) : null,
                    state == State.FAILED || state == State.REFUSED
                            ? root.path("reason").asString("no reason is given")
                            : null);
        } catch (JacksonException e) {
            throw new IllegalArgumentException("its response is not JSON", e);
        }
    }
}
