package org.histods.credentials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.histods.problem.Problem;
import org.histods.transport.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * The logins that a person has, each for its own hosts: from a variable of the environment, else from the file of
 * {@code histods login}, else from the files of the host's own tools, else from {@code .netrc}. What is damaged is told
 * once and passed over, since most datasets need no login. For any thread.
 */
public final class CredentialChain implements Credentials {

    /** Hosts that take no login of a person's: what they store is open, or opened by a signed address. */
    private static final List<String> WITHOUT = List.of(
            "amazonaws.com",
            "googleapis.com",
            "githubusercontent.com",
            "codeload.github.com",
            "hf.co",
            "cloudfront.net",
            "google.com",
            "googleusercontent.com");

    private final List<LoginService> services;
    private final UserEnvironment around;
    private final CredentialFile stored;
    private final Consumer<Problem> damaged;
    private final Map<String, Found> byHost = new LinkedHashMap<>();
    private final Set<String> told = new LinkedHashSet<>();
    private @Nullable Map<String, Header> netrc;

    /** What was found out about a host. */
    private record Found(@Nullable Header header, Origin origin, List<Problem> faults) {}

    private enum Origin {
        VARIABLE,
        STORED,
        TOOL,
        NONE
    }

    /**
     * A login that is known.
     *
     * @param host where it goes
     * @param from the file or the variable
     * @param shape how it is sent, without the secret
     */
    public record Known(String host, String from, String shape) {}

    /** @param damaged hears once of each place that cannot be used */
    public CredentialChain(
            List<LoginService> services, UserEnvironment around, CredentialFile stored, Consumer<Problem> damaged) {
        this.services = List.copyOf(services);
        this.around = around;
        this.stored = stored;
        this.damaged = damaged;
    }

    @Override
    public Optional<Header> forHost(String host) {
        return Optional.ofNullable(found(host).header());
    }

    @Override
    public Optional<String> advice(String host) {
        Found found = found(host);
        LoginService service = LoginService.find(services, host).orElse(null);
        String command = "`histods login " + (service == null ? host : service.name()) + "`";
        Header header = found.header();
        if (header != null) {
            return Optional.of(
                    switch (found.origin()) {
                        case VARIABLE -> "put a new one into " + header.from() + ", which goes before any other";
                        case STORED -> command + " stores a new one" + madeAt(service);
                        default -> command + " stores a new one, which goes before " + header.from() + madeAt(service);
                    });
        }
        String fault = found.faults().isEmpty() ? "" : found.faults().get(0).message() + "; ";
        boolean none = WITHOUT.stream().anyMatch(h -> host.equals(h) || host.endsWith("." + h));
        if (none && fault.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(fault + command + " stores one" + (service == null ? ", if that host gives out tokens" : "")
                + madeAt(service));
    }

    private static String madeAt(@Nullable LoginService service) {
        return service == null ? "" : " (made at " + service.page() + ")";
    }

    private synchronized Found found(String host) {
        Found known = byHost.get(host);
        if (known == null) {
            known = look(host.toLowerCase(Locale.ROOT));
            byHost.put(host, known);
        }
        return known;
    }

    private Found look(String host) {
        List<Problem> faults = new ArrayList<>();
        LoginService service = LoginService.find(services, host)
                .filter(s -> s.hosts().contains(host))
                .orElse(null);
        Header header = service == null ? null : first(service, service.variables(), faults);
        if (header != null) {
            return new Found(header, Origin.VARIABLE, faults);
        }
        header = attempt(() -> stored.header(host), faults);
        if (header != null) {
            return new Found(header, Origin.STORED, faults);
        }
        header = service == null ? null : first(service, service.files(), faults);
        header = header == null ? attempt(() -> netrc().get(host), faults) : header;
        return new Found(header, header == null ? Origin.NONE : Origin.TOOL, faults);
    }

    private interface Look {
        @Nullable
        Header at() throws Problem;
    }

    private @Nullable Header first(LoginService service, List<CredentialLocation> places, List<Problem> faults) {
        for (CredentialLocation place : places) {
            Header header = attempt(
                    () -> place.look(around)
                            .map(at -> at.secret().header(service.form(), at.from()))
                            .orElse(null),
                    faults);
            if (header != null) {
                return header;
            }
        }
        return null;
    }

    private @Nullable Header attempt(Look look, List<Problem> faults) {
        try {
            return look.at();
        } catch (Problem p) {
            faults.add(p);
            if (told.add(p.message())) {
                damaged.accept(p);
            }
            return null;
        }
    }

    private Map<String, Header> netrc() throws Problem {
        Map<String, Header> all = netrc;
        if (all == null) {
            Path file = around.path("$NETRC").orElse(around.home().resolve(".netrc"));
            // Said once; afterwards it counts as empty.
            netrc = Map.of();
            all = Netrc.read(file, around.shown(file));
            netrc = all;
        }
        return all;
    }

    /** For which hosts a login is known, and from where. */
    public synchronized List<Known> known() {
        Set<String> hosts = new LinkedHashSet<>();
        services.forEach(service -> hosts.addAll(service.hosts()));
        attempt(
                () -> {
                    stored.read().forEach(one -> hosts.addAll(one.hosts()));
                    return null;
                },
                new ArrayList<>());
        attempt(
                () -> {
                    hosts.addAll(netrc().keySet());
                    return null;
                },
                new ArrayList<>());
        List<Known> all = new ArrayList<>();
        for (String host : hosts) {
            Header header = found(host).header();
            if (header != null) {
                all.add(new Known(host, header.from(), TokenScheme.shown(header.name(), header.value())));
            }
        }
        return all;
    }

    /** Where that host's login would still come from without the file of {@code histods login}; null for nowhere. */
    public synchronized @Nullable String elsewhere(String host) {
        Found found = found(host);
        Header header = found.header();
        return header == null || found.origin() == Origin.STORED ? null : header.from();
    }

    /** Whether a variable hides what {@code histods login} stores for that host; null if none does. */
    public synchronized @Nullable String before(String host) {
        Found found = found(host);
        Header header = found.header();
        return header != null && found.origin() == Origin.VARIABLE ? header.from() : null;
    }
}
