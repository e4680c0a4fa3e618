package org.histods.project;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.histods.digest.Fingerprint;
import org.histods.mirror.PendingFolder;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.histods.provenance.FileNames;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * Puts datasets at their paths in a project. It replaces and deletes only links that it made itself: copies may have been
 * edited, and everything else belongs to the user.
 */
public final class Placement {

    /** How a dataset gets into a project. */
    public enum Form {
        /** One link to the folder in the mirror, or a folder of links if the project selects a part or the mirror has a part. */
        LINK,
        /** Copies, which take up space and can be edited. */
        COPY,
        /** Hard links: real files without further space, read-only. A file that cannot be linked is copied. */
        HARDLINK;
    }

    /** Makes a hard link. */
    @FunctionalInterface
    interface HardLinker {
        void link(Path link, Path existing) throws IOException;
    }

    private final Project project;
    private final PlacementLog places;
    private final Consumer<String> notes;
    private final HardLinker linker;

    /** @param notes receives what the user may want to know, such as files that were copied where links failed */
    public Placement(Project project, Consumer<String> notes) {
        this(project, notes, Files::createLink);
    }

    Placement(Project project, Consumer<String> notes, HardLinker linker) {
        this.project = project;
        this.places = new PlacementLog(project);
        this.notes = notes;
        this.linker = linker;
    }

