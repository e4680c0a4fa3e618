package org.histods.source.listing;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads JSON responses of hosts leniently, as trees: unknown fields are ignored, and a missing field means that the host
 * does not state the value.
 */
public final class JsonResponse {

    /** The longest responses, recursive listings of large GitHub repositories, have about 20 MB. */
    private static final int MAX_BYTES = 64 << 20;

    /** Small values take fifty times their text in memory; a listing of 64 MB has 4 million tokens. */
    private static final long MAX_TOKENS = 4_000_000;

    private static final int MAX_DEPTH = 100;

    /** A name that is there twice has two values, of which nobody knows which is meant. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxTokenCount(MAX_TOKENS)
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build();

    private JsonResponse() {}

    /**
     * Sends the request and parses the response.
     *
     * @param subject the record, for messages
     * @param page the record's page, for hints; null if there is none
     * @throws Problem as the transport, with the subject added; {@code NETWORK} if the response is not JSON, states a
     *     field twice, or is far larger or deeper than a listing
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
        } catch (StreamConstraintsException e) {
            throw broken(
                    request,
                    subject,
                    String.format(
                            Locale.ROOT,
                            "is not a listing: it has more than %,d values and names, is nested more than %d levels deep,"
                                    + " or has a number of more than 1,000 digits",
                            MAX_TOKENS,
                            MAX_DEPTH),
                    e);
        } catch (MismatchedInputException e) {
            throw broken(request, subject, "states a field twice", e);
        } catch (JacksonException e) {
            throw broken(request, subject, "is not valid JSON", e);
        }
        throw broken(request, subject, "is not valid JSON", null);
    }

    /** The value as JSON text. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    private static Request asJson(Request request) {
        return request.headers().containsKey("Accept") ? request : request.with("Accept", "application/json");
    }

    private static Problem broken(Request request, String subject, String fault, @Nullable Throwable cause) {
        return new Problem(
                Kind.NETWORK,
                subject + " cannot be read: the response from " + request.uri() + " " + fault,
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
