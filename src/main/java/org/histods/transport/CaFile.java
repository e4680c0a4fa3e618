package org.histods.transport;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A file, or a folder of files, with CA certificates in PEM form that are trusted besides Java's.
 *
 * @param origin what names it: {@code ca-file in the settings file}, or an environment variable
 * @param required whether it is an error if it cannot be read; a variable may be left over from another program
 */
public record CaFile(Path path, String origin, boolean required) {

    /** Those that OpenSSL, Python's requests and curl read. */
    private static final List<String> VARIABLES = List.of("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE");

    /**
     * All that the user names.
     *
     * @param setting {@code ca-file} of the settings file; null if not set
     * @param resolve makes the path in a variable absolute
     */
    public static List<CaFile> of(
            @Nullable Path setting, Map<String, String> environment, UnaryOperator<Path> resolve) {
        List<CaFile> files = new ArrayList<>();
        if (setting != null) {
            files.add(new CaFile(setting, "ca-file in the settings file", true));
        }
        for (String variable : VARIABLES) {
            String value = environment.getOrDefault(variable, "");
            if (!value.isBlank()) {
                files.add(new CaFile(resolve.apply(Path.of(value)), variable, false));
            }
        }
        return files;
    }
}
