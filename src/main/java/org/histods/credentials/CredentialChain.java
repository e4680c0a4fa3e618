package org.histods.credentials;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.histods.problem.Problem;
import org.histods.transport.Credentials;
import org.jspecify.annotations.Nullable;

/**
 * The user's credentials for each host: from an environment variable, else from the file of {@code histods login}, else
 * from the files of the host's own tools, else from {@code .netrc}. A damaged place is reported once and skipped, since
 * most datasets need no credentials. Safe for several threads.
 */
public final class CredentialChain implements Credentials {

    private final List<LoginService> services;
    private final List<String> hostsWithout;
    private final UserEnvironment environment;
    private final CredentialFile stored;
    private final Consumer<Problem> damaged;
    private final Map<String, Found> byHost = new ConcurrentHashMap<>();
    private final Set<String> reported = new LinkedHashSet<>();
    private @Nullable Map<String, Header> netrc;

    /** The credentials of one host. */
    private record Found(@Nullable Header header, FoundIn origin, List<Problem> faults) {}

    private enum FoundIn {
        VARIABLE,
        STORED,
        TOOL,
        NONE
    }

    /**
     * Known credentials.
     *
     * @param host that receives them
     * @param from the file or the variable
     * @param shape the header, without the secret
     */
    public record Known(String host, String from, String shape) {}

    /**
     * @param hostsWithout hosts that accept no user credentials, with all hosts below them
     * @param damaged receives once each place that cannot be used
     */
    public CredentialChain(
            List<LoginService> services,
            List<String> hostsWithout,
            UserEnvironment environment,
            CredentialFile stored,
            Consumer<Problem> damaged) {
        this.services = List.copyOf(services);
        this.hostsWithout = List.copyOf(hostsWithout);
        this.environment = environment;
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
                        case VARIABLE -> "put a new token into " + header.from() + ", which overrides all other places";
                        case STORED -> command + " replaces them" + madeAt(service);
                        default -> command + " stores new ones, which override " + header.from() + madeAt(service);
                    });
        }
        String fault = found.faults().isEmpty() ? "" : found.faults().get(0).message() + "; ";
        boolean none = hostsWithout.stream().anyMatch(h -> host.equals(h) || host.endsWith("." + h));
        if (none && fault.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(fault + command + " stores credentials"
                + (service == null ? ", if that host issues tokens" : "") + madeAt(service));
    }

    private static String madeAt(@Nullable LoginService service) {
        return service == null ? "" : " (get a token at " + service.page() + ")";
    }

    private Found found(String host) {
        Found known = byHost.get(host);
        return known == null ? look(host) : known;
    }

    private synchronized Found look(String host) {
        Found known = byHost.get(host);
        if (known == null) {
            known = find(host.toLowerCase(Locale.ROOT));
            byHost.put(host, known);
        }
        return known;
    }

    private Found find(String host) {
        List<Problem> faults = new ArrayList<>();
        LoginService service = LoginService.find(services, host)
                .filter(s -> s.hosts().contains(host))
                .orElse(null);
        Header header = service == null ? null : first(service, service.variables(), faults);
        if (header != null) {
            return new Found(header, FoundIn.VARIABLE, faults);
        }
        header = attempt(() -> stored.header(host), faults);
        if (header != null) {
            return new Found(header, FoundIn.STORED, faults);
        }
        header = service == null ? null : first(service, service.files(), faults);
        header = header == null ? attempt(() -> netrc().get(host), faults) : header;
        return new Found(header, header == null ? FoundIn.NONE : FoundIn.TOOL, faults);
    }

    private interface Lookup {
        @Nullable
        Header get() throws Problem;
    }

    private @Nullable Header first(LoginService service, List<CredentialLocation> places, List<Problem> faults) {
        for (CredentialLocation place : places) {
            Header header = attempt(
                    () -> place.read(environment)
                            .map(found -> found.secret().header(service.scheme(), found.from()))
                            .orElse(null),
                    faults);
            if (header != null) {
                return header;
            }
        }
        return null;
    }

    private @Nullable Header attempt(Lookup lookup, List<Problem> faults) {
        try {
            return lookup.get();
        } catch (Problem p) {
            faults.add(p);
            if (reported.add(p.message())) {
                damaged.accept(p);
            }
            return null;
        }
    }

    private Map<String, Header> netrc() throws Problem {
        Map<String, Header> all = netrc;
        if (all == null) {
            Path file = environment
                    .path("$NETRC")
                    .or(() -> environment.path("~/.netrc"))
                    .orElse(null);
            // Reported once if damaged; then it counts as empty.
            netrc = Map.of();
            all = file == null ? Map.of() : Netrc.read(file, environment.shown(file));
            netrc = all;
        }
        return all;
    }

    /** All known credentials. */
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

    /** Where that host's credentials would come from without the file of {@code histods login}; null for nowhere. */
    public synchronized @Nullable String elsewhere(String host) {
        Found found = found(host);
        Header header = found.header();
        return header == null || found.origin() == FoundIn.STORED ? null : header.from();
    }

    /** The variable that overrides what {@code histods login} stores for that host; null if none does. */
    public synchronized @Nullable String overriddenBy(String host) {
        Found found = found(host);
        Header header = found.header();
        return header != null && found.origin() == FoundIn.VARIABLE ? header.from() : null;
    }
}
