package org.histods.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
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
 * What an exception that came up while an archive was unpacked means for a person.
 *
 * @param archive its name
 */
record ArchiveErrors(String archive) {

    private static final String BY_HAND = "unpack it by hand, and bring the files with --from";

    /** Something that asks a library for bytes or for what they mean. */
    interface Reading<T extends @Nullable Object> {
        T read() throws IOException;
    }

    /** Reads, and turns whatever stops it into a problem: decoders also throw what they stumble over, such as an index. */
    <T extends @Nullable Object> T read(@Nullable String member, Reading<T> reading) throws Problem {
        try {
            return reading.read();
        } catch (IOException | RuntimeException e) {
            throw reading(member, e);
        }
    }

    /** Reading failed: the source, or else the archive itself. {@code member} is null outside of members. */
    Problem reading(@Nullable String member, Exception e) {
        Problem ofSource = ofSource(e);
        if (ofSource != null) {
            return ofSource;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof PasswordRequiredException) {
                return unsupported(member, "is encrypted", e);
            }
            if (cause instanceof MemoryLimitException || cause instanceof org.tukaani.xz.MemoryLimitException) {
                return unsupported(member, "needs too much memory: " + text(cause), e);
            }
            String text = text(cause);
            if (text.startsWith("Unsupported compression method") || text.contains("not yet supported")) {
                String method = text.replace(" used in unknown archive", "");
                return unsupported(member, "is packed in a way that is not supported: " + method, e);
            }
        }
        Optional<Problem> part = SplitArchives.named(archive);
        if (part.isPresent()) {
            return part.get();
        }
        return new Problem(
                Kind.WRONG_BYTES,
                archive + " is damaged" + in(member) + ": " + innermost(e),
                "nothing of it was kept; if its checksum is right, the archive is broken where it is published",
                List.of(),
                e);
    }

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
        return source
                ? new Problem(Kind.DISK, "could not read " + archive + ": " + innermost(e), null, List.of(), e)
                : null;
    }

    /** The archive is what it should be, and a person must unpack it. */
    Problem unsupported(@Nullable String member, String what, @Nullable Exception e) {
        String whose = member == null ? archive : archive + ": member '" + FilePath.printable(member) + "'";
        return new Problem(Kind.PERSON, whose + " " + what, BY_HAND, List.of(), e);
    }

    /** The archive does not keep what it states itself. */
    Problem wrong(@Nullable String member, String what) {
        return new Problem(
                Kind.WRONG_BYTES,
                archive + " is refused" + in(member) + ": " + what,
                "nothing of it was kept; tell whoever publishes it");
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
                List.of(),
                e);
    }

    private static String reason(Exception e) {
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "it is there already";
        }
        if (e instanceof NoSuchFileException) {
            return "its folder is not there any more";
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
            return "see to it that you may write there, or use a mirror elsewhere with --mirror";
        }
        if (e instanceof java.nio.file.InvalidPathException) {
            return "set a UTF-8 locale, such as LC_ALL=C.UTF-8";
        }
        return null;
    }

    private static String in(@Nullable String member) {
        return member == null ? "" : " in member '" + FilePath.printable(member) + "'";
    }

    /** The words of the innermost cause, which knows most. */
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
        return FilePath.printable(message);
    }

    static String bytes(long count) {
        return String.format(Locale.ROOT, "%,d bytes", count);
    }
}
