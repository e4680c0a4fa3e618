package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.histods.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What makes a folder a mirror: {@code mirror.json} with the format of its layout, and a mark for backup programs. */
final class MirrorFormat {

    /** The format of the layout that this program writes. */
    private static final int WRITTEN = 1;

    /** What is written; recognised as it is, because a JSON parser takes longer to load than most commands need. */
    private static final String TEXT = "{\"format\":" + WRITTEN + "}\n";

    /** The tag that makes backup programs skip the folder (bford.info/cachedir). */
    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This is a mirror of public datasets, made by histods. They can be pulled again.
            """;

    private final Path root;
    private final FileOperations disk;

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
     * @throws Problem {@code USAGE} if it is not a folder, or has a newer format; {@code DISK}
     */
    void check() throws Problem {
        refuseFile();
        if (Files.exists(file())) {
            format();
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
            String text = Files.readString(file());
            format = text.equals(TEXT)
                    ? WRITTEN
                    : JsonMapper.shared().readTree(text).path("format").asInt(0);
        } catch (IOException e) {
            throw FileOperations.problem("cannot read " + file(), e);
        } catch (JacksonException e) {
            throw new Problem(Problem.Kind.DISK, file() + " is damaged: " + e.getOriginalMessage());
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

    /** Makes the folder a mirror if it is not one. */
    void prepare() throws Problem {
        check();
        try {
            Files.createDirectories(root);
            if (!Files.exists(file())) {
                if (!Files.exists(root.resolve("CACHEDIR.TAG"), LinkOption.NOFOLLOW_LINKS)) {
                    disk.write(root.resolve("CACHEDIR.TAG"), TAG);
                }
                disk.write(file(), TEXT);
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot write the mirror " + root, e);
        }
    }
}
