package org.histods.transport;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Location of IBM's program {@code ascp} on this machine, and of the key that opens a session together with a token.
 * The key is not secret: IBM gives everybody the same key.
 *
 * @param program null if not installed
 * @param key null if not found
 */
public record AscpInstallation(
        @Nullable Path program, @Nullable Path key) {

    /** Below the home folder: of ascli, Connect, the older command line, and macOS. */
    private static final List<String> IN_HOME = List.of(
            ".aspera/sdk/ascp",
            ".aspera/connect/bin/ascp",
            ".aspera/cli/bin/ascp",
            "Applications/Aspera Connect.app/Contents/Resources/ascp",
            "Applications/Aspera CLI/bin/ascp");

    private static final List<String> ELSEWHERE = List.of(
            "/opt/aspera/bin/ascp",
            "/Applications/Aspera Connect.app/Contents/Resources/ascp",
            "/Applications/IBM Aspera.app/Contents/Resources/sdk/aspera/bin/ascp",
            "/Library/Aspera/bin/ascp");

    private static final List<String> KEYS = List.of(
            "aspera_bypass_rsa.pem", "aspera_tokenauth_id_rsa", "asperaweb_id_dsa.openssh", "aspera_bypass_dsa.pem");

    /** Relative to the program. */
    private static final List<String> KEY_FOLDERS = List.of("", "../etc", "../etc/aspera", "../client", "../var");

    public static AscpInstallation none() {
        return new AscpInstallation(null, null);
    }

    /**
     * Looks for both: what the user names, then {@code PATH}, then the usual places of IBM's programs.
     *
     * @param program named by the user; null if not
     * @param key named by the user; null if not
     * @param path the value of {@code PATH}
     * @param home null if this user has no home folder
     * @throws Problem {@code USAGE} if what the user names cannot be used
     */
    public static AscpInstallation find(@Nullable Path program, @Nullable Path key, String path, @Nullable Path home)
            throws Problem {
        if (program != null && !Files.isExecutable(program)) {
            throw missing("ascp", program, "is not an executable file");
        }
        if (key != null && !Files.isReadable(key)) {
            throw missing("ascp-key", key, "cannot be read");
        }
        Path found = program != null ? program : first(programs(path, home), Files::isExecutable);
        return found == null
                ? none()
                : new AscpInstallation(found, key != null ? key : first(keys(found, home), Files::isReadable));
    }

    private static Problem missing(String setting, Path file, String what) {
        return new Problem(
                Problem.Kind.USAGE,
                setting + " in the settings file: " + file + " " + what,
                "correct it, or leave it out: histods also searches the usual folders of IBM's programs");
    }

    private static List<Path> programs(String path, @Nullable Path home) {
        List<Path> places = new ArrayList<>();
        for (String folder : path.split(File.pathSeparator, -1)) {
            if (!folder.isBlank()) {
                places.add(Path.of(folder, "ascp"));
            }
        }
        if (home != null) {
            IN_HOME.forEach(place -> places.add(home.resolve(place)));
        }
        ELSEWHERE.forEach(place -> places.add(Path.of(place)));
        return places;
    }

    private static List<Path> keys(Path program, @Nullable Path home) {
        List<Path> folders = new ArrayList<>();
        for (Path real : List.of(program, real(program))) {
            Path beside = real.toAbsolutePath().getParent();
            if (beside != null) {
                KEY_FOLDERS.forEach(folder -> folders.add(beside.resolve(folder).normalize()));
            }
        }
        if (home != null) {
            folders.add(home.resolve(".aspera/sdk"));
        }
        return KEYS.stream()
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
                .toList();
    }

    /** The key is beside the target of a link on the search path. */
    private static Path real(Path program) {
        try {
            return program.toRealPath();
        } catch (IOException e) {
            return program;
        }
    }

    private static @Nullable Path first(List<Path> places, Predicate<Path> fits) {
        return places.stream()
                .filter(place -> Files.isRegularFile(place) && fits.test(place))
                .findFirst()
                .orElse(null);
    }

    Map<String, String> environment(FaspFile file) {
        return file.cookie().isEmpty()
                ? Map.of("ASPERA_SCP_TOKEN", file.token())
                : Map.of("ASPERA_SCP_TOKEN", file.token(), "ASPERA_SCP_COOKIE", file.cookie());
    }

    /** The command that streams the file from that offset to standard output; holds no secret. */
    List<String> command(FaspFile file, long from) {
        List<String> command = new ArrayList<>();
        command.add(String.valueOf(program));
        command.addAll(List.of("-q", "--mode=recv", "--host=" + file.host(), "--user=" + file.user()));
        command.addAll(List.of("-P", "" + file.sshPort(), "-O", "" + file.faspPort(), "-l", file.kbps() + "k"));
        // Only always and never are defined for standard output.
        command.add("--overwrite=always");
        if (file.fingerprint() != null) {
            command.add("--check-sshfp=" + file.fingerprint());
        }
        if (key != null) {
            command.addAll(List.of("-i", key.toString()));
        }
        if (from > 0) {
            command.addAll(List.of("-@", from + ":"));
        }
        command.addAll(List.of(file.source(), "stdio://"));
        return command;
    }
}
