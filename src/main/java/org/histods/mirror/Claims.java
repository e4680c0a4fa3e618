package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
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
final class Claims {

    static final String OWNER = "owner";
    static final String IDLE = "idle";
    private static final Duration SILENT = Duration.ofMinutes(5);

    private final Path folder;
    private final Disk disk;
    private final Owner self;
    private final Clock clock;

    Claims(Path folder, Disk disk, Owner self, Clock clock) {
        this.folder = folder;
        this.disk = disk;
        this.self = self;
        this.clock = clock;
    }

    Partial claim(String key) throws Problem {
        try {
            for (int attempt = 0; ; attempt++) {
                try {
                    return once(folder.resolve(key));
                } catch (NoSuchFileException e) {
                    // Somebody else deleted the folder of that key, for they found it empty, just after we made it.
                    if (attempt == Disk.RIVALS) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw Disk.problem("cannot start a transfer in " + folder, e);
        }
    }

    private Partial once(Path all) throws IOException {
        Path idle = all.resolve(IDLE);
        Path mine = all.resolve(UUID.randomUUID().toString());
        disk.makeFolder(all);
        if (!taken(idle, mine) && !adopted(all, mine)) {
            Files.createDirectory(mine);
        }
        Files.writeString(mine.resolve(OWNER), self.text());
        return new Partial(mine, idle, disk);
    }

    private boolean taken(Path from, Path mine) {
        try {
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
                Path mine = all.resolve(UUID.randomUUID().toString());
                if ((name.equals(IDLE) || diedHere(path)) && taken(path, mine)) {
                    disk.deleteAll(mine);
                }
            }
            if (disk.names(all).isEmpty()) {
                Files.deleteIfExists(all);
            }
        } catch (IOException e) {
            // Somebody works there, or `histods gc` will find what is left.
            return;
        }
    }

    /** Whether a process of this host owned that folder and has ended. */
    static boolean diedHere(Path folder) {
        try {
            Owner owner = Owner.parse(Files.readString(folder.resolve(OWNER)));
            return owner.onThisHost() && !owner.runs();
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether nobody works on that claim any more. */
    boolean dead(Path claim) {
        try {
            Path file = claim.resolve(OWNER);
            if (!Files.exists(file)) {
                return silent(claim);
            }
            Owner owner = Owner.parse(Files.readString(file));
            return owner.onThisHost() ? !owner.runs() : silent(claim);
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private boolean silent(Path claim) throws IOException {
        Path part = claim.resolve("part");
        Instant last =
                Files.getLastModifiedTime(Files.exists(part) ? part : claim).toInstant();
        return last.plus(SILENT).isBefore(clock.instant());
    }
}
