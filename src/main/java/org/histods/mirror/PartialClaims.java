package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.histods.problem.Problem;

/**
 * Claims partial transfers. {@code partial/<key>/idle} is idle; {@code partial/<key>/<uuid>} is claimed. The claim of a
 * dead process is taken over: on the same host if the process does not run, on another host if the file has not grown
 * for a while.
 */
final class PartialClaims {

    static final String OWNER = "owner";
    static final String IDLE = "idle";
    /** A transfer whose owner cannot be seen counts as abandoned after this time without new bytes. */
    static final Duration SILENT = Duration.ofMinutes(5);

    private final Path folder;
    private final FileOperations disk;
    private final MirrorDeletion deletion;
    private final OwnerProcess self;
    private final Clock clock;

    PartialClaims(Path folder, FileOperations disk, MirrorDeletion deletion, OwnerProcess self, Clock clock) {
        this.folder = folder;
        this.disk = disk;
        this.deletion = deletion;
        this.self = self;
        this.clock = clock;
    }

    /** What is known about an owner. */
    enum Holder {
        /** It runs on this host. */
        ALIVE,
        /** It ran on this host and has ended. */
        DEAD,
        /** It is on another host or in another container, or its owner file is not readable. */
        UNKNOWN
    }

    /** Claims the transfer of that name; starts one if there is none that can be continued. */
    PartialTransfer claim(String key) throws Problem {
        try {
            for (int attempt = 0; ; attempt++) {
                try {
                    return once(own(folder.resolve(key)));
                } catch (NoSuchFileException e) {
                    // Another process found the folder of that key empty just after we made it, and deleted it.
                    if (attempt == FileOperations.MAX_RACES) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot start a transfer in " + folder, e);
        }
    }

    private PartialTransfer once(Path all) throws IOException {
        Path idle = all.resolve(IDLE);
        Path mine = all.resolve(UUID.randomUUID().toString());
        disk.makeFolder(all);
        if (!taken(idle, mine) && !adopted(all, mine)) {
            Files.createDirectory(mine);
            FileOperations.share(mine);
        }
        boolean claimed = false;
        try {
            writeOwner(mine);
            claimed = true;
        } finally {
            if (!claimed) {
                giveBack(mine, idle);
            }
        }
        return new PartialTransfer(mine, idle, disk, deletion);
    }

    /** Leaves no claim without an owner: what was there is idle again, and an empty folder is deleted. */
    private void giveBack(Path mine, Path idle) {
        try {
            disk.deleteEmpty(mine);
            if (Files.exists(mine)) {
                disk.move(mine, idle);
            }
            disk.deleteEmpty(mine.resolveSibling(""));
        } catch (IOException e) {
            // `histods gc` deletes it later.
            return;
        }
    }

    /** The names of all transfers. */
    Set<String> names() {
        return new HashSet<>(disk.names(folder));
    }

    /** The state of the transfer of that name that a claim would continue, as far as it is known; empty if none. */
    Optional<String> idleState(String key) {
        Path all = folder.resolve(key);
        for (String name : disk.names(all)) {
            Path transfer = all.resolve(name);
            if (name.equals(IDLE) || holder(transfer) == Holder.DEAD) {
                Optional<String> state = stateOf(transfer);
                if (state.isPresent()) {
                    return state;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> stateOf(Path transfer) {
        try {
            return Optional.of(FileOperations.text(transfer.resolve("state")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The folder of transfers of that name; one for this user where another user's is not writable. */
    private Path own(Path all) {
        deleteUnshared(all);
        return Files.exists(all) && !Files.isWritable(all)
                ? all.resolveSibling(all.getFileName() + "."
                        + System.getProperty("user.name", "own").replace('/', '_'))
                : all;
    }

    /** Deletes an empty folder whose owner was killed between making and sharing it. */
    private void deleteUnshared(Path all) {
        try {
            if (Files.exists(all) && !Files.isWritable(all)) {
                disk.deleteEmpty(all);
            }
        } catch (IOException e) {
            // Not ours to delete; there is another name to use.
            return;
        }
    }

    private void writeOwner(Path transfer) throws IOException {
        Path owner = transfer.resolve(OWNER);
        // Another user's file is replaced, because it may not be writable.
        Files.deleteIfExists(owner);
        disk.writeUnsynced(owner, self.text());
    }

    /** Whether this user may continue a transfer: another user of the mirror may not have shared it. */
    private static boolean mayUse(Path transfer) {
        Path part = transfer.resolve("part");
        return Files.isWritable(transfer)
                && (!Files.exists(part) || (Files.isReadable(part) && Files.isWritable(part)));
    }

    /** Deletes an unused transfer. It is claimed first, so that no other process can continue it meanwhile. */
    void delete(Path transfer) throws IOException, Problem {
        if (!Files.exists(transfer, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path mine = transfer.resolveSibling(UUID.randomUUID().toString());
        deletion.refuse(PlaceKind.TRANSFER, transfer);
        try {
            disk.move(transfer, mine);
            ownIfPossible(mine);
            deletion.delete(PlaceKind.TRANSFER, mine);
            disk.deleteEmpty(mine.resolveSibling(""));
        } catch (NoSuchFileException e) {
            // Another process has just claimed it.
            return;
        }
    }

    /** On a full disk there is no room for an owner; without one, others leave the transfer alone for five minutes. */
    private void ownIfPossible(Path transfer) {
        try {
            writeOwner(transfer);
        } catch (IOException e) {
            // It is deleted to free space.
            return;
        }
    }

    /** Takes over a transfer, if the path is one. */
    private boolean taken(Path from, Path mine) {
        try {
            if (!mayUse(from) || deletion.objection(PlaceKind.TRANSFER, from).isPresent()) {
                return false;
            }
            disk.move(from, mine);
            return true;
        } catch (IOException e) {
            // Nothing is there, or another process was faster: both mean a new start.
            return false;
        }
    }

    private boolean adopted(Path all, Path mine) throws IOException {
        List<Path> claimed;
        try (Stream<Path> list = Files.list(all)) {
            claimed = list.toList();
        }
        for (Path other : claimed) {
            if (dead(other) && taken(other, mine)) {
                return true;
            }
        }
        return false;
    }

    /** Deletes the unused transfers of these names: idle ones, and those of dead processes of this host. Best effort. */
    void drop(Collection<String> keys) {
        Set<String> there = names();
        for (String key : keys) {
            if (there.contains(key)) {
                drop(folder.resolve(key));
            }
        }
    }

    private void drop(Path all) {
        deleteUnshared(all);
        try {
            for (String name : disk.names(all)) {
                Path path = all.resolve(name);
                if (name.equals(IDLE) || holder(path) == Holder.DEAD) {
                    delete(path);
                }
            }
            if (Files.isDirectory(all, LinkOption.NOFOLLOW_LINKS)) {
                // A process that was killed between the last two deletions left it.
                disk.deleteEmpty(all);
            }
        } catch (IOException | Problem e) {
            // Another process uses it, or `histods gc` will find the rest.
            return;
        }
    }

    /** Whether no process uses that claim any more. */
    private boolean dead(Path claim) {
        try {
            return switch (holder(claim)) {
                case ALIVE -> false;
                case DEAD -> true;
                case UNKNOWN -> silent(claim) && !beingWritten(claim);
            };
        } catch (IOException e) {
            return false;
        }
    }

    /** The owner of that folder, from its {@code owner} file. */
    static Holder holder(Path folder) {
        try {
            OwnerProcess owner = OwnerProcess.parse(FileOperations.text(folder.resolve(OWNER)));
            return !owner.visible() ? Holder.UNKNOWN : owner.runs() ? Holder.ALIVE : Holder.DEAD;
        } catch (IOException | IllegalArgumentException e) {
            return Holder.UNKNOWN;
        }
    }

    /** Whether the owner file of a claim is missing or damaged: its process ended while it wrote that, or the power failed. */
    static boolean torn(Path claim) {
        try {
            OwnerProcess.parse(FileOperations.text(claim.resolve(OWNER)));
            return false;
        } catch (IOException | IllegalArgumentException e) {
            return true;
        }
    }

    /** Whether a process may be writing the owner file of a claim at this moment, and is about to use the folder. */
    private boolean beingWritten(Path claim) throws IOException {
        Path owner = claim.resolve(OWNER);
        return Files.exists(owner)
                && torn(claim)
                && Files.getLastModifiedTime(owner).toInstant().plus(SILENT).isAfter(clock.instant());
    }

    private boolean silent(Path claim) throws IOException {
        Path part = claim.resolve("part");
        Path files = claim.resolve(PartialTransfer.SMALL_FILES);
        Path written = Files.exists(part) ? part : Files.exists(files) ? files : claim;
        Instant last = Files.getLastModifiedTime(written).toInstant();
        return last.plus(SILENT).isBefore(clock.instant());
    }
}
