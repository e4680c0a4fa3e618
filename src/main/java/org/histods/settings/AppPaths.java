package org.histods.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where things lie on this machine, as the environment says: the variables of histods, else the checkout, else the
 * folders of the XDG Base Directory Specification.
 */
public final class AppPaths {

    private final Map<String, String> environment;
    private final Path here;

    /**
     * The folders of one run.
     *
     * @param here the working directory
     */
    public AppPaths(Map<String, String> environment, Path here) {
        this.environment = environment;
        this.here = here;
    }

    /** A path as the user wrote it, from the working directory. */
    public Path path(Path written) {
        return here.resolve(written).normalize();
    }

    public Path home() {
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", ".")));
    }

    /** The settings file, whether it is there or not. */
    public Path settings() {
        return settingsNamed().orElseGet(() -> xdg("XDG_CONFIG_HOME", ".config").resolve("config.yaml"));
    }

    /** The settings file that {@code HISTODS_CONFIG} names. */
    public Optional<Path> settingsNamed() {
        return named("HISTODS_CONFIG");
    }

    /** A path as the settings file has it: from the folder of that file, wherever the program is started. */
    public Path configured(String written) {
        if (written.equals("~") || written.startsWith("~/")) {
            return home().resolve(written.substring(Math.min(2, written.length())))
                    .normalize();
        }
        return settings().resolveSibling(written).normalize();
    }

    /** What a variable names, else what the settings say; null where neither does. */
    public @Nullable Path chosen(String variable, @Nullable String setting) {
        Optional<Path> named = named(variable);
        return named.isPresent() || setting == null ? named.orElse(null) : configured(setting);
    }

    /** The mirror that {@code HISTODS_MIRROR} names. */
    public Optional<Path> mirrorNamed() {
        return named("HISTODS_MIRROR");
    }

    /** The mirror where nobody says another. */
    public Path mirror() {
        return checkout().map(checkout -> checkout.resolve("cache")).orElseGet(() -> xdg("XDG_CACHE_HOME", ".cache"));
    }

    /** The manifests of {@code HISTODS_MANIFESTS} or of the checkout; empty where only those in the program are left. */
    public Optional<Path> manifests() {
        return named("HISTODS_MANIFESTS")
                .or(() -> checkout()
                        .map(checkout -> checkout.resolve("manifests"))
                        .filter(Files::isDirectory));
    }

    public Path logins() {
        return xdg("XDG_CONFIG_HOME", ".config").resolve("logins.json");
    }

    /** What processes share of the turns at each host. */
    public Path turns() {
        return xdg("XDG_STATE_HOME", ".local/state").resolve("hosts");
    }

    /** The folder of the project, as the launcher says it; empty where histods is installed without one. */
    private Optional<Path> checkout() {
        return named("HISTODS_CHECKOUT");
    }

    private Optional<Path> named(String variable) {
        String named = environment.getOrDefault(variable, "");
        return named.isEmpty() ? Optional.empty() : Optional.of(path(Path.of(named)));
    }

    private Path xdg(String variable, String below) {
        String named = environment.getOrDefault(variable, "");
        Path folder = named.isEmpty() ? home().resolve(below) : Path.of(named);
        return folder.resolve("histods");
    }
}
