package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The folder of a partial transfer. No other process writes to it: it was claimed by renaming it, which only one process
 * can do, with or without locks.
 */
public final class PartialTransfer {

    /** All files of such a folder; {@link FileOperations#note} first writes the state to {@code state.tmp}. */
    private static final Set<String> FILES = Set.of("part", "aside", "state", "state.tmp", PartialClaims.OWNER);

    private final Path folder;
    private final Path idle;
    private final FileOperations disk;
    private final MirrorDeletion deletion;
    private @Nullable Path moved;

    PartialTransfer(Path folder, Path idle, FileOperations disk, MirrorDeletion deletion) {
        this.folder = folder;
        this.idle = idle;
        this.disk = disk;
        this.deletion = deletion;
    }

    /**
     * Why a folder is not a transfer, null if it is one. A link in it is not ours: writing to it would change a file
     * elsewhere.
     */
    static @Nullable String mismatch(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return "it is not a folder";
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(entry -> !FILES.contains(String.valueOf(entry.getFileName()))
                            || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS))
                    .findFirst()
                    .map(entry -> "it contains " + entry.getFileName())
                    .orElse(null);
        }
    }

    /** The file that receives the bytes; may not exist yet. */
    public Path part() {
        return folder.resolve("part");
    }

    /** A file for bytes of which it is not known yet whether they are the file's; its writer deletes it. */
    public Path aside() {
        return folder.resolve("aside");
    }

    private Path state() {
        return folder.resolve("state");
    }

    /** What the last run wrote with {@link #writeState}, empty if nothing. */
    public Optional<String> readState() throws Problem {
        try {
            return Files.exists(state()) ? Optional.of(Files.readString(state())) : Optional.empty();
        } catch (IOException e) {
            // An unreadable state means a fresh start.
            return Optional.empty();
        }
    }

    /** Writes what a later run needs to resume. Best effort: without it that run starts again. */
    public void writeState(String text) {
        try {
            disk.note(state(), text);
        } catch (IOException e) {
            // A full disk is noticed when data are written; here it only costs a later run its head start.
            return;
        }
    }

    /** The name that was claimed. */
    public String key() {
        return String.valueOf(Objects.requireNonNull(idle.getParent()).getFileName());
    }

    /** Whether the file has another name too, such as in a bag whose pull was killed before it deleted this one. */
    public boolean shared() throws IOException {
        return Files.exists(part())
                && ((Number) Objects.requireNonNull(Files.getAttribute(part(), "unix:nlink"))).longValue() > 1;
    }

    /**
     * Links the complete file to {@code target}, replacing what is there. It also stays here until {@link #discard}, so that
     * a run that is killed or finds the disk full loses nothing. On a file system without hard links it is moved, and
     * {@link #release} moves it back.
     */
    public void put(Path target) throws IOException {
        Files.createDirectories(target.toAbsolutePath().getParent());
        Files.deleteIfExists(target);
        try {
            disk.link(part(), target);
        } catch (IOException | UnsupportedOperationException e) {
            disk.move(part(), target);
            moved = target;
        }
    }

    private void moveBack() throws IOException {
        if (moved != null && Files.exists(moved) && !Files.exists(part())) {
            disk.move(moved, part());
        }
    }

    /** Leaves the bytes for a later run. If another run has left some meanwhile, the longer file stays. */
    public void release() {
        try {
            moveBack();
            Files.deleteIfExists(folder.resolve(PartialClaims.OWNER));
            if (Files.exists(idle) && length(idle.resolve("part")) >= length(part())) {
                discard();
                return;
            }
            deletion.delete(PlaceKind.TRANSFER, idle);
            disk.move(folder, idle);
        } catch (IOException | Problem e) {
            // It stays where it is; the next run takes it over once this process has ended.
            return;
        }
    }

    private static long length(Path file) throws IOException {
        return Files.exists(file) ? Files.size(file) : -1;
    }

    /** Deletes the bytes. */
    public void discard() {
        try {
            deletion.delete(PlaceKind.TRANSFER, folder);
            disk.deleteEmpty(folder.resolveSibling(""));
        } catch (IOException | Problem e) {
            // Another run uses the folder, or `histods gc` finds what is left.
            return;
        }
    }
}
