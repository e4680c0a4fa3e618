package org.histods.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.histods.digest.Fingerprint;
import org.histods.mirror.PendingFolder;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.jspecify.annotations.Nullable;

/**
 * Puts datasets where a project wants them. What it did not put there itself it neither replaces nor deletes, and of
 * what it did only links, each of which it knows: a copy may have been worked on.
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
    private final PlacementLog places;

    public Placement(Project project) {
        this.project = project;
        this.places = new PlacementLog(project);
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
            Declared declared,
            Fingerprint fingerprint,
            BagSelection subset,
            Bag bag,
            @Nullable Form form,
            boolean exact)
            throws Problem {
        Path place = project.inside(project.place(declared));
        Path data = bag.ref().data().toAbsolutePath();
        Optional<PlacementLog.Put> before = places.at(declared.path());
        Form wanted = form != null ? form : before.map(PlacementLog.Put::form).orElse(Form.LINK);
        PlacementLog.Put put = new PlacementLog.Put(wanted, fingerprint.hex(), data.toString());
        try {
            boolean there = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
            if (there && linksTo(place, data) && wanted == Form.LINK && subset.whole()) {
                places.note(declared.path(), put);
                return false;
            }
            if (there && before.isEmpty() && !emptyFolder(place)) {
                throw inTheWay(place, "histods did not put it there");
            }
            boolean same = before.isPresent()
                    && before.get().form() == wanted
                    && before.get().of(fingerprint);
            if (there && same && !Files.isSymbolicLink(place)) {
                if (new PlacedTree(place, subset, data).intact(wanted, exact)) {
                    places.note(declared.path(), put);
                    return false;
                }
            }
            if (there) {
                clear(links(declared, place, before));
            }
            make(place, data, subset, wanted);
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
     * @return something that is there and that histods did not put there as a link, such as a copy or a file of the
     *     user's: then all of it stays; empty if nothing is left there
     */
    public Optional<Path> take(Declared declared) throws Problem {
        Path place = project.inside(project.place(declared));
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            places.forget(declared.path());
            return Optional.empty();
        }
        try {
            Optional<PlacementLog.Put> put = places.at(declared.path());
            PlacedLinks links = links(declared, place, put);
            Optional<Path> foreign = put.isEmpty() ? Optional.of(place) : links.foreign();
            if (foreign.isPresent() || !links.delete()) {
                return Optional.of(foreign.orElse(place));
            }
            places.forget(declared.path());
            return Optional.empty();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot delete " + place, e));
        }
    }

    /** The note comes with the project and may say anything: only links to a dataset of that name are histods's own. */
    private static PlacedLinks links(Declared declared, Path place, Optional<PlacementLog.Put> put) {
        Path from = put.map(PlacementLog.Put::from)
                .filter(text -> text.indexOf('\0') < 0)
                .map(Path::of)
                .filter(path -> path.getNameCount() > 4
                        && path.endsWith("data")
                        && path.getName(path.getNameCount() - 3)
                                .toString()
                                .equals(declared.id().text())
                        && path.getName(path.getNameCount() - 4).toString().equals("datasets"))
                .orElse(null);
        return new PlacedLinks(place, from);
    }

    /** Takes away what was put there before, if that is all there is. */
    private static void clear(PlacedLinks links) throws Problem, IOException {
        Optional<Path> foreign = links.foreign();
        if (foreign.isPresent()) {
            throw inTheWay(
                    links.place(),
                    (foreign.get().equals(links.place()) ? "it" : foreign.get())
                            + " is no link that histods put there, and may be yours");
        }
        links.delete();
    }

    private static void make(Path place, Path data, BagSelection subset, Form form) throws IOException {
        try (PendingFolder draft = PendingFolder.of(place)) {
            if (form == Form.LINK && subset.whole()) {
                Files.createSymbolicLink(draft.content(), data);
            } else {
                Files.createDirectories(draft.content());
                for (BagFile file : subset.files()) {
                    one(
                            data.resolve(file.path().text()),
                            draft.content().resolve(file.path().text()),
                            form);
                }
            }
            draft.moveTo(place);
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
}
