package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.problem.Problem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What makes a folder a mirror: {@code mirror.json} with the format of its layout, and a mark for backup programs. */
final class Format {

    /** The format of the layout that this program writes. */
    private static final int WRITTEN = 1;

    /** The bytes that tell backup programs to leave the folder out (bford.info/cachedir). */
    private static final String TAG = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This is a mirror of public datasets, made by histods. They can be pulled again.
            """;

    private final Path root;
    private final Disk disk;

    Format(Path root, Disk disk) {
        this.root = root;
        this.disk = disk;
    }

    private Path file() {
        return root.resolve("mirror.json");
    }

    /**
     * Refuses what is no folder, and a folder of a newer format.
     *
     * @throws Problem {@code USAGE} if it is such a one; {@code DISK}
     */
    void check() throws Problem {
        if (Files.exists(root) && !Files.isDirectory(root)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the mirror " + root + " is a file, not a folder",
                    "name a folder with --mirror, HISTODS_MIRROR or in the settings; one that is not there is made");
        }
        if (!Files.exists(file())) {
            return;
        }
        int format;
        try {
            format = new JsonMapper()
                    .readTree(Files.readString(file()))
                    .path("format")
                    .asInt(0);
        } catch (IOException e) {
            throw Disk.problem("cannot read " + file(), e);
        } catch (JacksonException e) {
            throw new Problem(Problem.Kind.DISK, file() + " is damaged: " + e.getOriginalMessage());
        }
        if (format > WRITTEN) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    root + " is a mirror of format " + format + "; this histods writes format " + WRITTEN,
                    "use a newer histods, or another folder with --mirror");
        }
    }

    /** Whether the folder is a mirror already. */
    boolean there() {
        return Files.isRegularFile(file());
    }

    /** Makes the folder a mirror where it is none. */
    void prepare() throws Problem {
        check();
        try {
            Files.createDirectories(root);
            if (!Files.exists(file())) {
                disk.write(root.resolve("CACHEDIR.TAG"), TAG);
                disk.write(file(), "{\"format\":" + WRITTEN + "}\n");
            }
        } catch (IOException e) {
            throw Disk.problem("cannot write the mirror " + root, e);
        }
    }
}
