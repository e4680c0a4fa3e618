package org.histods.credentials;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Where a person's programs keep their things.
 *
 * @param environment the variables of this process
 * @param home the person's folder
 */
public record UserEnvironment(Map<String, String> environment, Path home) {

    public UserEnvironment {
        environment = Map.copyOf(environment);
    }

    /** The value of that variable; empty where it is not set or set to nothing. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    /** The path that {@code ~/…} or {@code $NAME/…} stands for; empty where that variable is not set. */
    Optional<Path> path(String template) {
        if (template.startsWith("~/")) {
            return Optional.of(home.resolve(template.substring(2)));
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

    /** The path as people write it. */
    public String shown(Path path) {
        return path.startsWith(home) && !path.equals(home) ? "~/" + home.relativize(path) : path.toString();
    }
}
