package org.histods.cli.setup;

import java.net.URI;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.ConsoleInput;
import org.histods.cli.shell.TextTable;
import org.histods.cli.shell.TextTable.Column;
import org.histods.credentials.CredentialChain;
import org.histods.credentials.CredentialFile;
import org.histods.credentials.LoginService;
import org.histods.credentials.Secret;
import org.histods.credentials.TokenScheme;
import org.histods.problem.Problem;
import org.histods.source.all.Sources;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code histods login}: stores, lists and removes credentials. A secret is never an argument and never shown. */
@Command(
        name = "login",
        description = {
            "Store credentials for a host, or list the known ones",
            "",
            "Asks for the token or password, or reads it from standard input, and stores it in a file that only you"
                    + " can read. It is sent to that host only. HOST is a host name or one of SERVICES. Without"
                    + " HOST, lists"
                    + " the hosts with known credentials."
        },
        footer = {
            "",
            "Examples:",
            "  histods login",
            "  histods login kaggle",
            "  histods login kaggle < kaggle.json",
            "  histods login invenio.example.org",
            "  histods login dataverse.example.edu --header X-Dataverse-key",
            "  histods login files.example.org --user NAME"
        })
public final class LoginCommand implements CliCommand {

    private static final String ONE_LINE =
            "give one line with only the secret, or the content of the JSON file that the host provides";

    private final AppContext app;
    private final Clock clock;

    @Parameters(index = "0", arity = "0..1", paramLabel = "HOST", description = "host name, or a short name from above")
    private @Nullable String host;

    @Option(names = "--user", paramLabel = "NAME", description = "send user name and password (HTTP Basic)")
    private @Nullable String user;

    @Option(
            names = "--header",
            paramLabel = "NAME",
            description = "send the token in this header, such as X-Dataverse-key (default: Authorization)")
    private @Nullable String header;

    @Option(
            names = "--scheme",
            paramLabel = "WORD",
            description = "word before the token in the header (default: Bearer; none with --header)")
    private @Nullable String scheme;

    @Option(names = "--remove", description = "delete the stored credentials for the host")
    private boolean remove;

    /** Puts the services into the description, which is a constant otherwise. */
    @Spec
    void describe(CommandSpec spec) {
        String services =
                Sources.loginServices().stream().map(LoginService::name).collect(Collectors.joining(", "));
        String[] description = spec.usageMessage().description();
        spec.usageMessage()
                .description(Arrays.stream(description)
                        .map(line -> line.replace("SERVICES", services))
                        .toArray(String[]::new));
    }

    /** Collected here so that they are never printed: one of them may be a secret. */
    @Unmatched
    private List<String> unexpected = new ArrayList<>();

    public LoginCommand(AppContext app, Clock clock) {
        this.app = app;
        this.clock = clock;
    }

