package org.histods.problem;

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
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that stopped the work and that is not a bug of ours. It says what was tried, on what, what was expected,
 * what came, and the next step; its {@link Kind} says who can act.
 *
 * <p>Anything else that is thrown is a bug and ends the program with exit code 1.
 */
public final class Problem extends Exception {

    /** Who can act, and the exit code of the program. The numbers are part of the command line's contract. */
    public enum Kind {
        /** The command line or a file that the user wrote is wrong. */
        USAGE("usage", 2),
        /** A person must do something first: log in, accept a licence, fill in a form, bring a file. */
        PERSON("person", 3),
        /** The network or the host failed; the same command may work later. */
        NETWORK("network", 4),
        /** Bytes came and are not the bytes that somebody published a checksum of. */
        WRONG_BYTES("wrong-bytes", 5),
        /** The host now states something else than the manifest or the lock pins. */
        UPSTREAM_CHANGED("upstream-changed", 6),
        /** The disk is full, read-only or not ours. */
        DISK("disk", 7),
        /** Another histods is at work on the same thing. */
        BUSY("busy", 8),
        /** Files that a person put into a dataset's folder are in the way of what was asked for; nothing was deleted. */
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

        public int exit() {
            return exit;
        }
    }

    /**
     * One thing that was tried.
     *
     * @param source the kind of source, such as {@code zenodo}, or the name of the step
     * @param url what was asked; never holds a secret; null where nothing was asked
     * @param status the HTTP status that came; null where none came
     * @param bytes how many bytes of the body came; null where unknown
     * @param cause what went wrong, in words
     */
    public record Attempt(
            String source,
            @Nullable String url,
            @Nullable Integer status,
            @Nullable Long bytes,
            String cause) {}

    private final Kind kind;
    private final @Nullable String hint;
    private final List<Attempt> attempts;

    public Problem(
            Kind kind, String message, @Nullable String hint, List<Attempt> attempts, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.hint = hint;
        this.attempts = List.copyOf(attempts);
    }

    public Problem(Kind kind, String message, @Nullable String hint) {
        this(kind, message, hint, List.of(), null);
    }

    public Problem(Kind kind, String message) {
        this(kind, message, null, List.of(), null);
    }

    /** The user, or the end of the program, interrupted the work. */
    public static Problem interrupted() {
        return new Problem(Kind.INTERRUPTED, "interrupted");
    }

    /** The same problem with what was tried before added in front of what this one tried itself. */
    public Problem after(List<Attempt> earlier) {
        List<Attempt> all = new java.util.ArrayList<>(earlier);
        all.addAll(attempts);
        Problem joined = new Problem(kind, message(), hint, all, getCause());
        joined.setStackTrace(getStackTrace());
        return joined;
    }

    /** Why a file could not be read or written, in words for a person; the file is not named again. */
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
            return "a link in it leads back to a folder that it is in";
        }
        if (e instanceof ClosedByInterruptException) {
            return "interrupted";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "something of that name is there already";
        }
        if (e instanceof NotDirectoryException) {
            return "it is a file, not a folder";
        }
        if (e instanceof DirectoryNotEmptyException) {
            return "the folder is not empty";
        }
        String reason = e instanceof FileSystemException failure ? failure.getReason() : e.getMessage();
        return reason == null ? e.toString() : reason;
    }

    /** What could not be done, and why; the file that failed is named too where those words do not end with it. */
    public static String because(String what, IOException e) {
        String file = e instanceof FileSystemException failure ? failure.getFile() : null;
        return what + ": " + (file == null || what.endsWith(file) ? "" : file + ": ") + why(e);
    }

    public Kind kind() {
        return kind;
    }

    /** What happened, for a person; never null, may hold several lines. */
    public String message() {
        String text = getMessage();
        return text == null ? kind.word() : text;
    }

    /** The next step for the person, or null where there is none to give. */
    public @Nullable String hint() {
        return hint;
    }

    /** What was tried, oldest first; empty where nothing was tried. */
    public List<Attempt> attempts() {
        return attempts;
    }
}
