package org.histods.credentials;

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
public record LoginService(
        List<String> names,
        List<String> hosts,
        TokenScheme form,
        String page,
        String purpose,
        List<CredentialLocation> variables,
        List<CredentialLocation> files) {

    public LoginService {
        names = List.copyOf(names);
        hosts = List.copyOf(hosts);
        variables = List.copyOf(variables);
        files = List.copyOf(files);
    }

    /** The one with that name or host. */
    public static Optional<LoginService> find(List<LoginService> services, String nameOrHost) {
        String wanted = nameOrHost.toLowerCase(Locale.ROOT);
        return services.stream()
                .filter(s -> s.names().contains(wanted) || s.hosts().contains(wanted))
                .findFirst();
    }

    public String name() {
        return names.get(0);
    }

    /** Its places in the order in which they are looked at, as the documentation writes them. */
    public List<String> places() {
        return java.util.stream.Stream.concat(variables.stream(), files.stream())
                .map(CredentialLocation::name)
                .toList();
    }
}
