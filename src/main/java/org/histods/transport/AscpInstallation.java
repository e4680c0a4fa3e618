package org.histods.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Where IBM's program {@code ascp} is on this machine, and the key that opens a session to those who also have a token.
 * The key is no secret: IBM gives the same to everybody.
 *
 * @param program null where there is none
 * @param key null where there is none
 */
public record AscpInstallation(
        @Nullable Path program, @Nullable Path key) {

    /** Below the home folder: where ascli installs it, Connect, the older command line, and macOS. */
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

    /** Beside the program, and where its installations keep such files. */
    private static final List<String> KEY_FOLDERS = List.of("", "../etc", "../etc/aspera", "../client", "../var");

    public static AscpInstallation none() {
        return new AscpInstallation(null, null);
    }

    /**
     * Looks for both: what was named goes first, then the search path, then the usual places of IBM's programs.
     *
     * @param program named by the user; null where not named
     * @param key named by the user; null where not named
     * @param path the search path for programs; empty where there is none
     * @throws Problem {@code USAGE} if what was named is not there
     */
    public static AscpInstallation find(@Nullable Path program, @Nullable Path key, String path, Path home)
            throws Problem {
        if (program != null && !Files.isExecutable(program)) {
            throw missing("ascp", program, "is no program that can be run");
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
                setting + " in the settings: " + file + " " + what,
                "correct it, or leave it out: the usual places of IBM's programs are looked at too");
    }

    private static List<Path> programs(String path, Path home) {
        List<Path> places = new ArrayList<>();
        for (String folder : path.split(java.io.File.pathSeparator, -1)) {
            if (!folder.isBlank()) {
                places.add(Path.of(folder, "ascp"));
            }
        }
        IN_HOME.forEach(place -> places.add(home.resolve(place)));
        ELSEWHERE.forEach(place -> places.add(Path.of(place)));
        return places;
    }

    private static List<Path> keys(Path program, Path home) {
        List<Path> folders = new ArrayList<>();
        for (Path real : List.of(program, real(program))) {
            Path beside = real.toAbsolutePath().getParent();
            if (beside != null) {
                KEY_FOLDERS.forEach(folder -> folders.add(beside.resolve(folder).normalize()));
            }
        }
        folders.add(home.resolve(".aspera/sdk"));
        return KEYS.stream()
                .flatMap(name -> folders.stream().map(folder -> folder.resolve(name)))
                .toList();
    }

    /** A link on the search path leads to where the key is. */
    private static Path real(Path program) {
        try {
            return program.toRealPath();
        } catch (IOException e) {
            return program;
        }
    }

    private static @Nullable Path first(List<Path> places, java.util.function.Predicate<Path> fits) {
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

    /** The command that streams the file from that byte on to standard output; none of it is a secret. */
    List<String> command(FaspFile file, long from) {
        List<String> command = new ArrayList<>();
        command.add(String.valueOf(program));
        command.addAll(List.of("-q", "--mode=recv", "--host=" + file.host(), "--user=" + file.user()));
        command.addAll(List.of("-P", "" + file.sshPort(), "-O", "" + file.faspPort(), "-l", file.kbps() + "k"));
        // The only ways of overwriting that are defined for standard output are always and never.
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
