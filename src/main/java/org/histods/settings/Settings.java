package org.histods.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.problem.Problem;
import org.histods.transport.HostPolicies;
import org.histods.transport.HostPolicy;
import org.histods.transport.HostRewrites;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The user's settings file. All fields are optional.
 *
 * @param mirror the folder of pulled datasets
 * @param routes host to URL, as with {@code --route}
 * @param allowHttp hosts that may be used without encryption
 * @param allowPrivate hosts of this network that a public host may redirect to
 * @param caFile CA certificates (PEM) that are trusted besides Java's
 * @param hosts limits by host
 * @param recordUser whether receipts name the account that pulled; true if unset
 * @param ascp IBM's program for FASP, if not in a usual place
 * @param ascpKey its key file
 */
public record Settings(
        @Nullable String mirror,
        Map<String, String> routes,
        List<String> allowHttp,
        List<String> allowPrivate,
        @Nullable String caFile,
        Map<String, Host> hosts,
        @Nullable Boolean recordUser,
        @Nullable String ascp,
        @Nullable String ascpKey) {

    /** The limits of one host; a field that is unset keeps its built-in value. */
    public record Host(
            @Nullable Integer connections,
            @Nullable Integer requestsPerMinute,
            @Nullable Integer segments,
            @Nullable String userAgent) {}

    public Settings {
        routes = routes == null ? Map.of() : Map.copyOf(routes);
        allowHttp = allowHttp == null ? List.of() : List.copyOf(allowHttp);
        allowPrivate = allowPrivate == null ? List.of() : List.copyOf(allowPrivate);
        hosts = hosts == null ? Map.of() : Map.copyOf(hosts);
    }

    private static final Settings EMPTY = new Settings(null, Map.of(), List.of(), List.of(), null, Map.of(), null, null, null);

    /**
     * Reads the file.
     *
     * @param file null, or missing, for no settings
     * @throws Problem {@code USAGE} if it cannot be read, or has an unknown field or a wrong value
     */
    public static Settings read(@Nullable Path file) throws Problem {
        if (file == null || !Files.exists(file)) {
            return EMPTY;
        }
        YAMLMapper mapper = YAMLMapper.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .build();
        try {
            String text = Files.readString(file);
            return text.isBlank() ? EMPTY : mapper.readValue(text, Settings.class);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, "cannot read the settings file " + file + ": " + Problem.why(e));
        } catch (UnrecognizedPropertyException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + ": unknown field '" + e.getPropertyName() + "'",
                    "docs/settings.md lists the fields");
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + (line > 0 ? ":" + line : "") + ": " + mistake(e),
                    "docs/settings.md lists the fields");
        }
    }

    private static String mistake(JacksonException e) {
        if (!(e instanceof MismatchedInputException mismatch)) {
            String message = e.getOriginalMessage();
            return message.startsWith("Duplicate")
                    ? message.substring(message.indexOf('"')) + " is set twice"
                    : "not valid YAML: " + message;
        }
        String field = e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
        Class<?> wanted = mismatch.getTargetType();
        String expected = wanted == Boolean.class
                ? "true or false"
                : wanted == Integer.class
                        ? "a whole number"
                        : wanted == String.class
                                ? "text"
                                : wanted != null && List.class.isAssignableFrom(wanted)
                                        ? "a list, such as [one, two]"
                                        : "a map of fields";
        return (field.isEmpty() ? "" : field + ": ") + "expected " + expected;
    }

    /** Whether records may name the account that pulled. */
    public boolean recordsUser() {
        return recordUser == null || recordUser;
    }

    /** The hosts of this network that a public host may redirect to, in lower case. */
    public Set<String> privateHosts() {
        return allowPrivate.stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
    }

    public HostRewrites routes(Map<String, String> fromCommandLine) throws Problem {
        Map<String, String> all = new LinkedHashMap<>(routes);
        all.putAll(fromCommandLine);
        return HostRewrites.of(all, new HashSet<>(allowHttp));
    }

    public HostPolicies policies(HostPolicies builtIn) throws Problem {
        Map<String, HostPolicy> overrides = new LinkedHashMap<>();
        for (Map.Entry<String, Host> entry : hosts.entrySet()) {
            String name = entry.getKey().toLowerCase(Locale.ROOT);
            // A host's name, or * and what follows the dot, or * alone.
            if (!name.matches("\\*|(\\*\\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?")) {
                throw wrong(entry.getKey(), "not a host name", "write zenodo.org, *.zenodo.org or *");
            }
            overrides.put(name, policy(entry.getKey(), entry.getValue(), builtIn.of(name)));
        }
        return builtIn.with(overrides);
    }

    private static HostPolicy policy(String name, Host host, HostPolicy builtIn) throws Problem {
        try {
            return new HostPolicy(
                    host.connections() == null ? builtIn.connections() : host.connections(),
                    host.requestsPerMinute() == null ? builtIn.requestsPerMinute() : host.requestsPerMinute(),
                    host.segments() == null ? builtIn.segments() : host.segments(),
                    host.userAgent() == null ? builtIn.userAgent() : host.userAgent());
        } catch (IllegalArgumentException e) {
            throw wrong(
                    name,
                    String.valueOf(e.getMessage()),
                    "connections and segments are at least 1, requests-per-minute at least 0 (no limit)");
        }
    }

    private static Problem wrong(String host, String what, String hint) {
        return new Problem(Problem.Kind.USAGE, "the settings file, hosts: " + host + ": " + what, hint);
    }
}
