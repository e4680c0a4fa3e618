package org.histods.source.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.histods.problem.Problem;
import org.histods.transport.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** JSON of a hostile host takes neither the memory nor the stack, and is never read in one of two ways. */
final class JsonResponseTest {

    private static final Request REQUEST = Request.get(URI.create("https://host.example/api"));

    private static JsonNode parse(String json) throws Problem {
        return JsonResponse.parse(json.getBytes(StandardCharsets.UTF_8), REQUEST, "record 1");
    }

    private static String refused(String json) {
        Problem p = assertThrows(Problem.class, () -> parse(json));
        assertEquals(Problem.Kind.NETWORK, p.kind());
        return p.message();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void jsonNested200000Deep_isRefused(String level) {
        String message = refused(level.repeat(200_000));
        assertTrue(message.contains("nested more than 100 levels deep"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{},", "{\"a\":1},", "[],", "1,", "\"\","})
    void sixtyMegabytesOfSmallValues_areRefusedBeforeTheyFillTheMemory(String value) {
        String message = refused("[" + value.repeat((60 << 20) / value.length()) + "0]");
        assertTrue(message.contains("more than 4,000,000 values and names"), message);
    }

    @Test
    void numberOfAMillionDigits_isRefused() {
        String message = refused("{\"size\":" + "9".repeat(1_000_000) + "}");
        assertTrue(message.contains("a number of more than 1,000 digits"), message);
    }

    @Test
    void fieldThatIsThereTwice_isRefused() {
        String message = refused("{\"files\":[{\"key\":\"a.zip\",\"size\":1,\"size\":2}]}");
        assertTrue(message.contains("states a field twice"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e999999999", "-1", "18446744073709551616", "1.5", "\"12\""})
    void sizeThatIsNoSize_isUnknown(String size) throws Exception {
        assertEquals(null, JsonResponse.size(parse("{\"size\":" + size + "}"), "size"));
    }

    @Test
    void largeListing_isRead() throws Exception {
        String entry = "{\"path\":\"a/b.svs\",\"mode\":\"100644\",\"type\":\"blob\",\"sha\":\"x\",\"size\":5},";
        JsonNode read = parse("{\"tree\":[" + entry.repeat(200_000) + "{}]}");
        assertEquals(200_001, read.path("tree").size());
    }
}
