package org.histods.unpack;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * Judges the members of one archive, in their order: where each goes, which are left out, and what is wrong with any.
 * Whoever writes must ask {@link #refuseIfFaulty} first.
 *
 * <p>Keeps the names of the members, and nothing of their content.
 */
final class EntryValidator {

    private static final int FAULTS_TOLD = 20;

    /** The longest path that Linux opens. */
    private static final int LONGEST_PATH = 4096;

    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

    private final ArchiveErrors diagnosis;
    private final UnpackOptions options;
    private final List<Glob> skip;
    private final List<Glob> folder;
    private final PathCollisions census = new PathCollisions();
    private final List<String> skipped = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private long faultCount;
    private long members;
    private long candidates;

    /** @throws Problem USAGE if a glob among the options is none */
    EntryValidator(ArchiveErrors diagnosis, UnpackOptions options) throws Problem {
        this.diagnosis = diagnosis;
        this.options = options;
        try {
            skip = options.skip().stream().map(Glob::of).toList();
            folder = segments(options.folder()).stream().map(Glob::of).toList();
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, "cannot unpack " + diagnosis.archive() + ": " + e.getMessage());
        }
    }

    /**
     * Where a member is written; null for folders, for members that are left out and for faulty ones.
     *
     * @throws Problem WRONG_BYTES if there are more members than the limit allows
     */
    @Nullable
    FilePath examine(RawEntry entry) throws Problem {
        count();
        boolean isFolder = entry.type() == RawEntry.Type.FOLDER || entry.name().endsWith("/");
        String name = plain(entry.name());
        if (name.isEmpty() || name.equals(".")) {
            if (!isFolder) {
                fault(entry.name(), "it is empty");
            }
            return null;
        }
        if (name.length() > LONGEST_PATH) {
            fault(name, "it is longer than " + LONGEST_PATH + " characters");
            return null;
        }
        if (leftOut(name)) {
            if (leaves(name)) {
                fault(name, "it leads out of the folder");
            } else if (!isFolder) {
                skipped.add(FilePath.printable(name));
            }
            return null;
        }
        String fault = leaves(name) ? FilePath.fault(name) : null;
        String below = fault == null ? below(name) : null;
        if (below != null) {
            String path = options.into().isEmpty() ? below : options.into() + "/" + below;
            fault = FilePath.fault(path);
            if (fault == null) {
                return place(entry, isFolder, new FilePath(path));
            }
        }
        if (fault != null) {
            fault(name, fault);
        }
        return null;
    }

    private @Nullable FilePath place(RawEntry entry, boolean isFolder, FilePath path) {
        String fault = switch (entry.type()) {
            case SYMBOLIC_LINK -> "it is a symbolic link";
            case SPECIAL -> "it is a device, a pipe or of a kind that is unknown";
            default -> isFolder ? census.folders(path.text()) : census.file(path.text());
        };
        if (fault == null && isFolder && entry.bytes() > 0) {
            fault = "it is a folder with content of its own";
        }
        if (fault != null) {
            fault(entry.name(), fault);
            return null;
        }
        if (isFolder) {
            return null;
        }
        candidates++;
        return options.wanted().test(path) ? path : null;
    }

    private void count() throws Problem {
        if (++members > options.limits().members()) {
            throw diagnosis.wrong(
                    null, "it has more than " + options.limits().members() + " members, which is the limit");
        }
    }

    /** Notes a fault that only a reader of the format can see. */
    void fault(String name, String why) {
        faultCount++;
        if (faults.size() < FAULTS_TOLD) {
            faults.add("  '" + FilePath.printable(name) + "': " + why);
        }
    }

    /** @throws Problem WRONG_BYTES that lists what is wrong, if anything is */
    void refuseIfFaulty() throws Problem {
        if (faultCount == 0) {
            return;
        }
        StringBuilder text = new StringBuilder(diagnosis.archive())
                .append(" is refused for ")
                .append(Count.of(faultCount, "member"))
                .append(faultCount == 1 ? " that is" : " that are")
                .append(" not safe to unpack:");
        faults.forEach(fault -> text.append('\n').append(fault));
        if (faultCount > faults.size()) {
            text.append("\n  … and ").append(faultCount - faults.size()).append(" more");
        }
        throw new Problem(
                Problem.Kind.WRONG_BYTES,
                text.toString(),
                "nothing of it was kept; a member that nobody needs can be named under unpack.skip in the manifest");
    }

    /** @throws Problem WRONG_BYTES if all members were seen and none of them counts */
    void refuseIfNothing() throws Problem {
        if (candidates > 0) {
            return;
        }
        String where = options.folder() == null ? "no files" : "no files in '" + options.folder() + "'";
        throw diagnosis.wrong(null, "it holds " + where);
    }

    /** Names of files that were left out on purpose. */
    List<String> skipped() {
        return skipped;
    }

    private boolean leftOut(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        return name.equals("__MACOSX")
                || name.startsWith("__MACOSX/")
                || name.contains("/__MACOSX/")
                || last.equals(".DS_Store")
                || last.equalsIgnoreCase("Thumbs.db")
                || skip.stream().anyMatch(glob -> glob.matches(name));
    }

    /** What comes after the folder that counts; null for a member outside of it. */
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

    /** Whether a name points out of the folder it would be unpacked in, in the eyes of any system. */
    private static boolean leaves(String name) {
        return name.startsWith("/")
                || name.startsWith("\\")
                || DRIVE.matcher(name).lookingAt()
                || segments(name.replace('\\', '/')).contains("..");
    }

    /** Without the {@code ./} that tar puts in front, and the slash at the end of a folder. */
    private static String plain(String name) {
        String plain = name;
        while (plain.startsWith("./")) {
            plain = plain.substring(2);
        }
        return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }

    private static List<String> segments(@Nullable String path) {
        return path == null
                ? List.of()
                : List.of(path.split("/")).stream().filter(s -> !s.isEmpty()).toList();
    }
}