    @Override
    public int run() throws Problem {
        if (!unexpected.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "unexpected argument; it is not shown here because it may be a secret",
                    "never pass a secret as an argument, where the process list and the shell history show it: login asks"
                            + " for it or reads it from standard input. If it was a secret, replace it with a new one");
        }
        if (host == null) {
            if (remove || user != null || header != null || scheme != null) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "the host is missing",
                        "write `histods login HOST`; `histods login` lists the known hosts");
            }
            return list();
        }
        LoginService service = LoginService.find(Sources.loginServices(), host).orElse(null);
        String name = service == null ? hostName(host) : host;
        service = service == null
                ? LoginService.find(Sources.loginServices(), name).orElse(null)
                : service;
        List<String> hosts = service == null ? List.of(name) : service.hosts();
        return remove ? remove(hosts) : store(service, hosts);
    }

    /** The host name in a host name or URL. Messages do not repeat the text, which may be a secret typed by mistake. */
    private static String hostName(String typed) throws Problem {
        String name = typed.strip().toLowerCase(Locale.ROOT);
        if (name.startsWith("https://")) {
            try {
                name = String.valueOf(URI.create(name).getAuthority());
            } catch (IllegalArgumentException e) {
                name = "";
            }
        }
        boolean dotted = name.contains(".") || name.startsWith("localhost");
        if (!dotted || !name.matches("[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "HOST is neither a host name nor a short name",
                    "short names: "
                            + Sources.loginServices().stream()
                                    .map(LoginService::name)
                                    .collect(Collectors.joining(", ")));
        }
        return name.replaceFirst(":443$", "");
    }

    private int store(@Nullable LoginService service, List<String> hosts) throws Problem {
        Console console = app.console();
        CredentialFile stored = app.credentialFile();
        // Reports a file that cannot be used before asking for the secret.
        stored.read();
        TokenScheme form = form(service);
        if (service != null) {
            console.say(service.name() + " credentials are used for " + service.purpose());
            console.say("  create a token at " + service.page());
        } else if (user == null && header == null && scheme == null) {
            console.say(hosts.get(0) + " is not a known host, so the token is sent as `Authorization: Bearer …`; use"
                    + " --header X-Dataverse-key for a Dataverse");
        }
        Secret secret = ask(service, hosts);
        stored.put(hosts, form, secret, LocalDate.now(clock));
        console.say("stored in " + stored.shown() + ", which only you can read; sent only to "
                + String.join(" and ", hosts) + ". It was not tried");
        String before = app.credentials(p -> {}).overriddenBy(hosts.get(0));
        if (before != null) {
            console.warn(before + " is set and is used instead of the stored credentials");
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "login");
        line.put("hosts", hosts);
        line.put("stored", stored.shown());
        line.put("before", before);
        console.object(line);
        return 0;
    }

    private TokenScheme form(@Nullable LoginService service) throws Problem {
        if (header == null && scheme == null) {
            return service == null ? TokenScheme.BEARER : service.scheme();
        }
        if (user != null) {
            throw new Problem(Problem.Kind.USAGE, "--user cannot be combined with --header or --scheme");
        }
        try {
            return new TokenScheme(
                    header == null ? "Authorization" : header,
                    scheme != null ? scheme : header == null ? "Bearer" : "");
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, "--header or --scheme: " + e.getMessage());
        }
    }

    private Secret ask(@Nullable LoginService service, List<String> hosts) throws Problem {
        String name = user;
        ConsoleInput input = app.input();
        if (name == null && input.interactive() && service != null && service.acceptsUserNames()) {
            name = input.line("User name (only for an old API key; empty for a token): ");
        }
        boolean named = name != null && !name.isEmpty();
        String typed = input.secret((named ? "Password or key" : "Token") + " for " + hosts.get(0) + " (not shown): ");
        if (typed.isBlank()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the input is empty; nothing was stored",
                    "type the secret, or use `histods login HOST < FILE`");
        }
        if (!named && typed.strip().startsWith("{")) {
            return json(typed);
        }
        try {
            return named && name != null ? new Secret(name, typed.strip()) : Secret.token(typed);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the input is not a " + (named ? "name and password" : "token") + ": it " + e.getMessage()
                            + "; nothing was stored",
                    ONE_LINE);
        }
    }

    /** Reads the content of a credentials file of a host's own tools, such as {@code kaggle.json}. */
    private static Secret json(String typed) throws Problem {
        return Sources.loginServices().stream()
                .flatMap(service -> service.parse(typed).stream())
                .findFirst()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        "the input is JSON without the fields of a known credentials file; nothing was stored",
                        ONE_LINE));
    }

    private int remove(List<String> hosts) throws Problem {
        CredentialFile stored = app.credentialFile();
        boolean removed = stored.remove(hosts);
        String elsewhere = app.credentials(p -> {}).elsewhere(hosts.get(0));
        String still =
                elsewhere == null ? "" : "; the credentials from " + elsewhere + " are still sent to " + hosts.get(0);
        if (!removed) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "no stored credentials for " + String.join(" and ", hosts) + still,
                    "`histods login` lists the known credentials");
        }
        app.console().say("removed from " + stored.shown() + still);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "logout");
        line.put("hosts", hosts);
        line.put("still", elsewhere);
        app.console().object(line);
        return 0;
    }

    private int list() {
        Console console = app.console();
        List<Problem> damaged = new ArrayList<>();
        List<CredentialChain.Known> all = app.credentials(damaged::add).known();
        TextTable table = new TextTable(List.of(Column.fixed("HOST"), Column.fixed("SENT AS"), Column.fixed("FROM")));
        for (CredentialChain.Known known : all) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("host", known.host());
            line.put("from", known.from());
            line.put("sent", known.shape());
            console.object(line);
            table.add(List.of(known.host(), known.shape(), known.from()));
        }
        if (!all.isEmpty()) {
            table.lines(console.tableWidth()).forEach(console::data);
        }
        damaged.forEach(p -> console.problem("", p));
        if (all.isEmpty() && damaged.isEmpty()) {
            console.say("no credentials are known; most datasets need none. Services with accounts:");
            for (LoginService service : Sources.loginServices()) {
                console.say(String.format("  %-18s %s", service.name(), service.purpose()));
            }
        }
        return damaged.isEmpty() ? 0 : Problem.Kind.USAGE.exit();
    }
}
