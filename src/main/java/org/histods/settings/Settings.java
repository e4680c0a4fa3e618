package org.histods.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlFields;
import org.histods.yaml.YamlNode;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;

/**
 * The user's settings file. All fields are optional.
 *
 * @param manifests folders of manifests that add to the catalogue, the last with the most weight
 * @param buckets the servers of buckets, by the bucket's name
 * @param recordUser whether receipts name the account that pulled; true if unset
 */
public record Settings(
        Mirrors mirrors,
        List<String> manifests,
        Map<String, Bucket> buckets,
        Network network,
        @Nullable Boolean recordUser) {

    /**
     * Locations of datasets.
     *
     * @param folder the folder of pulled datasets
     * @param shared mirrors of others below it, which are only read
     * @param urls served mirrors and object stores where a pull looks first
     */
    public record Mirrors(@Nullable String folder, List<String> shared, List<String> urls) {

        public Mirrors {
            shared = List.copyOf(shared);
            urls = List.copyOf(urls);
        }
    }

    /**
     * Network settings for hosts.
     *
     * @param routes host to URL, as with {@code --route}
     * @param allowHttp hosts that may be used without encryption
     * @param allowPrivate hosts of this network that a public host may redirect to
     * @param caFile CA certificates (PEM) that are trusted besides Java's
     * @param hosts limits by host
     * @param ascp IBM's program for FASP, if not in a usual place
     * @param ascpKey its key file
     */
    public record Network(
            Map<String, String> routes,
            List<String> allowHttp,
            List<String> allowPrivate,
            @Nullable String caFile,
            Map<String, Host> hosts,
            @Nullable String ascp,
            @Nullable String ascpKey) {

        public Network {
            routes = Map.copyOf(routes);
            allowHttp = List.copyOf(allowHttp);
            allowPrivate = List.copyOf(allowPrivate);
            hosts = Map.copyOf(hosts);
        }

        /** The hosts of this network that a public host may redirect to, in lower case. */
        public Set<String> privateHosts() {
            return allowPrivate.stream()
                    .map(host -> host.toLowerCase(Locale.ROOT))
                    .collect(Collectors.toSet());
        }

        /**
         * The rewrites of hosts.
         *
         * @param fromCommandLine host to URL; these override the settings
         * @throws Problem {@code USAGE} if one is malformed
         */
        public HostRewrites routes(Map<String, String> fromCommandLine) throws Problem {
            Map<String, String> all = new LinkedHashMap<>(routes);
            all.putAll(fromCommandLine);
            return HostRewrites.of(all, new HashSet<>(allowHttp));
        }

        /**
         * The built-in limits of hosts with those of the settings over them.
         *
         * @throws Problem {@code USAGE} if a host's name or a limit is not possible
         */
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
    }

    /** The limits of one host; a field that is unset keeps its built-in value. */
    public record Host(
            @Nullable Integer connections,
            @Nullable Integer requestsPerMinute,
            @Nullable Integer segments,
            @Nullable String userAgent) {}

    /**
     * Location of a bucket of an object store; unset fields are taken from Amazon's tools.
     *
     * @param endpoint URL of the server; null for that of Amazon's tools
     * @param pathStyle whether the bucket is in the path instead of the host name
     * @param profile the profile in {@code ~/.aws} whose credentials are used
     */
    public record Bucket(
            @Nullable String endpoint,
            @Nullable String region,
            @Nullable Boolean pathStyle,
            @Nullable String profile) {}

    public Settings {
        manifests = List.copyOf(manifests);
        buckets = Map.copyOf(buckets);
    }

    private static final Settings EMPTY = new Settings(
            new Mirrors(null, List.of(), List.of()),
            List.of(),
            Map.of(),
            new Network(Map.of(), List.of(), List.of(), null, Map.of(), null, null),
            null);

    private static final List<String> FIELDS =
            List.of(("mirror shared-mirrors manifests mirrors buckets routes allow-http allow-private ca-file "
                            + "hosts record-user ascp ascp-key")
                    .split(" "));
    private static final List<String> BUCKET = List.of("endpoint", "region", "path-style", "profile");
    private static final List<String> HOST = List.of("connections", "requests-per-minute", "segments", "user-agent");

    /**
     * Reads the settings.
     *
     * @param file null, or missing, for no settings
     * @throws Problem {@code USAGE} if it cannot be read; the message lists every mistake with line and field
     */
    public static Settings read(@Nullable Path file) throws Problem {
        if (file == null || !Files.exists(file)) {
            return EMPTY;
        }
        String text = YamlText.read(file);
        List<YamlError> errors = new ArrayList<>();
        YamlFields fields =
                new YamlFields(YamlNode.read(text, file.toString(), errors), file.toString(), errors, FIELDS);
        Settings settings = new Settings(
                new Mirrors(fields.text("mirror"), fields.words("shared-mirrors"), fields.words("mirrors")),
                fields.words("manifests"),
                buckets(fields.map("buckets")),
                new Network(
                        texts(fields.map("routes")),
                        fields.words("allow-http"),
                        fields.words("allow-private"),
                        fields.text("ca-file"),
                        hosts(fields.map("hosts")),
                        fields.text("ascp"),
                        fields.text("ascp-key")),
                fields.flag("record-user"));
        YamlNode.refuse(file.toString(), errors, "docs/settings.md explains every field");
        return settings;
    }

    private static Map<String, String> texts(YamlFields fields) {
        Map<String, String> texts = new LinkedHashMap<>();
        fields.names().forEach(name -> texts.put(name, fields.required(name)));
        return texts;
    }

    private static Map<String, Bucket> buckets(YamlFields fields) {
        Map<String, Bucket> buckets = new LinkedHashMap<>();
        for (String name : fields.names()) {
            YamlFields bucket = fields.map(name, BUCKET);
            buckets.put(
                    name,
                    new Bucket(
                            bucket.text("endpoint"),
                            bucket.text("region"),
                            bucket.flag("path-style"),
                            bucket.text("profile")));
        }
        return buckets;
    }

    private static Map<String, Host> hosts(YamlFields fields) {
        Map<String, Host> hosts = new LinkedHashMap<>();
        for (String name : fields.names()) {
            YamlFields host = fields.map(name, HOST);
            hosts.put(
                    name,
                    new Host(
                            host.integer("connections"),
                            host.integer("requests-per-minute"),
                            host.integer("segments"),
                            host.text("user-agent")));
        }
        return hosts;
    }

    /** Whether records may name the account that pulled. */
    public boolean recordsUser() {
        return recordUser == null || recordUser;
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
