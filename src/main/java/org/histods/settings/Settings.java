package org.histods.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
 * The user's settings file. Every field may be left out.
 *
 * @param mirror the folder of pulled datasets
 * @param routes host to URL, as with {@code --route}
 * @param allowHttp hosts that may be asked without encryption
 * @param hosts how hosts are treated, by name
 * @param recordUser whether receipts name the account that pulled; true if left out
 * @param ascp IBM's program for FASP, where it is in none of its usual places
 * @param ascpKey the key file that goes with it
 */
public record Settings(
        @Nullable String mirror,
        Map<String, String> routes,
        List<String> allowHttp,
        Map<String, Host> hosts,
        @Nullable Boolean recordUser,
        @Nullable String ascp,
        @Nullable String ascpKey) {

    /** How one host is treated; what is left out stays as it is built in. */
    public record Host(
            @Nullable Integer connections,
            @Nullable Integer requestsPerMinute,
            @Nullable Integer segments,
            @Nullable String userAgent) {}

    public Settings {
        routes = routes == null ? Map.of() : Map.copyOf(routes);
        allowHttp = allowHttp == null ? List.of() : List.copyOf(allowHttp);
        hosts = hosts == null ? Map.of() : Map.copyOf(hosts);
    }

    private static final Settings EMPTY = new Settings(null, Map.of(), List.of(), Map.of(), null, null, null);

    public static Settings read(Path file) throws Problem {
        if (!Files.exists(file)) {
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
            throw new Problem(Problem.Kind.USAGE, "cannot read the settings in " + file + ": " + Problem.why(e));
        } catch (UnrecognizedPropertyException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + ": no field '" + e.getPropertyName() + "' is known here",
                    "docs/settings.md lists what may stand there");
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + (line > 0 ? ":" + line : "") + ": " + mistake(e),
                    "docs/settings.md lists what may stand there");
        }
    }

    private static String mistake(JacksonException e) {
        if (!(e instanceof MismatchedInputException mismatch)) {
            String message = e.getOriginalMessage();
            return message.startsWith("Duplicate")
                    ? message.substring(message.indexOf('"')) + " stands twice"
                    : "this is not YAML: " + message;
        }
        String field = e.getPath().stream()
                .map(step -> step.getPropertyName() == null ? "[" + step.getIndex() + "]" : step.getPropertyName())
                .collect(Collectors.joining("."));
        Class<?> wanted = mismatch.getTargetType();
        String form = wanted == Boolean.class
                ? "true or false"
                : wanted == Integer.class
                        ? "a whole number"
                        : wanted == String.class
                                ? "text"
                                : wanted != null && List.class.isAssignableFrom(wanted)
                                        ? "a list, such as [one, two]"
                                        : "a map of fields";
        return (field.isEmpty() ? "" : field + ": ") + "here should be " + form;
    }

    /** Whether the mirror's records may say who pulled. */
    public boolean recordsUser() {
        return recordUser == null || recordUser;
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
                throw wrong(entry.getKey(), "that is no host's name", "write zenodo.org, *.zenodo.org or *");
            }
            overrides.put(name, policy(entry.getKey(), entry.getValue(), builtIn.of(name)));
        }
        return builtIn.with(overrides);
    }

    private static HostPolicy policy(String name, Host host, HostPolicy usual) throws Problem {
        try {
            return new HostPolicy(
                    host.connections() == null ? usual.connections() : host.connections(),
                    host.requestsPerMinute() == null ? usual.requestsPerMinute() : host.requestsPerMinute(),
                    host.segments() == null ? usual.segments() : host.segments(),
                    host.userAgent() == null ? usual.userAgent() : host.userAgent());
        } catch (IllegalArgumentException e) {
            throw wrong(
                    name,
                    String.valueOf(e.getMessage()),
                    "connections and segments are at least 1, requests-per-minute at least 0 (no limit)");
        }
    }

    private static Problem wrong(String host, String what, String hint) {
        return new Problem(Problem.Kind.USAGE, "the settings of hosts: " + host + ": " + what, hint);
    }
}
