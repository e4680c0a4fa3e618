package org.histods.provenance;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.text.Count;

/**
 * Files in a bag that cannot be fetched again: {@link ExtraFiles}, and files of the dataset that were modified. Nothing deletes
 * them without naming them.
 *
 * @param extra files that are not part of the dataset, as {@link ExtraFiles} names them
 * @param modified paths of files of the dataset with other content, or with a link or device in their place
 * @param unread number of files that may be modified, and were not read because they are too large
 * @param unreadBytes their size
 */
public record UserFiles(List<String> extra, List<String> modified, int unread, long unreadBytes) {

    /** A bag without any. */
    public static final UserFiles NONE = new UserFiles(List.of(), List.of(), 0, 0);

    /** How much is read: some seconds from a hard disk. {@code histods verify} reads more, and records that it did. */
    static final long READ_LIMIT = 1L << 30;

    public UserFiles {
        extra = List.copyOf(extra);
        modified = List.copyOf(modified);
    }

    /**
     * Finds them. Of the dataset's files, those are read whose size or times are not the recorded ones: all of them if nothing is
     * recorded, as in a mirror that was copied.
     *
     * @throws Problem {@code EXTRA_FILES} if they cannot be determined, because something cannot be read or the bag's manifest is
     *     damaged; {@code INTERRUPTED}
     */
    public static UserFiles of(BagRef bag, FileStamps stamps, BagVerifier verifier) throws Problem {
        return of(bag, stamps, verifier, READ_LIMIT);
    }

    static UserFiles of(BagRef bag, FileStamps stamps, BagVerifier verifier, long limit) throws Problem {
        try {
            return found(bag, stamps, verifier, limit);
        } catch (Problem p) {
            throw p.kind() == Problem.Kind.INTERRUPTED ? p : undetermined(bag, p);
        }
    }

    private static UserFiles found(BagRef bag, FileStamps stamps, BagVerifier verifier, long limit) throws Problem {
        if (!Files.exists(bag.data())) {
            return new UserFiles(ExtraFiles.of(bag).names(), List.of(), 0, 0);
        }
        Map<FilePath, Checksum> checksums = Bag.read(bag).listed();
        List<FilePath> paths = List.copyOf(checksums.keySet());
        FileStamps.Seen seen = FileStamps.look(bag.data(), paths);
        Set<FilePath> touched = new HashSet<>(stamps.touched(seen).orElse(paths));
        FileNames names = new FileNames(bag.data());
        List<String> modified = new ArrayList<>();
        List<FilePath> toRead = new ArrayList<>();
        long bytes = 0;
        for (int i = 0; i < paths.size(); i++) {
            Path file = names.of(paths.get(i));
            if (touched.contains(paths.get(i)) && Files.isRegularFile(file)) {
                toRead.add(paths.get(i));
                bytes += seen.size(i);
            } else if (touched.contains(paths.get(i)) && isInPlaceOfAFile(file)) {
                modified.add(paths.get(i).text());
            }
        }
        boolean read = bytes <= limit;
        if (read) {
            verifier.different(names, toRead, checksums, n -> {}).forEach(path -> modified.add(path.text()));
        }
        return new UserFiles(
                ExtraFiles.of(bag, checksums.keySet(), seen.unseen()).names(),
                modified.stream().sorted().toList(),
                read ? 0 : toRead.size(),
                read ? 0 : bytes);
    }

    /** Whether it is a link, pipe or device. The files of a folder are extra files. */
    private static boolean isInPlaceOfAFile(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * Refuses to delete the bag if there are any.
     *
     * @throws Problem {@code EXTRA_FILES}, which names them
     */
    public void refuseToDelete(BagRef bag) throws Problem {
        String name = bag.id() + " " + bag.version();
        List<String> parts = new ArrayList<>();
        if (!extra.isEmpty()) {
            parts.add(name + " holds " + Count.of(extra.size(), "file") + " that the dataset does not have"
                    + ExtraFiles.listed(extra));
        }
        if (!modified.isEmpty()) {
            parts.add(name + " holds " + Count.of(modified.size(), "modified file") + ExtraFiles.listed(modified));
        }
        if (unread > 0) {
            parts.add(name + " holds " + unreadFiles());
        }
        if (parts.isEmpty()) {
            return;
        }
        throw new Problem(
                Problem.Kind.EXTRA_FILES,
                String.join("\n", parts),
                extra.isEmpty() && modified.isEmpty()
                        ? "`histods verify " + bag.id() + "@" + bag.version()
                                + "` reads them, and `histods remove` then deletes them if they are right;"
                                + " it deletes them unread with --discard-extra"
                        : "copy them out of " + bag.path() + "; `histods remove` deletes them with --discard-extra");
    }

    /** The files that were not read, for messages; only if there are any. */
    public String unreadFiles() {
        return Count.of(unread, "file") + " (" + Bytes.text(unreadBytes)
                + ") that may be modified: size or times are not the recorded ones, and the content was not read";
    }

    private static Problem undetermined(BagRef bag, Problem reason) {
        return new Problem(
                Problem.Kind.EXTRA_FILES,
                "cannot determine whether " + bag.id() + " " + bag.version()
                        + " contains modified files, or files that are not part of the dataset: " + reason.message(),
                "check " + bag.data() + "; `histods remove` deletes all of it with --discard-extra",
                reason);
    }
}
