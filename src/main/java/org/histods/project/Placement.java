package org.histods.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.histods.digest.Fingerprint;
import org.histods.mirror.Deletion;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.pull.Subset;
import org.jspecify.annotations.Nullable;

/**
 * Puts datasets where a project wants them. What it did not put there itself it neither replaces nor deletes, and of
 * what it did only links: a copy may have been worked on.
 */
public final class Placement {

    /** How a dataset is put into a project. */
    public enum Form {
        /** One link to the folder in the mirror; a folder of links to files where the mirror holds more than wanted. */
        LINK,
        /** The files again, which take their room once more and may be changed. */
        COPY,
        /** Hard links: real files without further room, read-only, on the mirror's file system only. */
        HARDLINK;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Project project;
    private final Places places;

    public Placement(Project project) {
        this.project = project;
        this.places = new Places(project);
    }

    /**
     * Puts a dataset in its place.
     *
     * @param form how; null to keep what is there, or a link where nothing is
     * @param exact whether copies that are there are compared byte by byte rather than by size
     * @return whether anything was put; false if it was there
     * @throws Problem {@code USAGE} if something that histods did not put is in the way, or a copy differs;
     *     {@code DISK}
     */
    public boolean put(
            Declared declared, Fingerprint fingerprint, Subset subset, Bag bag, @Nullable Form form, boolean exact)
            throws Problem {
        Path place = project.place(declared);
        Path data = bag.ref().data().toAbsolutePath();
        Optional<Places.Put> before = places.at(declared.path());
        Form wanted = form != null ? form : before.map(Places.Put::form).orElse(Form.LINK);
        Places.Put put = new Places.Put(wanted, fingerprint.hex());
        try {
            boolean there = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
            if (there && linksTo(place, data) && wanted == Form.LINK && subset.whole()) {
                places.note(declared.path(), put);
                return false;
            }
            if (there && before.isEmpty() && !emptyFolder(place)) {
                throw inTheWay(place, "histods did not put it there");
            }
            if (there && before.isPresent() && before.get().equals(put) && !Files.isSymbolicLink(place)) {
                if (new PlacedTree(place, subset, data).intact(wanted, exact)) {
                    return false;
                }
            }
            make(place, there, data, subset, wanted);
            places.note(declared.path(), put);
            return true;
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK,
                    Problem.because("cannot put " + declared.name() + " at " + place, e),
                    wanted == Form.HARDLINK
                            ? "hard links need the mirror's own file system; --copy works anywhere"
                            : null);
        }
    }

    /**
     * Takes the links of a dataset out of the project.
     *
     * @return whether nothing of it is left there; false if a copy stays, which is the user's to delete
     */
    public boolean take(Declared declared) throws Problem {
        Path place = project.place(declared);
        Optional<Places.Put> put = places.at(declared.path());
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            places.forget(declared.path());
            return true;
        }
        try {
            if (put.isEmpty() || !onlyLinks(place)) {
                return false;
            }
            Deletion.of(place);
            places.forget(declared.path());
            return true;
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot delete " + place, e));
        }
    }

    private void make(Path place, boolean there, Path data, Subset subset, Form form) throws Problem, IOException {
        if (there && !onlyLinks(place)) {
            throw inTheWay(place, "it holds files that are no links, and they may be yours");
        }
        Path parent = Files.createDirectories(project.folder().resolve(place).getParent());
        Path made = parent.resolve("." + place.getFileName() + ".histods-" + UUID.randomUUID());
        try {
            if (form == Form.LINK && subset.whole()) {
                Files.createSymbolicLink(made, data);
            } else {
                Files.createDirectories(made);
                for (BagFile file : subset.files()) {
                    one(
                            data.resolve(file.path().text()),
                            made.resolve(file.path().text()),
                            form);
                }
            }
            if (there) {
                Deletion.of(place);
            }
            Files.move(made, place);
        } finally {
            if (Files.exists(made, LinkOption.NOFOLLOW_LINKS)) {
                Deletion.of(made);
            }
        }
    }

    private static void one(Path from, Path to, Form form) throws IOException {
        Files.createDirectories(to.getParent());
        switch (form) {
            case LINK -> Files.createSymbolicLink(to, from);
            case HARDLINK -> Files.createLink(to, from);
            case COPY -> {
                Files.copy(from, to, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                if (!to.toFile().setWritable(true)) {
                    throw new IOException(to + " cannot be made writable");
                }
            }
        }
    }

    private static Problem inTheWay(Path place, String why) {
        return new Problem(
                Problem.Kind.USAGE,
                place + " is in the way: " + why,
                "move or delete it, or give the dataset another path in " + Declaration.FILE);
    }

    private static boolean linksTo(Path place, Path data) throws IOException {
        return Files.isSymbolicLink(place) && Files.readSymbolicLink(place).equals(data);
    }

    private static boolean emptyFolder(Path place) throws IOException {
        if (!Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (var list = Files.list(place)) {
            return list.findAny().isEmpty();
        }
    }

    private static boolean onlyLinks(Path place) throws IOException {
        try (var walk = Files.walk(place)) {
            List<Path> others = walk.filter(p -> !Files.isSymbolicLink(p))
                    .filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
                    .limit(1)
                    .toList();
            return others.isEmpty();
        }
    }
}
