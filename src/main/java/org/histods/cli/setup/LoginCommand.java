package org.histods.cli.setup;

import java.net.URI;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.ConsoleInput;
import org.histods.credentials.CredentialChain;
import org.histods.credentials.CredentialFile;
import org.histods.credentials.LoginService;
import org.histods.credentials.Secret;
import org.histods.credentials.TokenScheme;
import org.histods.problem.Problem;
import org.histods.source.all.Sources;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Unmatched;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Keeps a login for a host, shows which are known, and forgets them. A secret is never an argument and never shown. */
@Command(
        name = "login",
        description = {
            "Store the token or password for a host; without HOST, show for which hosts one is known.",
            "",
            "The secret is asked for, or read from standard input. It is kept in a file that only you can read, and"
                    + " sent to that host alone. HOST is a host's name or one of kaggle, huggingface, github,"
                    + " grand-challenge, zenodo, osf, figshare, dataverse-harvard."
        },
        footer = {
            "",
            "histods login kaggle                             asks for the token; says where it is made",
            "histods login kaggle < kaggle.json               a key of the older kind: name and key",
            "histods login dataverse.example.edu --header X-Dataverse-key",
            "histods login invenio.example.org                sent as `Authorization: Bearer …`",
            "histods login files.example.org --user NAME      sent as name and password (HTTP Basic)"
        })
public final class LoginCommand implements CliCommand {

    private final AppContext wiring;
    private final ConsoleInput keyboard;
    private final Clock clock;

    @Parameters(index = "0", arity = "0..1", paramLabel = "HOST", description = "the host, or its short name")
    private @Nullable String host;

    @Option(names = "--user", paramLabel = "NAME", description = "your name there; the secret is its password or key")
    private @Nullable String user;

    @Option(
            names = "--header",
            paramLabel = "NAME",
            description = "the header that the host wants the token in, bare (default: Authorization, after a word)")
    private @Nullable String header;

    @Option(
            names = "--scheme",
            paramLabel = "WORD",
            description = "the word before the token (default: Bearer; none with --header)")
    private @Nullable String scheme;

    @Option(names = "--remove", description = "forget what `histods login` stored for that host")
    private boolean remove;

    /** Taken here, so that nobody prints them: one of them may be a secret. */
    @Unmatched
    private List<String> rest = new ArrayList<>();

    public LoginCommand(AppContext wiring, ConsoleInput keyboard, Clock clock) {
        this.wiring = wiring;
        this.keyboard = keyboard;
        this.clock = clock;
    }

