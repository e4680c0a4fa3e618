package org.histods.provenance.export;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.histods.concurrent.Parallel;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.mirror.PendingFolder;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FileNames;
import org.histods.text.Bytes;
import org.histods.text.Count;

/**
 * Exports a pulled dataset in a standard form. An export is complete or absent, and, unless links are requested, independent
 * of the mirror: it may be modified. Every file is compared with its checksum while it is copied, so that damage in the
 * mirror is not passed on.
 */
public final class Exporter {

    /** The form of an export. */
    public enum Form {
        /** A BagIt 1.0 bag whose payload is the dataset and an RO-Crate that describes it. */
        BAGIT,
        /** An RO-Crate 1.2: the files below {@code data/}, their checksums and receipts beside them. */
        RO_CRATE,
        /** A Croissant 1.1 description, without the files. */
        CROISSANT;

        /** The word on the command line, such as {@code ro-crate}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * A finished export.
     *
     * @param folder its folder
     * @param files how many files of the dataset are in it
     * @param bytes how many bytes they hold
     * @param lacking the properties that the form requires and that are unknown
     */
    public record Done(Path folder, long files, long bytes, List<String> lacking) {
        public Done {
            lacking = List.copyOf(lacking);
        }
    }

    private static final String KEPT = "the mirror is unchanged, and the unfinished export was deleted";

    private final Bag bag;
    private final Manifest manifest;
    private final boolean links;
    private final int threads;

    /**
     * Creates an exporter.
     *
     * @param manifest the manifest that the bag was made with
     * @param links whether files are hard links to those of the mirror, which must not be modified
     */
    public Exporter(Bag bag, Manifest manifest, boolean links, int threads) {
        this.bag = bag;
        this.manifest = manifest;
        this.links = links;
        this.threads = threads;
    }

    /**
     * Makes an export.
     *
     * @param to a folder that does not exist or is empty
     * @throws Problem {@code USAGE} if the folder cannot be used; {@code WRONG_BYTES} if the bag does not match its
     *     record; {@code DISK}; {@code INTERRUPTED}
     */
    public Done to(Path to, Form form) throws Problem {
        Path place = to.toAbsolutePath().normalize();
        Path parent = place.getParent();
        if (parent == null || !free(place)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    place + " exists and is not an empty folder",
                    "name a folder that does not exist yet");
        }
        try (PendingFolder draft = draft(place, parent)) {
            refuseMountPoint(place, parent);
            if (form != Form.CROISSANT && !links) {
                requireSpace(parent);
            }
            Done done = make(Files.createDirectory(draft.content()), place, form);
            // This deletes only an empty folder.
            Files.deleteIfExists(place);
            draft.moveTo(place);
            return done;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write the export to " + place, e), KEPT, e);
        }
    }

    private Done make(Path made, Path place, Form form) throws IOException, Problem {
        switch (form) {
            case BAGIT -> {
                put(made.resolve("data"), place);
                new BagExport(bag, manifest).write(made);
            }
            case RO_CRATE -> {
                put(made.resolve("data"), place);
                new RoCrateExport(bag, manifest).write(made);
            }
            case CROISSANT -> {
                CroissantWriter croissant = new CroissantWriter(bag, manifest);
                croissant.write(made.resolve("croissant.json"));
                return new Done(place, 0, 0, croissant.lacking());
            }
        }
        return new Done(place, bag.fileCount(), bag.bytes(), List.of());
    }

    private static boolean free(Path place) throws Problem {
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (Stream<Path> list = Files.list(place)) {
            return list.findAny().isEmpty();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read the folder " + place, e));
        }
    }

    /** Refuses a mount point before copying: it cannot be replaced by a rename. */
    private static void refuseMountPoint(Path place, Path parent) throws Problem, IOException {
        if (Files.exists(place) && !disk(place).equals(disk(parent))) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    place + " is a mount point, which cannot be replaced by the export",
                    "name a new folder in it, such as " + place.resolve("export"));
        }
    }

    private static Object disk(Path path) throws IOException {
        return Objects.requireNonNull(Files.getAttribute(path, "unix:dev"));
    }

    private static PendingFolder draft(Path place, Path parent) throws Problem {
        try {
            return PendingFolder.of(place);
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot make a folder in " + parent + ": " + Problem.why(e),
                    "name a folder that you can write to; nothing was exported",
                    e);
        }
    }

    private void requireSpace(Path parent) throws Problem {
        long free = parent.toFile().getUsableSpace();
        if (free < bag.bytes()) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "the export needs " + Bytes.text(bag.bytes()) + " on the disk of " + parent + ", "
                            + Bytes.text(free) + " are free",
                    "free some space, export to another disk, or use --link on the mirror's own disk");
        }
    }

    private void put(Path data, Path place) throws Problem, IOException {
        Map<FilePath, Checksum> checksums = bag.checksums();
        for (FilePath path : checksums.keySet()) {
            Files.createDirectories(data.resolve(path.text()).getParent());
        }
        FileNames names = new FileNames(bag.ref().data());
        List<FilePath> wrong = Parallel.map(threads, List.copyOf(checksums.keySet()), path -> {
                    Path from = names.of(path);
                    Path to = data.resolve(path.text());
                    if (!Files.isRegularFile(from)) {
                        return Optional.of(path);
                    }
                    Checksum got = links ? linked(from, to, place) : copied(from, to);
                    return got.equals(checksums.get(path)) ? Optional.<FilePath>empty() : Optional.of(path);
                })
                .stream()
                .flatMap(Optional::stream)
                .toList();
        if (!wrong.isEmpty()) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    Count.of(wrong.size(), "file") + " of " + bag.ref().id()
                            + " in the mirror "
                            + (wrong.size() == 1
                                    ? "does not match its record: "
                                    : "do not match their record, such as ")
                            + wrong.get(0),
                    "`histods verify " + bag.ref().id() + " --repair` repairs the mirror; nothing was exported");
        }
    }

    private static Checksum linked(Path from, Path to, Path place) throws IOException, Problem {
        try {
            Files.createLink(to, from);
        } catch (FileSystemException | UnsupportedOperationException e) {
            String reason = e instanceof FileSystemException failure ? failure.getReason() : null;
            throw new Problem(
                    Problem.Kind.DISK,
                    "cannot link the files of the mirror to " + place + (reason == null ? "" : ": " + reason),
                    "links work on the mirror's own disk only: export to a folder there, or leave out --link and take"
                            + " copies; nothing was exported",
                    e);
        }
        return Hasher.sha256(to);
    }

    private static Checksum copied(Path from, Path to) throws IOException, Problem {
        Hasher hasher = Hasher.of(Set.of(), Files.size(from));
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(from);
                OutputStream out = Files.newOutputStream(to)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                hasher.update(buffer, 0, n);
                out.write(buffer, 0, n);
                if (Thread.currentThread().isInterrupted()) {
                    throw Problem.interrupted();
                }
            }
        }
        if (Files.isExecutable(from) && !to.toFile().setExecutable(true, false)) {
            throw new IOException(to + " cannot be made executable");
        }
        return hasher.sha256();
    }
}
