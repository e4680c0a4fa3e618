package org.histods.source.listing;

import java.nio.charset.StandardCharsets;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads hosts' JSON answers. They are read leniently, as trees: a field that we do not know is a host's right, and one
 * that is missing is treated as not said.
 */
public final class JsonResponse {

    /** A recursive listing of a large GitHub repository is the longest answer there is: some 20 MB. */
    private static final int MOST = 64 << 20;

    private static final JsonMapper MAPPER = new JsonMapper();

    private JsonResponse() {}

    /**
     * Asks and parses.
     *
     * @param subject what is being read, for messages
     * @param page where a person can look, null if there is none
     * @throws Problem as the transport, about the subject; {@code NETWORK} if the answer is not JSON
     */
    public static JsonNode read(Transport transport, Request request, String subject, @Nullable String page)
            throws Problem {
        byte[] body;
        try {
            body = transport.read(asJson(request), MOST);
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
                    subject + " cannot be read: " + request.uri() + " answered with a web page where JSON was due",
                    "a login page of the network or a maintenance page of the host may be in between;"
                            + " open the address in a browser");
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

    /** A JSON text of these names and values. */
    public static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    private static Request asJson(Request request) {
        return request.headers().containsKey("Accept") ? request : request.with("Accept", "application/json");
    }

    private static Problem broken(Request request, String subject, @Nullable Throwable cause) {
        return new Problem(
                Kind.NETWORK,
                subject + " cannot be read: the answer of " + request.uri() + " is no JSON that we can read",
                "try again; if it stays so, the host's interface has changed",
                java.util.List.of(),
                cause);
    }

    /** The text or number at the end of that chain of fields; null where there is none or it is empty. */
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

    /** The first of these fields that is a whole number of at least 0; null where none is. */
    public static @Nullable Long size(JsonNode node, String... fields) {
        for (String field : fields) {
            JsonNode at = node.path(field);
            if (at.isIntegralNumber() && at.canConvertToLong() && at.longValue() >= 0) {
                return at.longValue();
            }
        }
        return null;
    }

    /** The first of these fields that holds text; null where none does. */
    public static @Nullable String first(JsonNode node, String... fields) {
        for (String field : fields) {
            String text = text(node, field);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    /** A file's name; empty where there is none, which a {@link FileListing} refuses: no file is left out unseen. */
    public static String name(JsonNode node, String... fields) {
        String name = first(node, fields);
        return name == null ? "" : name;
    }
}