    @Override
    public int run() throws Problem {
        if (!rest.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "login takes a host and the options of `histods login --help`, and nothing else; what else was"
                            + " given is not repeated here, for it may be a secret",
                    "a secret is never an argument, where the list of processes and the shell's history would show"
                            + " it: it is asked for, or read from standard input. If it was one, make a new one");
        }
        if (host == null) {
            if (remove || user != null || header != null || scheme != null) {
                throw new Problem(
                        Problem.Kind.USAGE, "name the host", "histods login HOST; `histods login` shows them");
            }
            return list();
        }
        LoginService service = LoginService.find(Sources.loginServices(), host).orElse(null);
        String plain = service == null ? plain(host) : host;
        service = service == null
                ? LoginService.find(Sources.loginServices(), plain).orElse(null)
                : service;
        List<String> hosts = service == null ? List.of(plain) : service.hosts();
        return remove ? remove(hosts) : store(service, hosts);
    }

    /** What was typed may be an address, or the secret itself, which is not repeated. */
    private static String plain(String typed) throws Problem {
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
                    "that is no host's name and none of the short names",
                    "short names: "
                            + Sources.loginServices().stream()
                                    .map(LoginService::name)
                                    .collect(Collectors.joining(", ")));
        }
        return name.replaceFirst(":443$", "");
    }

    private int store(@Nullable LoginService service, List<String> hosts) throws Problem {
        Console console = wiring.console();
        CredentialFile stored = wiring.storedLogins();
        // A file that cannot be used is told before the secret is asked for.
        stored.read();
        TokenScheme form = form(service);
        if (service != null) {
            console.say(service.name() + ": good for " + service.purpose());
            console.say("  a token is made at " + service.page());
        } else if (user == null && header == null && scheme == null) {
            console.say(hosts.get(0) + " is not a host that histods knows: the token will be sent as `Authorization:"
                    + " Bearer …`; a Dataverse wants --header X-Dataverse-key");
        }
        Secret secret = ask(service, hosts);
        stored.put(hosts, form, secret, LocalDate.now(clock));
        String where = String.join(" and ", hosts);
        console.say("stored in " + stored.shown() + ", which only you can read; it goes to " + where
                + " and nowhere else. It was not tried");
        String before = wiring.logins(p -> {}).overriddenBy(hosts.get(0));
        if (before != null) {
            console.warn(before + " is set, and goes before what was stored");
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
            throw new Problem(Problem.Kind.USAGE, "--user is a form of its own: leave out --header and --scheme");
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
        if (name == null && keyboard.asks() && service != null && service.name().equals("kaggle")) {
            name = keyboard.line("User name (only for a key of the older kind; empty for a token): ");
        }
        boolean named = name != null && !name.isEmpty();
        String typed =
                keyboard.secret((named ? "Password or key" : "Token") + " for " + hosts.get(0) + " (not shown): ");
        if (typed.isBlank()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "nothing came, and nothing was stored",
                    "histods login HOST < FILE, or type it");
        }
        if (!named && typed.strip().startsWith("{")) {
            return json(typed);
        }
        try {
            return named && name != null ? new Secret(name, typed.strip()) : Secret.token(typed);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "that is no " + (named ? "name and password" : "token") + ", and nothing was stored: it "
                            + e.getMessage(),
                    "one line with the secret and nothing else, or the content of kaggle.json");
        }
    }

    /** What Kaggle gives out as {@code kaggle.json}. */
    private static Secret json(String typed) throws Problem {
        try {
            JsonNode node = new JsonMapper().readTree(typed);
            return new Secret(
                    node.path("username").asString(""), node.path("key").asString(""));
        } catch (JacksonException | IllegalArgumentException e) {
            // The message may hold what was typed.
            throw new Problem(
                    Problem.Kind.USAGE,
                    "that is JSON without a username and a key, and nothing was stored",
                    "one line with the secret and nothing else, or the content of kaggle.json");
        }
    }

    private int remove(List<String> hosts) throws Problem {
        CredentialFile stored = wiring.storedLogins();
        boolean there = stored.remove(hosts);
        String elsewhere = wiring.logins(p -> {}).elsewhere(hosts.get(0));
        String still = elsewhere == null ? "" : "; the one from " + elsewhere + " still goes to " + hosts.get(0);
        if (!there) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "`histods login` stored nothing for " + String.join(" and ", hosts) + still,
                    "`histods login` shows what is known");
        }
        wiring.console().say("removed from " + stored.shown() + still);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "logout");
        line.put("hosts", hosts);
        line.put("still", elsewhere);
        wiring.console().object(line);
        return 0;
    }

    private int list() {
        Console console = wiring.console();
        List<Problem> damaged = new ArrayList<>();
        List<CredentialChain.Known> all = wiring.logins(damaged::add).known();
        int wide = all.stream().mapToInt(one -> one.host().length()).max().orElse(0);
        int deep = all.stream().mapToInt(one -> one.shape().length()).max().orElse(0);
        for (CredentialChain.Known one : all) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("host", one.host());
            line.put("from", one.from());
            line.put("sent", one.shape());
            console.object(line);
            console.data(
                    String.format("%-" + wide + "s  %-" + deep + "s  from %s", one.host(), one.shape(), one.from()));
        }
        damaged.forEach(p -> console.problem("", p));
        if (all.isEmpty() && damaged.isEmpty()) {
            console.say("no login is known; most datasets need none. Hosts that give them out:");
            for (LoginService service : Sources.loginServices()) {
                console.say(String.format("  %-18s %s", service.name(), service.purpose()));
            }
        }
        return damaged.isEmpty() ? 0 : Problem.Kind.USAGE.exit();
    }
}
