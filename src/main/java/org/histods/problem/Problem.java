package org.histods.problem;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A failure that is not a bug in histods. It says what failed, on what, what was expected and found, and the next step;
 * its {@link Kind} says who can act.
 *
 * <p>Any other exception is a bug and ends the program with exit code 1.
 */
public final class Problem extends Exception {

    /** Who can act, and the exit code of the program. The numbers are part of the command line's contract. */
    public enum Kind {
        /** The command line or a file that the user wrote is wrong. */
        USAGE("usage", 2),
        /** The user must act first: log in, accept a licence, fill in a form, provide a file. */
        PERSON("person", 3),
        /** The network or the host failed; the same command may work later. */
        NETWORK("network", 4),
        /** The received bytes do not match a published checksum. */
        WRONG_BYTES("wrong-bytes", 5),
        /** The host publishes something else than the manifest or the lock pins. */
        UPSTREAM_CHANGED("upstream-changed", 6),
        /** The disk is full or read-only, or permissions are missing. */
        DISK("disk", 7),
        /** Another histods process works on the same thing. */
        BUSY("busy", 8),
        /** Files of the user in a dataset's folder block the command; nothing was deleted. */
        EXTRA_FILES("extra-files", 9),
        /** The user interrupted. */
        INTERRUPTED("interrupted", 130);

        private final String word;
        private final int exit;

        Kind(String word, int exit) {
            this.word = word;
            this.exit = exit;
        }

        /** The word in JSON output, such as {@code wrong-bytes}. */
        public String word() {
            return word;
        }

        /** The exit code of the program. */
        public int exit() {
            return exit;
        }
    }

    /**
     * An attempt to get something from a source.
     *
     * @param source the kind of source, such as {@code zenodo}, or the name of the step
     * @param url of the request; never holds a secret; null if there was none
     * @param status the HTTP status; null if no response was received
     * @param bytes how many bytes of the body were received; null if unknown
     * @param cause what failed, for people
     */
    public record Attempt(
            String source,
            @Nullable String url,
            @Nullable Integer status,
            @Nullable Long bytes,
            String cause) {}

    private static final Pattern OLD_FORM = Pattern.compile("(/.*) \\(([^()]*)\\)");

    private final Kind kind;
    private final @Nullable String hint;
    private final List<Attempt> attempts;

    /**
     * A problem with the attempts that led to it.
     *
     * @param message what failed, for people
     * @param hint the next step for the user; null for none
     * @param attempts oldest first
     * @param cause for a stack trace; null for none
     */
    public Problem(
            Kind kind, String message, @Nullable String hint, List<Attempt> attempts, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
        this.attempts = List.copyOf(attempts);
    }

    public Problem(Kind kind, String message, @Nullable String hint, @Nullable Throwable cause) {
        this(kind, message, hint, List.of(), cause);
    }

    public Problem(Kind kind, String message, @Nullable String hint) {
        this(kind, message, hint, null);
    }

    public Problem(Kind kind, String message) {
        this(kind, message, null, null);
    }

    /** The user, or the end of the program, interrupted the work. */
    public static Problem interrupted() {
        return new Problem(Kind.INTERRUPTED, "interrupted");
    }

    /** This problem with earlier attempts in front of its own. */
    public Problem after(List<Attempt> earlier) {
        List<Attempt> all = new ArrayList<>(earlier);
        all.addAll(attempts);
        Problem joined = new Problem(kind, message(), hint, all, getCause());
        joined.setStackTrace(getStackTrace());
        return joined;
    }

    /** Why a file could not be read or written, without the name of the file. */
    public static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "there is no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        if (e instanceof FileSystemLoopException) {
            return "a link in it leads back to a folder that contains it";
        }
        if (e instanceof ClosedByInterruptException) {
            return "interrupted";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file or folder of that name already exists";
        }
        if (e instanceof NotDirectoryException) {
            return "it is a file, not a folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        Matcher old = oldForm(e);
        if (old != null) {
            return switch (old.group(2)) {
                case "Permission denied" -> "permission denied";
                case "No such file or directory" -> "there is no such file or folder";
                case "Is a directory" -> "it is a folder, not a file";
                default -> old.group(2);
            };
        }
        String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }

    /** The path and the reason that a {@code java.io} stream states in one text; null if it does not. */
    private static @Nullable Matcher oldForm(IOException e) {
        String text = e instanceof FileNotFoundException ? e.getMessage() : null;
        Matcher matcher = text == null ? null : OLD_FORM.matcher(text);
        return matcher != null && matcher.matches() ? matcher : null;
    }

    /** What failed, and why; names the file, too, unless {@code what} ends with it. */
    public static String because(String what, IOException e) {
        Matcher old = oldForm(e);
        String file = e instanceof FileSystemException failure ? failure.getFile() : old == null ? null : old.group(1);
        return what + ": " + (file == null || what.endsWith(file) ? "" : file + ": ") + why(e);
    }

    public Kind kind() {
        return kind;
    }

    /** What failed, for people; may have several lines. */
    public String message() {
        String text = getMessage();
        return text == null ? kind.word() : text;
    }

    /** The next step for the user; null for none. */
    public @Nullable String hint() {
        return hint;
    }

    /** All attempts, oldest first. */
    public List<Attempt> attempts() {
        return attempts;
    }
}
