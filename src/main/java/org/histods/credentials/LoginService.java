package org.histods.login;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A host that gives out logins.
 *
 * @param names what {@code histods login} takes for it; the first is the usual one
 * @param hosts where its logins go, and nowhere else
 * @param form how it wants a token
 * @param page where a person makes one
 * @param purpose what one is good for
 * @param variables where its tools look first
 * @param files where its tools look then
 */
public record Service(
        List<String> names,
        List<String> hosts,
        Form form,
        String page,
        String purpose,
        List<Place> variables,
        List<Place> files) {

    /** Every one that histods knows. {@code docs/settings.md} holds the same table for people. */
    private static final List<Service> ALL = List.of(
            new Service(
                    List.of("kaggle", "kaggle.com"),
                    List.of("www.kaggle.com", "api.kaggle.com"),
                    Form.BEARER,
                    "https://www.kaggle.com/settings",
                    "competitions, whose rules must be accepted in a browser first",
                    List.of(
                            new Place.Variable("KAGGLE_API_TOKEN", true),
                            new Place.Variables("KAGGLE_USERNAME", "KAGGLE_KEY")),
                    List.of(
                            new Place.Token("~/.kaggle/access_token"),
                            new Place.Token("~/.kaggle/access_token.txt"),
                            kaggleJson("$KAGGLE_CONFIG_DIR/kaggle.json"),
                            kaggleJson("~/.kaggle/kaggle.json"),
                            kaggleJson("~/.config/kaggle/kaggle.json"))),
            new Service(
                    List.of("huggingface", "hf"),
                    List.of("huggingface.co"),
                    Form.BEARER,
                    "https://huggingface.co/settings/tokens",
                    "gated datasets, whose terms must be accepted in a browser first, and higher limits",
                    List.of(new Place.Variable("HF_TOKEN", false), new Place.Variable("HUGGING_FACE_HUB_TOKEN", false)),
                    List.of(
                            new Place.Token("$HF_TOKEN_PATH"),
                            new Place.Token("$HF_HOME/token"),
                            new Place.Token("$XDG_CACHE_HOME/huggingface/token"),
                            new Place.Token("~/.cache/huggingface/token"))),
            new Service(
                    List.of("github", "github.com"),
                    List.of("api.github.com"),
                    Form.BEARER,
                    "https://github.com/settings/tokens",
                    "5,000 questions an hour in place of 60; the token needs no permission at all",
                    List.of(new Place.Variable("GH_TOKEN", false), new Place.Variable("GITHUB_TOKEN", false)),
                    List.of(
                            ghHosts("$GH_CONFIG_DIR/hosts.yml"),
                            ghHosts("$XDG_CONFIG_HOME/gh/hosts.yml"),
                            ghHosts("~/.config/gh/hosts.yml"))),
            new Service(
                    List.of("grand-challenge"),
                    List.of("grand-challenge.org"),
                    new Form("Authorization", "BEARER"),
                    "https://grand-challenge.org/settings/api-tokens/",
                    "archives that your account was admitted to",
                    List.of(new Place.Variable("GRAND_CHALLENGE_AUTHORIZATION", false)),
                    List.of()),
            new Service(
                    List.of("zenodo"),
                    List.of("zenodo.org"),
                    Form.BEARER,
                    "https://zenodo.org/account/settings/applications/",
                    "restricted records that were shared with your account, and higher limits",
                    List.of(new Place.Variable("ZENODO_TOKEN", false)),
                    List.of()),
            new Service(
                    List.of("osf"),
                    List.of("api.osf.io", "osf.io", "files.osf.io"),
                    Form.BEARER,
                    "https://osf.io/settings/tokens",
                    "10,000 questions a day in place of 100 an hour, and projects shared with your account",
                    List.of(new Place.Variable("OSF_TOKEN", false)),
                    List.of()),
            new Service(
                    List.of("figshare", "figshare.com"),
                    List.of("api.figshare.com"),
                    new Form("Authorization", "token"),
                    "https://figshare.com/account/applications",
                    "private items of your account",
                    List.of(),
                    List.of()),
            new Service(
                    List.of("dataverse-harvard"),
                    List.of("dataverse.harvard.edu"),
                    new Form("X-Dataverse-key", ""),
                    "https://dataverse.harvard.edu/dataverseuser.xhtml?selectTab=apiTokenTab",
                    "restricted files that your account was admitted to",
                    List.of(),
                    List.of()));

    public Service {
        names = List.copyOf(names);
        hosts = List.copyOf(hosts);
        variables = List.copyOf(variables);
        files = List.copyOf(files);
    }

    private static Place kaggleJson(String path) {
        return new Place.Fields(path, List.of("username"), List.of("key"));
    }

    private static Place ghHosts(String path) {
        return new Place.Fields(path, List.of(), List.of("github.com", "oauth_token"));
    }

    public static List<Service> all() {
        return ALL;
    }

    /** The one of that name or host. */
    public static Optional<Service> of(String name) {
        String asked = name.toLowerCase(Locale.ROOT);
        return ALL.stream()
                .filter(s -> s.names().contains(asked) || s.hosts().contains(asked))
                .findFirst();
    }

    public String name() {
        return names.get(0);
    }

    /** Its places in the order in which they are looked at, as the documentation writes them. */
    public List<String> places() {
        return java.util.stream.Stream.concat(variables.stream(), files.stream())
                .map(Place::name)
                .toList();
    }
}
