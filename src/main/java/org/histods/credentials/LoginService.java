package org.histods.credentials;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

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

    public LoginService {
        names = List.copyOf(names);
        hosts = List.copyOf(hosts);
        variables = List.copyOf(variables);
        files = List.copyOf(files);
    }

    /** The service of that name or host, in any case; empty if there is none. */
    public static Optional<LoginService> find(List<LoginService> services, String nameOrHost) {
        String wanted = nameOrHost.toLowerCase(Locale.ROOT);
        return services.stream()
                .filter(s -> s.names().contains(wanted) || s.hosts().contains(wanted))
                .findFirst();
    }

    /** The usual name. */
    public String name() {
        return names.get(0);
    }

    /** Whether its credentials can be a user name and a key instead of a token. */
    public boolean acceptsUserNames() {
        return fields().findAny().isPresent();
    }

    /** The user name and key in the text of a file of its tools; empty if it is no such file. */
    public Optional<Secret> parse(String text) {
        return fields().flatMap(file -> file.parse(text).stream()).findFirst();
    }

    private Stream<CredentialLocation.Fields> fields() {
        return files.stream()
                .filter(CredentialLocation.Fields.class::isInstance)
                .map(CredentialLocation.Fields.class::cast)
                .filter(file -> !file.user().isEmpty());
    }

    /** Its places in the order of lookup, as in the documentation. */
    public List<String> places() {
        return Stream.concat(variables.stream(), files.stream())
                .map(CredentialLocation::name)
                .toList();
    }
}
