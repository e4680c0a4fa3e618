package org.histods.mirror;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Mutual exclusion between processes that also works without file locks: a file that only one process can create. For
 * short tasks only; a turn ends after half a minute, or when its process has died.
 */
final class Turn implements AutoCloseable {

    private static final Duration OVER = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Path file;

    private Turn(Path file) {
        this.file = file;
    }

    /**
     * Waits for a turn; close it as soon as possible.
     *
     * @throws Problem {@code BUSY} if other processes are always first; {@code INTERRUPTED}
     */
    static Turn take(Path file, OwnerProcess self) throws IOException, Problem {
        Files.createDirectories(file.toAbsolutePath().getParent());
        long until = System.nanoTime() + PATIENCE.toNanos();
        String seen = null;
        long since = System.nanoTime();
        while (true) {
            if (made(file, self)) {
                return new Turn(file);
            }
            String holder = text(file);
            if (holder == null) {
                continue;
            }
            if (!holder.equals(seen)) {
                seen = holder;
                since = System.nanoTime();
            }
            if (dead(holder) || System.nanoTime() - since > OVER.toNanos()) {
                end(file, holder);
                continue;
            }
            if (System.nanoTime() > until) {
                throw new Problem(
                        Problem.Kind.BUSY,
                        file + " exists, so another process is writing the journal",
                        "run the command again; if no other histods process runs, delete that file");
            }
            pause();
        }
    }

    private static boolean made(Path file, OwnerProcess self) throws IOException {
        try {
            Files.createFile(file);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        try {
            // All turns have different texts, even those of one process.
            Files.writeString(file, self.text() + UUID.randomUUID() + "\n");
        } catch (IOException e) {
            // On a full disk, the name alone is enough.
            return true;
        }
        return true;
    }

    /** Null if the file is gone. */
    private static @Nullable String text(Path file) throws IOException {
        try {
            return FileOperations.text(file);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static boolean dead(String holder) {
        try {
            OwnerProcess owner = OwnerProcess.parse(holder);
            return owner.visible() && !owner.runs();
        } catch (IllegalArgumentException e) {
            // It is being written.
            return false;
        }
    }

    /** Ends the turn of that holder; a turn that another process has just started is put back. */
    private static void end(Path file, String holder) throws IOException {
        Path aside = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
        try {
            Files.move(file, aside);
        } catch (NoSuchFileException e) {
            return;
        }
        try {
            if (!Optional.ofNullable(text(aside)).equals(Optional.of(holder))) {
                Files.createLink(file, aside);
            }
        } catch (FileAlreadyExistsException | UnsupportedOperationException e) {
            // A third process has started its turn; each writes its own line, and none is lost.
            return;
        } finally {
            Files.deleteIfExists(aside);
        }
    }

    private static void pause() throws Problem {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted while waiting to write the journal");
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The next process finds that it is over.
            return;
        }
    }
}
