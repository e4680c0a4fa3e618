package org.histods.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schema of manifests, {@code manifests/schema.json}, from the jar. */
final class ManifestSchema {

    private ManifestSchema() {}

    static String text() {
        try (InputStream in = ManifestSchema.class.getResourceAsStream("/manifests/schema.json")) {
            if (in == null) {
                throw new IllegalStateException("the program was built without manifests/schema.json");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static JsonNode tree() {
        return JsonMapper.shared().readTree(text());
    }
}
