package org.histods.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.compress.MemoryLimitException;
import org.apache.commons.compress.PasswordRequiredException;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.unpack.stream.ArchiveReadException;
import org.jspecify.annotations.Nullable;

/**
 * Turns failures in the unpacking of an archive into problems.
 *
 * @param archive its file name
 */
record ArchiveErrors(String archive) {

    private static final String BY_HAND = "unpack it with another program, and give the files with --from";

    /** A call of a decoder. */
    interface Reading<T extends @Nullable Object> {
        T read() throws IOException;
    }

    /**
     * Reads, and turns every exception into a problem: on damaged bytes, decoders also throw unchecked ones.
     *
     * @param entry the entry that is read; null outside of entries
     */
    <T extends @Nullable Object> T read(@Nullable String entry, Reading<T> reading) throws Problem {
        try {
            return reading.read();
        } catch (IOException | RuntimeException e) {
            throw reading(entry, e);
        }
    }

    /** The problem of a failed read: of the source if the source failed, else of the archive. */
    Problem reading(@Nullable String entry, Exception e) {
        Problem ofSource = ofSource(e);
        if (ofSource != null) {
            return ofSource;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PasswordRequiredException) {
                return unsupported(entry, "is encrypted", e);
            }
            if (cause instanceof MemoryLimitException || cause instanceof org.tukaani.xz.MemoryLimitException) {
                return unsupported(entry, "needs too much memory to unpack: " + text(cause), e);
            }
            String text = text(cause);
            if (text.startsWith("Frame requires too much memory")) {
                return unsupported(entry, "has a zstd window over 128 MB, more than histods supports", e);
            }
            if (text.startsWith("Window size too large")) {
                return unsupported(
                        entry,
                        "has a zstd window over 16 MB, and the native library for it cannot be loaded on this system",
                        e);
            }
            if (text.startsWith("Unsupported compression method") || text.contains("not yet supported")) {
                String method = text.replace(" used in unknown archive", "");
                return unsupported(entry, "uses a compression that is not supported: " + method, e);
            }
        }
        Optional<Problem> part = SplitArchives.named(archive);
        if (part.isPresent()) {
            return part.get();
        }
        return new Problem(
                Kind.WRONG_BYTES,
                archive + " is damaged" + in(entry) + ": " + innermost(e),
                "none of its files were kept; if its checksum is right, the published archive itself is damaged",
                e);
    }

    /** The problem of the source, null if the source did not fail. */
    private @Nullable Problem ofSource(Exception e) {
        boolean source = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem;
            }
            if (cause instanceof ClosedChannelException || cause instanceof InterruptedIOException) {
                return Problem.interrupted();
            }
            source |= cause instanceof ArchiveReadException;
        }
        return source ? new Problem(Kind.DISK, "could not read " + archive + ": " + innermost(e), null, e) : null;
    }

    /** The problem of an archive that may be intact, but that only another program can unpack. */
    Problem unsupported(@Nullable String entry, String what, @Nullable Exception e) {
        String subject = entry == null ? archive : archive + ": entry '" + FilePath.printable(entry) + "'";
        return new Problem(Kind.PERSON, subject + " " + what, BY_HAND, e);
    }

    /** The problem of an archive that is unsafe, too large, or contradicts itself. */
    Problem refused(@Nullable String entry, String what) {
        return new Problem(
                Kind.WRONG_BYTES,
                archive + " is refused" + in(entry) + ": " + what,
                "none of its files were kept; report it to its publisher");
    }

    /** The problem of a disk that cannot hold the unpacked files. */
    Problem tooLarge(long needed, long free, Path root) {
        return new Problem(
                Kind.DISK,
                archive + " unpacks to " + bytes(needed) + ", and " + bytes(free) + " are free at "
                        + FilePath.printable(root.toString()),
                "free some space, or use a mirror elsewhere with --mirror");
    }

    Problem writing(Path path, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ClosedChannelException || cause instanceof InterruptedIOException) {
                return Problem.interrupted();
            }
        }
        return new Problem(
                Kind.DISK,
                "could not write " + FilePath.printable(path.toString()) + " while unpacking " + archive + ": "
                        + reason(e),
                hint(e),
                e);
    }

    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it already exists";
        }
        if (e instanceof NoSuchFileException) {
            return "its folder was deleted";
        }
        if (e instanceof FileSystemException failure && failure.getReason() != null) {
            return failure.getReason();
        }
        return text(e);
    }

    private static @Nullable String hint(Exception e) {
        String reason = reason(e).toLowerCase(Locale.ROOT);
        if (reason.contains("no space left") || reason.contains("quota") || reason.contains("not enough space")) {
            return "free some space, or use a mirror elsewhere with --mirror";
        }
        if (reason.contains("permission denied") || reason.contains("read-only")) {
            return "allow writing there, or use a mirror elsewhere with --mirror";
        }
        if (e instanceof InvalidPathException) {
            return "set a UTF-8 locale, such as LC_ALL=C.UTF-8";
        }
        return null;
    }

    private static String in(@Nullable String entry) {
        return entry == null ? "" : " in entry '" + FilePath.printable(entry) + "'";
    }

    /** The message of the innermost cause, the most specific one. */
    private static String innermost(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return text(cause);
    }

    private static String text(Throwable e) {
        String message = e.getMessage();
        if (e instanceof EOFException || message == null) {
            return e instanceof EOFException
                    ? "it ends too early"
                    : e.getClass().getSimpleName();
        }
        // In further lines, libraries advise programmers.
        return FilePath.printable(message.lines().findFirst().orElse(""));
    }

    static String bytes(long count) {
        return String.format(Locale.ROOT, "%,d bytes", count);
    }
}
