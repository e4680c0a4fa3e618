package org.histods.credentials;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A service that issues credentials.
 *
 * @param names its names for {@code histods login}, the usual one first
 * @param hosts the only hosts that receive its credentials
 * @param scheme the header of a token
 * @param page where users make a token
 * @param purpose what a token is for
 * @param variables the environment variables that its tools read
 * @param files the files that its tools read, after the variables
 */
public record LoginService(
        List<String> names,
        List<String> hosts,
        TokenScheme scheme,
        String page,
        String purpose,
        List<CredentialLocation> variables,
        List<CredentialLocation> files) {

    /** All services that histods knows. {@code docs/settings.md} has the same table. */
    private static final List<LoginService> ALL = List.of(
            new LoginService(
                    List.of("kaggle", "kaggle.com"),
                    List.of("www.kaggle.com", "api.kaggle.com"),
                    TokenScheme.BEARER,
                    "https://www.kaggle.com/settings",
                    "competitions, whose rules must be accepted in a browser first",
                    List.of(
                            new CredentialLocation.Variable("KAGGLE_API_TOKEN", true),
                            new CredentialLocation.Variables("KAGGLE_USERNAME", "KAGGLE_KEY")),
                    List.of(
                            new CredentialLocation.Token("~/.kaggle/access_token"),
                            new CredentialLocation.Token("~/.kaggle/access_token.txt"),
                            kaggleJson("$KAGGLE_CONFIG_DIR/kaggle.json"),
                            kaggleJson("~/.kaggle/kaggle.json"),
                            kaggleJson("~/.config/kaggle/kaggle.json"))),
            new LoginService(
                    List.of("huggingface", "hf"),
                    List.of("huggingface.co"),
                    TokenScheme.BEARER,
                    "https://huggingface.co/settings/tokens",
                    "gated datasets, whose terms must be accepted in a browser first, and higher limits",
                    List.of(
                            new CredentialLocation.Variable("HF_TOKEN", false),
                            new CredentialLocation.Variable("HUGGING_FACE_HUB_TOKEN", false)),
                    List.of(
                            new CredentialLocation.Token("$HF_TOKEN_PATH"),
                            new CredentialLocation.Token("$HF_HOME/token"),
                            new CredentialLocation.Token("$XDG_CACHE_HOME/huggingface/token"),
                            new CredentialLocation.Token("~/.cache/huggingface/token"))),
            new LoginService(
                    List.of("github", "github.com"),
                    List.of("api.github.com"),
                    TokenScheme.BEARER,
                    "https://github.com/settings/tokens",
                    "5,000 requests an hour instead of 60; the token needs no permission",
                    List.of(
                            new CredentialLocation.Variable("GH_TOKEN", false),
                            new CredentialLocation.Variable("GITHUB_TOKEN", false)),
                    List.of(
                            ghHosts("$GH_CONFIG_DIR/hosts.yml"),
                            ghHosts("$XDG_CONFIG_HOME/gh/hosts.yml"),
                            ghHosts("~/.config/gh/hosts.yml"))),
            new LoginService(
                    List.of("grand-challenge"),
                    List.of("grand-challenge.org"),
                    new TokenScheme("Authorization", "BEARER"),
                    "https://grand-challenge.org/settings/api-tokens/",
                    "archives that your account has access to",
                    List.of(new CredentialLocation.Variable("GRAND_CHALLENGE_AUTHORIZATION", false)),
                    List.of()),
            new LoginService(
                    List.of("zenodo"),
                    List.of("zenodo.org"),
                    TokenScheme.BEARER,
                    "https://zenodo.org/account/settings/applications/",
                    "restricted records shared with your account, and higher limits",
                    List.of(new CredentialLocation.Variable("ZENODO_TOKEN", false)),
                    List.of()),
            new LoginService(
                    List.of("osf"),
                    List.of("api.osf.io", "osf.io", "files.osf.io"),
                    TokenScheme.BEARER,
                    "https://osf.io/settings/tokens",
                    "10,000 requests a day instead of 100 an hour, and projects shared with your account",
                    List.of(new CredentialLocation.Variable("OSF_TOKEN", false)),
                    List.of()),
            new LoginService(
                    List.of("figshare", "figshare.com"),
                    List.of("api.figshare.com"),
                    new TokenScheme("Authorization", "token"),
                    "https://figshare.com/account/applications",
                    "private items of your account",
                    List.of(),
                    List.of()),
            new LoginService(
                    List.of("dataverse-harvard"),
                    List.of("dataverse.harvard.edu"),
                    new TokenScheme("X-Dataverse-key", ""),
                    "https://dataverse.harvard.edu/dataverseuser.xhtml?selectTab=apiTokenTab",
                    "restricted files that your account has access to",
                    List.of(),
                    List.of()));

    public LoginService {
        names = List.copyOf(names);
        hosts = List.copyOf(hosts);
        variables = List.copyOf(variables);
        files = List.copyOf(files);
    }

    private static CredentialLocation kaggleJson(String path) {
        return new CredentialLocation.Fields(path, List.of("username"), List.of("key"));
    }

    private static CredentialLocation ghHosts(String path) {
        return new CredentialLocation.Fields(path, List.of(), List.of("github.com", "oauth_token"));
    }

    public static List<LoginService> all() {
        return ALL;
    }

    /** The service of that name or host. */
    public static Optional<LoginService> of(String name) {
        String wanted = name.toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(s -> s.names().contains(wanted) || s.hosts().contains(wanted))
                .findFirst();
    }

    public String name() {
        return names.get(0);
    }

    /** Its places in the order of lookup, as in the documentation. */
    public List<String> places() {
        return java.util.stream.Stream.concat(variables.stream(), files.stream())
                .map(CredentialLocation::name)
                .toList();
    }
}
