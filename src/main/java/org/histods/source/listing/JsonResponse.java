package org.histods.source.listing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON responses of hosts leniently, as trees: unknown fields are ignored, and a missing field means that the host
 * does not state the value.
 */
public final class JsonResponse {

    /** The longest responses, recursive listings of large GitHub repositories, have about 20 MB. */
    private static final int MAX_BYTES = 64 << 20;

    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonResponse() {}

    /**
     * Sends the request and parses the response.
     *
     * @param subject the record, for messages
     * @param page the record's page, for hints; null if there is none
     * @throws Problem as the transport, with the subject added; {@code NETWORK} if the response is not JSON
     */
    public static JsonNode read(Transport transport, Request request, String subject, @Nullable String page)
            throws Problem {
        byte[] body;
        try {
            body = transport.read(asJson(request), MAX_BYTES);
        } catch (Problem problem) {
            throw SourceProblems.about(subject, page, problem);
        }
        return parse(body, request, subject);
    }

    public static JsonNode parse(byte[] body, Request request, String subject) throws Problem {
        String start = new String(body, 0, Math.min(body.length, 200), StandardCharsets.UTF_8).strip();
        if (start.startsWith("<")) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + " cannot be read: " + request.uri() + " returned a web page instead of JSON",
                    "open the URL in a browser: it may be a login page of your network or a maintenance page of"
                            + " the host");
        }
        try {
            JsonNode node = MAPPER.readTree(body);
            if (node != null && (node.isObject() || node.isArray())) {
                return node;
            }
        } catch (JacksonException e) {
            throw broken(request, subject, e);
        }
        throw broken(request, subject, null);
    }

    /** The value as JSON text. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    private static Request asJson(Request request) {
        return request.headers().containsKey("Accept") ? request : request.with("Accept", "application/json");
    }

    private static Problem broken(Request request, String subject, @Nullable Throwable cause) {
        return new Problem(
                Kind.NETWORK,
                subject + " cannot be read: the response from " + request.uri() + " is not valid JSON",
                "try again; if this persists, the host's API has changed",
                List.of(),
                cause);
    }

    /** The text or number at that path of fields; null if missing or empty. */
    public static @Nullable String text(JsonNode node, String... fields) {
        JsonNode at = node;
        for (String field : fields) {
            at = at.path(field);
        }
        if (at.isString() || at.isNumber()) {
            String text = at.asString().strip();
            return text.isEmpty() ? null : text;
        }
        return null;
    }

    /** The first of these fields that is a whole number of at least 0; null if none is. */
    public static @Nullable Long size(JsonNode node, String... fields) {
        for (String field : fields) {
            JsonNode at = node.path(field);
            if (at.isIntegralNumber() && at.canConvertToLong() && at.longValue() >= 0) {
                return at.longValue();
            }
        }
        return null;
    }

    /** The first of these fields that holds text; null if none does. */
    public static @Nullable String first(JsonNode node, String... fields) {
        for (String field : fields) {
            String text = text(node, field);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** A file's name; empty if there is none, which a {@link FileListing} refuses: no file is left out silently. */
    public static String name(JsonNode node, String... fields) {
        String name = first(node, fields);
        return name == null ? "" : name;
    }
}
