package org.histods.credentials;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The environment variables and the home folder of the user.
 *
 * @param home null if the user has none
 */
public record UserEnvironment(
        Map<String, String> environment, @Nullable Path home) {

    public UserEnvironment {
        environment = Map.copyOf(environment);
    }

    /** The value of that variable; empty if it is unset or blank. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** The path that {@code ~/…} or {@code $NAME/…} stands for; empty if there is no home or no such variable. */
    public Optional<Path> path(String template) {
        if (template.startsWith("~/")) {
            return Optional.ofNullable(home).map(folder -> folder.resolve(template.substring(2)));
        }
        int slash = template.indexOf('/');
        String name = template.substring(1, slash < 0 ? template.length() : slash);
        String rest = slash < 0 ? "" : template.substring(slash + 1);
        return variable(name).flatMap(UserEnvironment::parsed).map(folder -> folder.resolve(rest));
    }

    private static Optional<Path> parsed(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** The path for messages, with {@code ~} for the home folder. */
    public String shown(Path path) {
        return home != null && path.startsWith(home) && !path.equals(home)
                ? "~/" + home.relativize(path)
                : path.toString();
    }
}
