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
 * The file of {@code histods login}. Only its owner can read it: it is made so, replaced as a whole, and one that others
 * can read is not used.
 */
public final class CredentialFile {

    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final Path file;
    private final String shown;
    private final JsonMapper mapper =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * One login.
     *
     * @param hosts where it goes
     * @param header the header's name
     * @param value what is sent
     * @param stored the day
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

    /** @param shown the file's name for people */
    public CredentialFile(Path file, String shown) {
        this.file = file;
        this.shown = shown;
    }

    /** The file's name for people. */
    public String shown() {
        return shown;
    }

    /**
     * All of them; empty where there is no file.
     *
     * @throws Problem {@code USAGE} if others can read the file, or it holds something else
     */
    public List<Stored> read() throws Problem {
        try {
            if (openToOthers()) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "the logins in " + shown + " are not used: others on this machine can read that file",
                        "chmod 600 " + shown + " if nobody has; otherwise remove it and make new tokens");
            }
            return mapper.readValue(Files.readString(file), Content.class).logins();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw CredentialLocation.unreadable(shown, e);
        } catch (JacksonException | NullPointerException e) {
            // Its message may hold what stands in the file.
            throw CredentialLocation.damaged(shown, "is not as `histods login` writes it");
        }
    }

    private boolean openToOthers() throws IOException {
        try {
            return Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains);
        } catch (UnsupportedOperationException e) {
            return false;
        }
    }

    /** The header for that host; null where none is stored. */
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
            throw CredentialLocation.damaged(shown, "is not as `histods login` writes it");
        }
    }

    /** Keeps it for these hosts, in place of what was kept for any of them. */
    public void put(List<String> hosts, TokenScheme form, Secret secret, LocalDate today) throws Problem {
        Header header = secret.header(form, shown);
        List<Stored> all = without(hosts);
        all.add(new Stored(hosts, header.name(), header.value(), today.toString()));
        write(all);
    }

    /** Forgets it; false if there was none. */
    public boolean remove(List<String> hosts) throws Problem {
        List<Stored> rest = without(hosts);
        boolean there = rest.size() < read().size();
        if (there) {
            write(rest);
        }
        return there;
    }

    private List<Stored> without(List<String> hosts) throws Problem {
        List<Stored> rest = new ArrayList<>(read());
        rest.removeIf(one -> one.hosts().stream().anyMatch(hosts::contains));
        return rest;
    }

    private void write(List<Stored> all) throws Problem {
        Path folder = file.resolveSibling("");
        Path fresh = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.createDirectories(folder);
            try {
                Files.createFile(fresh, ownersOnly(folder));
                Files.writeString(fresh, mapper.writeValueAsString(new Content(all)) + "\n", StandardOpenOption.SYNC);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot write the logins to " + shown + ": " + e.getMessage(),
                    "check the permissions of the folder, or keep the login in a variable of the environment");
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