    /**
     * Puts a dataset at its path.
     *
     * @param form how; null to keep the current form, by default a link
     * @param exact whether existing copies are compared by content rather than by size
     * @return false if it was already there
     * @throws Problem {@code USAGE} if something that histods did not make is in the way, or a copy differs;
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
        Optional<PlacementLog.Put> before =
                places.at(declared.path()).or(() -> ofAnotherMachine(declared, place, fingerprint));
        Form wanted = form != null ? form : before.map(PlacementLog.Put::form).orElse(Form.LINK);
        PlacementLog.Put put = new PlacementLog.Put(wanted, fingerprint.hex(), data.toString());
        try {
            boolean there = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
            if (there && linksTo(place, data) && wanted == Form.LINK && subset.whole()) {
                places.note(declared.path(), put);
                return false;
            }
            if (there && before.isEmpty() && !emptyFolder(place)) {
                if (form == Form.LINK || form == Form.HARDLINK || !isCopy(new PlacedTree(place, subset, data))) {
                    throw inTheWay(place, "histods did not make it");
                }
                places.note(declared.path(), new PlacementLog.Put(Form.COPY, fingerprint.hex(), data.toString()));
                return false;
            }
            boolean same = before.isPresent()
                    && before.get().form() == wanted
                    && before.get().of(fingerprint);
            if (there
                    && same
                    && !Files.isSymbolicLink(place)
                    && new PlacedTree(place, subset, data).intact(wanted, exact)) {
                places.note(declared.path(), put);
                return false;
            }
            if (there) {
                clear(links(declared, place, before, bag.ref().path().getParent()));
            }
            make(place, data, subset, wanted);
            places.note(declared.path(), put);
            if (before.isEmpty() && GitIgnore.tracks(place)) {
                notes.accept("git does not ignore " + declared.path() + ", which is valid on this machine only; put `/"
                        + declared.path() + "` or a folder above it into .gitignore");
            }
            return true;
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.DISK, Problem.because("cannot put " + declared.name() + " at " + place, e), null);
        }
    }

    /**
     * Removes the links of a dataset from the project.
     *
     * @return something at the path that is not a link made by histods, such as a copy or a file of the user's: then
     *     everything stays; empty if everything was removed
     */
    public Optional<Path> remove(Declared declared) throws Problem {
        Path place = project.inside(project.place(declared));
        if (!Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            places.forget(declared.path());
            return Optional.empty();
        }
        try {
            Optional<PlacementLog.Put> put = places.at(declared.path());
            PlacedLinks links = links(declared, place, put, null);
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

    /** Whether the same files are there that a copy would have, such as one that was committed to git. */
    private static boolean isCopy(PlacedTree tree) throws IOException {
        if (!Files.isDirectory(tree.place(), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            return tree.intact(Form.COPY, true);
        } catch (Problem different) {
            return false;
        }
    }

    /**
     * How links to that dataset got to the place without a log: they were committed, and come from another machine or clone. Only
     * links are taken for such, all of them to the files of one version.
     */
    private static Optional<PlacementLog.Put> ofAnotherMachine(Declared declared, Path place, Fingerprint fingerprint) {
        try (Stream<Path> walk = Files.walk(place)) {
            Path link = walk.filter(Files::isSymbolicLink).findFirst().orElse(null);
            if (link == null) {
                return Optional.empty();
            }
            Path from = Files.readSymbolicLink(link);
            for (int i = link.getNameCount(); i > place.getNameCount() && from != null; i--) {
                from = from.getParent();
            }
            Optional<PlacementLog.Put> put = Optional.ofNullable(from)
                    .map(folder -> new PlacementLog.Put(Form.LINK, fingerprint.hex(), folder.toString()));
            return put.isPresent()
                            && links(declared, place, put, null).foreign().isEmpty()
                    ? put
                    : Optional.empty();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /**
     * The log comes with the project and may contain anything: only links to a dataset of that name, or to another one in the same
     * mirror, are histods's own.
     *
     * @param versions the dataset's folder in the mirror; null if it is not known
     */
    private static PlacedLinks links(
            Declared declared, Path place, Optional<PlacementLog.Put> put, @Nullable Path versions) {
        Path datasets = versions == null ? null : versions.toAbsolutePath().getParent();
        Path from = put.map(PlacementLog.Put::from)
                .filter(text -> text.indexOf('\0') < 0)
                .map(Path::of)
                .filter(path -> path.getNameCount() > 4
                        && path.endsWith("data")
                        && path.getName(path.getNameCount() - 4).toString().equals("datasets")
                        && (path.getName(path.getNameCount() - 3)
                                        .toString()
                                        .equals(declared.id().text())
                                || (datasets != null && path.normalize().startsWith(datasets))))
                .orElse(null);
        return new PlacedLinks(place, from);
    }

    /** Removes what was made there before, if there is nothing else. */
    private static void clear(PlacedLinks links) throws Problem, IOException {
        Optional<Path> foreign = links.foreign();
        if (foreign.isPresent()) {
            throw inTheWay(
                    links.place(),
                    (foreign.get().equals(links.place()) ? "it" : foreign.get())
                            + " is not a link that histods made, and may be yours");
        }
        links.delete();
    }

    private void make(Path place, Path data, BagSelection subset, Form form) throws IOException {
        CopiedInstead copied = new CopiedInstead();
        try (PendingFolder draft = PendingFolder.of(place)) {
            if (form == Form.LINK && subset.whole()) {
                Files.createSymbolicLink(draft.content(), data);
            } else {
                Files.createDirectories(draft.content());
                FileNames names = new FileNames(data);
                for (BagFile file : subset.files()) {
                    place(
                            names.of(file.path()),
                            draft.content().resolve(file.path().text()),
                            form,
                            copied);
                }
            }
            draft.moveTo(place);
        }
        if (copied.files > 0) {
            notes.accept(place + ": " + Count.of(copied.files, "file") + " of "
                    + subset.files().size() + " copied, because hard links failed: " + copied.why);
        }
    }

    /** The files that were copied because they could not be linked. */
    private static final class CopiedInstead {
        private int files;
        private String why = "";
    }

    private void place(Path from, Path to, Form form, CopiedInstead copied) throws IOException {
        Files.createDirectories(to.getParent());
        switch (form) {
            case LINK -> Files.createSymbolicLink(to, from);
            case HARDLINK -> {
                try {
                    linker.link(to, from);
                } catch (NoSuchFileException | FileAlreadyExistsException e) {
                    throw e;
                } catch (IOException | UnsupportedOperationException e) {
                    // Another disk, too many names of one file, or a file of another user.
                    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
                    copied.files++;
                    copied.why = e instanceof IOException io ? Problem.why(io) : "this file system has none";
                }
            }
            case COPY -> {
                Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
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
