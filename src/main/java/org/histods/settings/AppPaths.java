package org.histods.settings;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The folders and files that histods uses on this machine: those that its environment variables name, else those of the
 * checkout, else those of the XDG Base Directory Specification.
 */
public final class AppPaths {

    private final Map<String, String> environment;
    private final @Nullable String userHome;
    private final Path workingDirectory;

    /** The paths of one run, with the home folder that the system knows for this user. */
    public AppPaths(Map<String, String> environment, Path workingDirectory) {
        this(environment, System.getProperty("user.home"), workingDirectory);
    }

    /** @param userHome what Java takes for the home folder: {@code ?} for a user id without a passwd entry */
    AppPaths(Map<String, String> environment, @Nullable String userHome, Path workingDirectory) {
        this.environment = environment;
        this.userHome = userHome;
        this.workingDirectory = workingDirectory;
    }

    /** A path on the command line, resolved against the working directory. */
    public Path path(Path written) {
        return workingDirectory.resolve(written).normalize();
    }

    /** The home folder; empty where there is none, as for a user id of a container without {@code HOME}. */
    public Optional<Path> home() {
        return absolute(environment.get("HOME")).or(() -> absolute(userHome));
    }

    /** The settings file, whether it exists or not; empty where no folder for it is known. */
    public Optional<Path> settings() {
        return settingsNamed().or(() -> xdg("XDG_CONFIG_HOME", ".config").map(folder -> folder.resolve("config.yaml")));
    }

    /** The settings file that {@code HISTODS_CONFIG} names. */
    public Optional<Path> settingsNamed() {
        return named("HISTODS_CONFIG");
    }

    /**
     * A path in the settings file, resolved against the folder of that file.
     *
     * @throws Problem {@code USAGE} if it begins with {@code ~} and there is no home folder
     */
    public Path configured(String written) throws Problem {
        if (written.equals("~") || written.startsWith("~/")) {
            return home().orElseThrow(() -> noHome("the settings file names " + written))
                    .resolve(written.substring(Math.min(2, written.length())))
                    .normalize();
        }
        return settings()
                .map(file -> file.resolveSibling(written))
                .orElse(path(Path.of(written)))
                .normalize();
    }

    /** The path in that variable, else in the settings; null if neither is set. */
    public @Nullable Path chosen(String variable, @Nullable String setting) throws Problem {
        Optional<Path> named = named(variable);
        return named.isPresent() || setting == null ? named.orElse(null) : configured(setting);
    }

    /** The mirrors that {@code HISTODS_MIRROR} names: the user's own, and shared ones below it; empty if it is not set. */
    public List<Path> mirrorsNamed() {
        return mirrors(environment.getOrDefault("HISTODS_MIRROR", ""));
    }

    /**
     * The folders of mirrors that a text names, separated as in {@code PATH}; a folder of that whole name is one mirror.
     */
    public List<Path> mirrors(String written) {
        if (!written.isEmpty() && Files.isDirectory(path(Path.of(written)))) {
            return List.of(path(Path.of(written)));
        }
        return folders(written);
    }

    /**
     * The default mirror: the user's, whoever the program belongs to.
     *
     * @throws Problem {@code USAGE} if there is no home folder
     */
    public Path mirror() throws Problem {
        return xdg("XDG_CACHE_HOME", ".cache").orElseThrow(() -> noHome("no mirror is named"));
    }

    private static Problem noHome(String what) {
        return new Problem(
                Problem.Kind.USAGE,
                what + ", and this user has no home folder: HOME is not set to one, and the system knows none",
                "set HOME, or name the mirror with --mirror DIR or HISTODS_MIRROR");
    }

    /** The folders of manifests that {@code HISTODS_MANIFESTS} names, separated as in {@code PATH}. */
    public List<Path> manifestsNamed() {
        return folders(environment.getOrDefault("HISTODS_MANIFESTS", ""));
    }

    private List<Path> folders(String names) {
        return Arrays.stream(names.split(Pattern.quote(File.pathSeparator)))
                .filter(name -> !name.isEmpty())
                .map(name -> path(Path.of(name)))
                .toList();
    }

    /** Whether the program's own catalogue is used; {@code HISTODS_BUILTIN=off} leaves it out. */
    public boolean builtInManifests() {
        return !"off".equals(environment.getOrDefault("HISTODS_BUILTIN", ""));
    }

    /** The manifests of the checkout, which are newer than those in the program; empty for an installed histods. */
    public Optional<Path> checkoutManifests() {
        return checkout().map(checkout -> checkout.resolve("manifests")).filter(Files::isDirectory);
    }

    /** The file of {@code histods login}; empty where no folder for it is known. */
    public Optional<Path> logins() {
        return xdg("XDG_CONFIG_HOME", ".config").map(folder -> folder.resolve("logins.json"));
    }

    /** The folder where processes share the hosts' limits; empty where no folder for it is known. */
    public Optional<Path> hostState() {
        return xdg("XDG_STATE_HOME", ".local/state").map(folder -> folder.resolve("hosts"));
    }

    /** The folder that remembers sources that failed; empty where no folder for it is known. */
    public Optional<Path> failedSources() {
        return xdg("XDG_STATE_HOME", ".local/state").map(folder -> folder.resolve("failed-sources"));
    }

    /** The folder of the project, which the launcher names; empty for an installed histods. */
    private Optional<Path> checkout() {
        return named("HISTODS_CHECKOUT");
    }

    private Optional<Path> named(String variable) {
        String named = environment.getOrDefault(variable, "");
        return named.isEmpty() ? Optional.empty() : Optional.of(path(Path.of(named)));
    }

    /** The specification says to ignore a variable with a relative path. */
    private Optional<Path> xdg(String variable, String belowHome) {
        return absolute(environment.get(variable))
                .or(() -> home().map(home -> home.resolve(belowHome)))
                .map(folder -> folder.resolve("histods"));
    }

    private static Optional<Path> absolute(@Nullable String path) {
        try {
            return path == null ? Optional.empty() : Optional.of(Path.of(path)).filter(Path::isAbsolute);
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
