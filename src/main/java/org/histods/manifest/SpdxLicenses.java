package org.histods.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.text.Suggestions;

/** The identifiers of the SPDX licence list that manifests may use. */
public final class SpdxLicenses {

    private final Set<String> ids;

    public SpdxLicenses() {
        try (InputStream in = SpdxLicenses.class.getResourceAsStream("spdx-licenses.txt")) {
            if (in == null) {
                throw new IllegalStateException("the program was built without spdx-licenses.txt");
            }
            ids = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean has(String id) {
        return ids.contains(id);
    }

    /** Identifiers that are similar to a mistyped one. */
    List<String> near(String id) {
        return Suggestions.to(id, ids);
    }
}
