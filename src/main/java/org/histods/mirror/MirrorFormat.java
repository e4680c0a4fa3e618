package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import org.histods.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files that mark a folder as a mirror: {@code mirror.json} with the format of its layout, and a tag for backup
 * programs.
 */
final class MirrorFormat {

    /** The format of the layout that this program writes. */
    private static final int WRITTEN = 1;

    /** The text that is written. It is recognised without a JSON parser, which takes longer to load than most commands need. */
    private static final String TEXT = "{\"format\":" + WRITTEN + "}\n";

    /** The tag that makes backup programs skip the folder (bford.info/cachedir). */
    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This is a mirror of public datasets, made by histods. They can be pulled again.
            """;

    private final Path root;
    private final FileOperations disk;
    private volatile boolean shared;

    MirrorFormat(Path root, FileOperations disk) {
        this.root = root;
        this.disk = disk;
    }

    private Path file() {
        return root.resolve("mirror.json");
    }

    /**
     * Checks that the mirror can be used; it need not exist.
     *
     * @throws Problem {@code USAGE} if it is not a folder, or has a newer format; {@code WRONG_BYTES} if
     *     {@code mirror.json} is damaged; {@code DISK}
     */
    void check() throws Problem {
        refuseFile();
        if (Files.exists(file()) && !Files.isRegularFile(file())) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    file() + " is damaged: it is not a file",
                    "if this is your mirror, put a file with {\"format\":" + WRITTEN
                            + "} in its place, then run `histods verify`");
        }
        if (Files.exists(file()) && format() < 1) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    file() + " is damaged: it does not state the format of the mirror",
                    "if this is your mirror, write {\"format\":" + WRITTEN
                            + "} into that file, then run `histods verify`");
        }
    }

    private void refuseFile() throws Problem {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the mirror " + root + " is a file, not a folder",
                    "give a folder with --mirror, HISTODS_MIRROR or in the settings; it is created if it does not exist");
        }
    }

    /**
     * Checks that the folder is a mirror: nothing may be deleted in any other folder.
     *
     * @throws Problem {@code USAGE} if the folder has no {@code mirror.json}, or one of another format; {@code DISK}
     */
    void require() throws Problem {
        refuseFile();
        boolean valid = Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS) && format() >= 1;
        if (!valid) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    root + " is not a mirror: it has no valid mirror.json",
                    "give the mirror with --mirror, HISTODS_MIRROR or in the settings; nothing was deleted");
        }
    }

    private int format() throws Problem {
        int format;
        try {
            String text = FileOperations.text(file());
            format = text.equals(TEXT)
                    ? WRITTEN
                    : JsonMapper.shared().readTree(text).path("format").asInt(0);
        } catch (IOException e) {
            throw FileOperations.problem("cannot read " + file(), e);
        } catch (JacksonException e) {
            return 0;
        }
        if (format > WRITTEN) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    root + " is a mirror of format " + format + "; this version of histods writes format " + WRITTEN,
                    "update histods, or use another folder with --mirror");
        }
        return format;
    }

    /** Whether the folder is a mirror. */
    boolean there() {
        return Files.isRegularFile(file());
    }

    private static boolean setGroup(Path folder) throws IOException {
        return (((Number) Objects.requireNonNull(Files.getAttribute(folder, "unix:mode"))).intValue()
                        & FileOperations.SET_GROUP)
                != 0;
    }

    /**
     * Shares the top folders, for a mirror that was given to a group after it was made. Other files in the mirror's folder do not
     * belong to the mirror and may be private.
     */
    private void shareTop() {
        if (shared) {
            return;
        }
        shared = true;
        for (String name : MirrorLayout.FOLDERS) {
            Path top = root.resolve(name);
            if (!Files.isDirectory(top, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            FileOperations.share(top);
            if (name.equals("datasets") || name.equals("stamps") || name.equals("index") || name.equals("partial")) {
                disk.names(top).stream()
                        .map(top::resolve)
                        .filter(path -> Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                        .filter(path -> !name.equals("datasets") || holdsBag(path))
                        .forEach(FileOperations::share);
            }
        }
    }

    private boolean holdsBag(Path folder) {
        return disk.names(folder).stream()
                .anyMatch(name -> Files.exists(folder.resolve(name).resolve("bagit.txt")));
    }

    /** Whether the folder contains only what a mirror has, so that all of it can be pulled again. */
    private boolean isAlone() {
        return disk.names(root).stream()
                .allMatch(name -> MirrorLayout.FOLDERS.contains(name) || name.equals("lost+found"));
    }

    /** Makes the folder a mirror if it is not one. */
    void prepare() throws Problem {
        check();
        try {
            if (!Files.exists(root)) {
                // In a folder whose content belongs to a group, not in one where anybody may write, such as /tmp.
                if (setGroup(FolderAccess.existing(root.toAbsolutePath()))) {
                    disk.makeFolder(root);
                } else {
                    Files.createDirectories(root);
                }
            }
            shareTop();
            if (!Files.exists(file())) {
                // The tag covers everything in the folder, so that backups of a home folder would be empty.
                if (isAlone() && !Files.exists(root.resolve("CACHEDIR.TAG"), LinkOption.NOFOLLOW_LINKS)) {
                    disk.write(root.resolve("CACHEDIR.TAG"), TAG);
                }
                disk.write(file(), TEXT);
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot write the mirror " + root, e);
        }
    }
}
