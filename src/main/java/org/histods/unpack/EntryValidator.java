package org.histods.unpack;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.digest.SystemFiles;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Checks the entries of one archive in order, and decides for each where it is written, whether it is left out, or what
 * is wrong with it. Call {@link #refuseIfFaulty} before writing.
 *
 * <p>Keeps the paths of the entries, but nothing of their content.
 */
final class EntryValidator {

    private static final long MAX_COPIES = 100;
    private static final long COPIES_COUNT_FROM = 100L << 20;

    private static final int MAX_FAULTS_SHOWN = 20;

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

    private final ArchiveErrors errors;
    private final UnpackOptions options;
    private final List<Glob> skip;
    private final List<Glob> folder;
    private PathCollisions collisions;
    private final List<String> skipped = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long faultCount;
    private long entries;
    private long files;

    /**
     * Creates a validator.
     *
     * @param lastWins whether an entry may replace an earlier one of the same path, as {@code tar -r} makes them
     * @throws Problem USAGE if a glob among the options is invalid
     */
    EntryValidator(ArchiveErrors errors, UnpackOptions options, boolean lastWins) throws Problem {
        this.errors = errors;
        this.options = options;
        this.collisions = new PathCollisions(lastWins);
        try {
            skip = options.skip().stream().map(Glob::of).toList();
            folder = segments(options.folder()).stream().map(Glob::of).toList();
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, "cannot unpack " + errors.archive() + ": " + e.getMessage());
        }
    }

    /**
     * Where an entry is written; null for folders, entries that are left out and faulty ones.
     *
     * @throws Problem WRONG_BYTES if there are more entries than the limit allows
     */
    @Nullable
    FilePath validate(RawEntry entry) throws Problem {
        count();
        boolean isFolder = entry.type() == RawEntry.Type.FOLDER || entry.name().endsWith("/");
        if (entry.name().length() > 2 * FilePath.MAX_BYTES) {
            fault(entry.name(), FilePath.TOO_LONG);
            return null;
        }
        String name = normalize(entry.name());
        if (name.isEmpty()) {
            if (!isFolder) {
                fault(entry.name(), "it is empty");
            }
            return null;
        }
        if (leftOut(name)) {
            if (leaves(name)) {
                fault(name, "it leads out of the folder");
            } else if (!isFolder) {
                leaveOut(name);
            }
            return null;
        }
        String fault = leaves(name) ? FilePath.fault(name) : null;
        String below = fault == null ? below(name) : null;
        if (below != null) {
            String path = options.into().isEmpty() ? below : options.into() + "/" + below;
            fault = FilePath.fault(path);
            if (fault == null) {
                // One text for both names, which are mostly the same.
                return place(entry, isFolder, new FilePath(path.equals(entry.name()) ? entry.name() : path));
            }
        }
        if (fault != null) {
            fault(name, fault);
        }
        return null;
    }

    private @Nullable FilePath place(RawEntry entry, boolean isFolder, FilePath path) {
        String fault = switch (entry.type()) {
            case SPECIAL -> "it is a device, a pipe or of an unknown type";
            default -> isFolder ? collisions.addFolder(path.text()) : collisions.addFile(path.text());
        };
        if (fault == null && isFolder && entry.bytes() > 0) {
            fault = "it is a folder with content of its own";
        }
        if (fault == null && entry.type() == RawEntry.Type.SYMBOLIC_LINK && gitTree()) {
            fault = "it is a symbolic link";
        }
        if (fault != null) {
            fault(entry.name(), fault);
            return null;
        }
        if (isFolder) {
            return null;
        }
        files++;
        return options.wanted().test(path) ? path : null;
    }

    /** Whether the tree is compared with a git tree, which counts every entry as it is. */
    private boolean gitTree() {
        return options.also().contains(Algorithm.GIT_BLOB);
    }

    private void count() throws Problem {
        if (++entries > options.limits().entries()) {
            throw errors.refused(
                    null, "it has more than " + options.limits().entries() + " entries, which is the limit");
        }
    }

    /** Frees the compared paths; called when all entries were seen. */
    void forgetPaths() {
        collisions = new PathCollisions(false);
    }

    /** Notes a fault. */
    void fault(String name, String why) {
        faultCount++;
        if (faults.size() < MAX_FAULTS_SHOWN) {
            faults.add("  '" + FilePath.printable(name) + "': " + why);
        }
    }

    /** @throws Problem WRONG_BYTES that lists the faults, if any was noted */
    void refuseIfFaulty() throws Problem {
        if (faultCount == 0) {
            return;
        }
        StringBuilder text = new StringBuilder(errors.archive())
                .append(" is refused because ")
                .append(faultCount == 1 ? "1 entry" : faultCount + " entries")
                .append(faultCount == 1 ? " is" : " are")
                .append(" not safe to unpack:");
        faults.forEach(fault -> text.append('\n').append(fault));
        if (faultCount > faults.size()) {
            text.append("\n  … and ").append(faultCount - faults.size()).append(" more");
        }
        throw new Problem(
                Problem.Kind.WRONG_BYTES,
                text.toString(),
                "none of its files were kept; to leave an entry out, list it under unpack.skip in the manifest");
    }

    /**
     * Rejects links that would be written as too many bytes: a link takes next to no space in an archive, but each is
     * written as a copy.
     *
     * @param copied bytes of all copies
     * @param files bytes of the files of the archive, as far as they are known
     * @throws Problem WRONG_BYTES if the copies are far more than datasets need that list their files in many splits
     */
    void refuseIfCopiesAreTooMany(long copied, long files) throws Problem {
        if (copied > COPIES_COUNT_FROM && copied / MAX_COPIES > files) {
            throw errors.refused(
                    null,
                    "its links would write " + ArchiveErrors.bytes(copied) + " of copies of "
                            + ArchiveErrors.bytes(files) + ", and the limit is " + MAX_COPIES + " to 1");
        }
    }

    /** @throws Problem WRONG_BYTES if all entries were seen and none is a file */
    void refuseIfEmpty() throws Problem {
        if (files > 0) {
            return;
        }
        String where = options.folder() == null ? "no files" : "no files in '" + options.folder() + "'";
        throw errors.refused(null, "it holds " + where);
    }

    /** Notes that an entry is left out. Safe for several threads. */
    void leaveOut(String name) {
        synchronized (skipped) {
            skipped.add(FilePath.printable(name));
        }
    }

    /** Names of entries that were left out on purpose. */
    List<String> skipped() {
        return skipped;
    }

    /** Whether an entry is left out: files that only operating systems use, and entries that the manifest skips. */
    private boolean leftOut(String name) {
        boolean system = SystemFiles.isPath(name);
        return (system && !gitTree()) || skip.stream().anyMatch(glob -> glob.matches(name));
    }

    /** Whether a file of that path is AppleDouble, the form in which macOS packs what only macOS uses, if it begins so. */
    boolean leavesOutAppleDouble(FilePath path) {
        return SystemFiles.mayBeAppleDouble(path.name()) && !gitTree();
    }

    /** The name below the folder that counts; null for an entry outside of it. */
    private @Nullable String below(String name) {
        String rest = name;
        for (Glob segment : folder) {
            int slash = rest.indexOf('/');
            if (slash < 0 || !segment.matches(rest.substring(0, slash))) {
                return null;
            }
            rest = rest.substring(slash + 1);
        }
        return rest;
    }

    /** Whether a name points out of the folder it would be unpacked in, on any system. */
    static boolean leaves(String name) {
        return absolute(name) || segments(name.replace('\\', '/')).contains("..");
    }

    static boolean absolute(String name) {
        return name.startsWith("/")
                || name.startsWith("\\")
                || DRIVE.matcher(name).lookingAt();
    }

    /** The name without empty and {@code .} segments and without a slash at the end; a slash at the start stays. */
    static String normalize(String name) {
        String joined = String.join(
                "/", segments(name).stream().filter(s -> !s.equals(".")).toList());
        return name.startsWith("/") ? "/" + joined : joined;
    }

    private static List<String> segments(@Nullable String path) {
        return path == null
                ? List.of()
                : List.of(path.split("/")).stream().filter(s -> !s.isEmpty()).toList();
    }
}
