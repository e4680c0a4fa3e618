package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.histods.digest.Hasher;
import org.jspecify.annotations.Nullable;

/**
 * Remembers sources that failed in an earlier run while another source of the same dataset delivered. They are tried
 * last for a day, and then in their normal order again. Each is a small file in the program's state folder. Best
 * effort: a file that cannot be read or written is ignored, and no pull fails because of it. Thread-safe.
 */
public final class FailedSources {

    static final Duration REMEMBERED = Duration.ofDays(1);

    private final @Nullable Path folder;
    private final Clock clock;
    /** By kind and record. */
    private final Map<String, Optional<Instant>> known = new HashMap<>();

    /** @param folder need not exist; null to remember nothing between runs */
    public FailedSources(@Nullable Path folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** When a source failed, if that was less than a day ago. */
    synchronized Optional<Instant> failedAt(String kind, String record) {
        Instant now = clock.instant();
        return known.computeIfAbsent(kind + " " + record, this::read)
                // If the clock was set back, an entry must not last longer.
                .filter(at -> !at.isAfter(now) && at.plus(REMEMBERED).isAfter(now));
    }

    /** Remembers that a source failed and another delivered. */
    synchronized void failed(String kind, String record) {
        String source = kind + " " + record;
        if (failedAt(kind, record).isPresent()) {
            return;
        }
        Instant now = clock.instant();
        known.put(source, Optional.of(now));
        if (folder == null) {
            return;
        }
        Path file = file(folder, source);
        Path temp = folder.resolve(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(folder);
            Files.writeString(temp, now + "\n" + source + "\n");
            Files.move(temp, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            delete(temp);
        }
    }

    /** Forgets the failure of a source that delivers. */
    synchronized void delivered(String kind, String record) {
        String source = kind + " " + record;
        if (known.computeIfAbsent(source, this::read).isPresent()) {
            known.put(source, Optional.empty());
            if (folder != null) {
                delete(file(folder, source));
            }
        }
    }

    private Optional<Instant> read(String source) {
        if (folder == null) {
            return Optional.empty();
        }
        try {
            return Files.readString(file(folder, source)).lines().findFirst().map(Instant::parse);
        } catch (IOException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Best effort.
            return;
        }
    }

    /** A record can have any characters. */
    private static Path file(Path folder, String source) {
        return folder.resolve(Hasher.sha256(source).hex());
    }
}
