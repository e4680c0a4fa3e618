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
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.histods.problem.Problem;

/**
 * Hands out partial transfers. {@code partial/<key>/idle} is idle; {@code partial/<key>/<uuid>} is claimed. A claim whose
 * process has died is taken over: on the same host by looking whether the process runs, on another host when the file
 * has not grown for a while.
 */
final class PartialClaims {

    static final String OWNER = "owner";
    static final String IDLE = "idle";
    private static final Duration SILENT = Duration.ofMinutes(5);

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

    /** What is known of the process that holds something. */
    enum Holder {
        /** It runs on this host. */
        ALIVE,
        /** It ran on this host, and does no more. */
        DEAD,
        /** It is on another host or in another container, or nothing readable says which it is. */
        UNKNOWN
    }

    PartialTransfer claim(String key) throws Problem {
        try {
            for (int attempt = 0; ; attempt++) {
                try {
                    return once(folder.resolve(key));
                } catch (NoSuchFileException e) {
                    // Somebody else deleted the folder of that key, for they found it empty, just after we made it.
                    if (attempt == FileOperations.RIVALS) {
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
        }
        Files.writeString(mine.resolve(OWNER), self.text());
        return new PartialTransfer(mine, idle, disk, deletion);
    }

    /** Deletes a transfer that nobody works on. It is claimed first, so that nobody can go on with half of it. */
    void delete(Path transfer) throws IOException, Problem {
        if (!Files.exists(transfer, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Path mine = transfer.resolveSibling(UUID.randomUUID().toString());
        deletion.refuse(PlaceKind.TRANSFER, transfer);
        try {
            disk.move(transfer, mine);
            Files.writeString(mine.resolve(OWNER), self.text());
            deletion.delete(PlaceKind.TRANSFER, mine);
            disk.deleteEmpty(mine.resolveSibling(""));
        } catch (NoSuchFileException e) {
            // Somebody else took it up just now.
            return;
        }
    }

    /** Takes a transfer over, if it is one. */
    private boolean taken(Path from, Path mine) {
        try {
            if (deletion.objection(PlaceKind.TRANSFER, from).isPresent()) {
                return false;
            }
            disk.move(from, mine);
            return true;
        } catch (IOException e) {
            // Nothing is there, or somebody else was quicker: both mean a fresh start.
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

    /**
     * Deletes what nobody works on of the transfers of those names: idle ones, and those that processes of this host
     * left when they died. Best effort.
     */
    void drop(Collection<String> keys) {
        Set<String> there = new HashSet<>(disk.names(folder));
        for (String key : keys) {
            if (there.contains(key)) {
                drop(folder.resolve(key));
            }
        }
    }

    private void drop(Path all) {
        try {
            for (String name : disk.names(all)) {
                Path path = all.resolve(name);
                if (name.equals(IDLE) || holder(path) == Holder.DEAD) {
                    delete(path);
                }
            }
        } catch (IOException | Problem e) {
            // Somebody works there, or `histods gc` will find what is left.
            return;
        }
    }

    /** Whether nobody works on that claim any more. */
    private boolean dead(Path claim) {
        try {
            return switch (holder(claim)) {
                case ALIVE -> false;
                case DEAD -> true;
                case UNKNOWN -> silent(claim) && !beingWritten(claim.resolve(OWNER));
            };
        } catch (IOException e) {
            return false;
        }
    }

    /** Who holds what is in that folder, as its file {@code owner} says. */
    static Holder holder(Path folder) {
        try {
            OwnerProcess owner = OwnerProcess.parse(Files.readString(folder.resolve(OWNER)));
            return !owner.visible() ? Holder.UNKNOWN : owner.runs() ? Holder.ALIVE : Holder.DEAD;
        } catch (IOException | IllegalArgumentException e) {
            return Holder.UNKNOWN;
        }
    }

    /** Whether somebody may just be writing an owner that cannot be read: they are about to use what is there. */
    private boolean beingWritten(Path owner) throws IOException {
        if (!Files.exists(owner)) {
            return false;
        }
        try {
            OwnerProcess.parse(Files.readString(owner));
            return false;
        } catch (IOException | IllegalArgumentException e) {
            return Files.getLastModifiedTime(owner).toInstant().plus(SILENT).isAfter(clock.instant());
        }
    }

    private boolean silent(Path claim) throws IOException {
        Path part = claim.resolve("part");
        Path files = claim.resolve(PartialTransfer.SMALL_FILES);
        Path written = Files.exists(part) ? part : Files.exists(files) ? files : claim;
        Instant last = Files.getLastModifiedTime(written).toInstant();
        return last.plus(SILENT).isBefore(clock.instant());
    }
}
