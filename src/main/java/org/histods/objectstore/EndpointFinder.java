package org.histods.objectstore;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.histods.credentials.UserEnvironment;
import org.histods.problem.Problem;
import org.histods.settings.Settings;
import org.histods.source.listing.PinnedFiles;
import org.histods.transport.Credentials;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.profiles.Profile;
import software.amazon.awssdk.profiles.ProfileFile;

/**
 * Finds the server of a bucket and the user's account: in the settings, the environment variables of Amazon's tools, the
 * credentials that {@code histods login} stored for the server, and Amazon's files in {@code ~/.aws}, in this order.
 */
public final class EndpointFinder {

    private static final String DEFAULT_REGION = "us-east-1";
    private static final String BASIC = "Basic ";

    /** Fields of a profile whose credentials are not in it. */
    private static final List<String> ELSEWHERE =
            List.of("sso_session", "sso_start_url", "role_arn", "credential_process");

    private final UserEnvironment environment;
    private final Credentials stored;
    private final Settings.@Nullable Bucket settings;
    private @Nullable Profile profile;

    /** @param settings what the settings file says of the bucket; null for nothing */
    public EndpointFinder(UserEnvironment environment, Credentials stored, Settings.@Nullable Bucket settings) {
        this.environment = environment;
        this.stored = stored;
        this.settings = settings;
    }

    /**
     * Finds the server and the credentials of a bucket.
     *
     * @throws Problem {@code USAGE} if a file or a value cannot be used
     */
    public StoreEndpoint find(String bucket) throws Problem {
        String named = settings == null ? null : settings.profile();
        profile = profile(named);
        String endpoint = first(
                settings == null ? null : settings.endpoint(),
                "AWS_ENDPOINT_URL_S3",
                "AWS_ENDPOINT_URL",
                "endpoint_url");
        String region =
                first(settings == null ? null : settings.region(), "AWS_REGION", "AWS_DEFAULT_REGION", "region");
        Boolean style = settings == null ? null : settings.pathStyle();
        URI url = endpoint == null ? null : url(endpoint);
        if (region != null && !region.matches("[a-zA-Z0-9-]+")) {
            throw new Problem(
                    Problem.Kind.USAGE, "'" + region + "' is not a region", "it is a word such as eu-central-1");
        }
        // The certificate *.s3.…amazonaws.com does not cover a name with dots.
        boolean pathStyle = style == null ? url != null || bucket.contains(".") : style;
        return new StoreEndpoint(url, region == null ? DEFAULT_REGION : region, pathStyle, key(named != null, url));
    }

    private @Nullable String first(@Nullable String setting, String variable, String otherVariable, String property) {
        return setting != null
                ? setting
                : environment
                        .variable(variable)
                        .or(() -> environment.variable(otherVariable))
                        .or(() -> property(property))
                        .orElse(null);
    }

    private Optional<String> property(String name) {
        return profile == null ? Optional.empty() : profile.property(name);
    }

    private static URI url(String text) throws Problem {
        try {
            String full = text.contains("://") ? text : "https://" + text;
            return PinnedFiles.webAddress(full.replaceFirst("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the endpoint '" + text + "' of the object store: " + e.getMessage(),
                    "give scheme and host, such as https://minio.example.org:9000");
        }
    }

    private @Nullable AccessKey key(boolean ofProfile, @Nullable URI url) throws Problem {
        if (!ofProfile) {
            String id = environment.variable("AWS_ACCESS_KEY_ID").orElse(null);
            String secret = environment.variable("AWS_SECRET_ACCESS_KEY").orElse(null);
            if (id != null && secret != null) {
                String token = environment.variable("AWS_SESSION_TOKEN").orElse(null);
                return new AccessKey(id, secret, token, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
            }
            AccessKey login = url == null ? null : login(url);
            if (login != null) {
                return login;
            }
        }
        return profile == null ? null : key(profile);
    }

    private static @Nullable AccessKey key(Profile profile) throws Problem {
        String id = profile.property("aws_access_key_id").orElse(null);
        String secret = profile.property("aws_secret_access_key").orElse(null);
        if (id != null && secret != null) {
            String token = profile.property("aws_session_token").orElse(null);
            return new AccessKey(id, secret, token, "the profile " + profile.name() + " in ~/.aws");
        }
        if (ELSEWHERE.stream().anyMatch(name -> profile.property(name).isPresent())) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the profile " + profile.name()
                            + " in ~/.aws gets its credentials from another program or a login page, which histods"
                            + " does not support",
                    "run `eval \"$(AWS_PROFILE=" + profile.name()
                            + " aws configure export-credentials --format env)\"`, then the same command again");
        }
        return null;
    }

    /** The credentials that {@code histods login HOST --user NAME} stored, or those in {@code .netrc}. */
    private @Nullable AccessKey login(URI url) {
        Credentials.Header header = stored.forHost(url.getAuthority()).orElse(null);
        if (header == null || !header.value().startsWith(BASIC)) {
            return null;
        }
        byte[] pair = Base64.getDecoder().decode(header.value().substring(BASIC.length()));
        String[] words = new String(pair, StandardCharsets.UTF_8).split(":", 2);
        return words.length < 2 ? null : new AccessKey(words[0], words[1], null, header.from());
    }

    private @Nullable Profile profile(@Nullable String named) throws Problem {
        String name =
                named != null ? named : environment.variable("AWS_PROFILE").orElse("default");
        ProfileFile.Aggregator files = ProfileFile.aggregator();
        boolean any = add(files, "$AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", ProfileFile.Type.CREDENTIALS);
        any |= add(files, "$AWS_CONFIG_FILE", "~/.aws/config", ProfileFile.Type.CONFIGURATION);
        Profile found = any ? files.build().profile(name).orElse(null) : null;
        if (found == null && !name.equals("default")) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "there is no profile '" + name + "' in ~/.aws/config and ~/.aws/credentials",
                    named == null
                            ? "correct AWS_PROFILE, or unset it"
                            : "correct the field profile of the bucket in the settings file");
        }
        return found;
    }

    private boolean add(ProfileFile.Aggregator files, String variable, String usual, ProfileFile.Type type)
            throws Problem {
        Path file = environment.path(variable).or(() -> environment.path(usual)).orElse(null);
        if (file == null || !Files.isRegularFile(file)) {
            return false;
        }
        try {
            files.addFile(ProfileFile.builder().content(file).type(type).build());
            return true;
        } catch (RuntimeException e) {
            // Its message may hold the file's content.
            throw new Problem(
                    Problem.Kind.USAGE,
                    environment.shown(file) + " cannot be read as a file of Amazon's tools",
                    "check its permissions and that it has lines such as aws_access_key_id = … below [default]");
        }
    }
}
