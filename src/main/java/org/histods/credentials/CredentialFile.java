package org.histods.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.histods.problem.Problem;
import org.histods.transport.Credentials.Header;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The file in which {@code histods login} stores credentials. Only its owner can read it; a file that others can read is
 * not used. Replaced as a whole.
 */
public final class CredentialFile {

    private static final Set<PosixFilePermission> GROUP_AND_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final @Nullable Path file;
    private final String shown;

    /**
     * The credentials of one service.
     *
     * @param hosts that receive them
     * @param header the header's name
     * @param value the header's value
     * @param stored the day they were stored, as {@code 2026-11-23}
     */
    public record Stored(List<String> hosts, String header, String value, String stored) {
        public Stored {
            hosts = List.copyOf(hosts);
        }

        @Override
        public String toString() {
            return hosts + " (not shown)";
        }
    }

    private record Content(List<Stored> logins) {}

    /**
     * A file that need not exist.
     *
     * @param file null if the user has no folder for it
     * @param shown the file's name for messages
     */
    public CredentialFile(@Nullable Path file, String shown) {
        this.file = file;
        this.shown = shown;
    }

    /** The file's name for messages. */
    public String shown() {
        return shown;
    }

    /**
     * All stored credentials; empty if there is no file.
     *
     * @throws Problem {@code USAGE} if others can read the file, or it is damaged
     */
    public List<Stored> read() throws Problem {
        Path path = file;
        if (path == null) {
            return List.of();
        }
        try {
            if (openToOthers(path)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "the credentials in " + shown + " are not used: other users can read that file",
                        "run chmod 600 " + shown + "; if others may have read it, remove it and make new tokens");
            }
            return mapper().readValue(Files.readString(path), Content.class).logins();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw CredentialLocation.unreadable(shown, e);
        } catch (JacksonException | NullPointerException e) {
            // Its message may hold the file's content.
            throw CredentialLocation.damaged(shown, "was not written by `histods login`");
        }
    }

    /** Made when a file is read or written, because most users have none. */
    private static JsonMapper mapper() {
        return JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    }

    private static boolean openToOthers(Path file) throws IOException {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(GROUP_AND_OTHERS::contains);
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /** The header for that host; null if none is stored. */
    @Nullable
    Header header(String host) throws Problem {
        for (Stored one : read()) {
            if (one.hosts().contains(host)) {
                return header(one);
            }
        }
        return null;
    }

    private Header header(Stored one) throws Problem {
        try {
            return new Header(one.header(), one.value(), shown);
        } catch (IllegalArgumentException e) {
            throw CredentialLocation.damaged(shown, "was not written by `histods login`");
        }
    }

    /** Stores credentials for these hosts, in place of any stored for one of them. */
    public void put(List<String> hosts, TokenScheme scheme, Secret secret, LocalDate today) throws Problem {
        Header header = secret.header(scheme, shown);
        List<Stored> all = without(hosts);
        all.add(new Stored(hosts, header.name(), header.value(), today.toString()));
        write(all);
    }

    /** Removes the credentials of these hosts; false if there were none. */
    public boolean remove(List<String> hosts) throws Problem {
        List<Stored> rest = without(hosts);
        boolean found = rest.size() < read().size();
        if (found) {
            write(rest);
        }
        return found;
    }

    private List<Stored> without(List<String> hosts) throws Problem {
        List<Stored> rest = new ArrayList<>(read());
        rest.removeIf(one -> one.hosts().stream().anyMatch(hosts::contains));
        return rest;
    }

    private void write(List<Stored> all) throws Problem {
        Path path = file;
        if (path == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "cannot store credentials: this user has no home folder",
                    "set HOME or XDG_CONFIG_HOME, or put the token into an environment variable (docs/settings.md)");
        }
        Path folder = path.resolveSibling("");
        Path temporary = folder.resolve("." + path.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
            try {
                Files.createFile(temporary, ownersOnly(folder));
                Files.writeString(
                        temporary, mapper().writeValueAsString(new Content(all)) + "\n", StandardOpenOption.SYNC);
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot write the credentials to " + shown + ": " + Problem.why(e),
                    "check the permissions of the folder, or put the token into an environment variable (docs/settings.md)");
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path folder) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
