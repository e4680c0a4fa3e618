package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.histods.problem.Problem;

/**
 * The bags under their names. A bag that another is to replace is moved aside first, to a hidden name beside its own;
 * where a crash left it there and its place is empty, it is put back as soon as somebody looks.
 */
final class Bags {

    private static final String ASIDE = ".replaced-";

    private final Layout layout;
    private final Disk disk;
    private final MirrorDeletion deletion;

    Bags(Layout layout, Disk disk, MirrorDeletion deletion) {
        this.layout = layout;
        this.disk = disk;
        this.deletion = deletion;
    }

    /** All, sorted by id and version. */
    List<BagRef> all() {
        List<BagRef> bags = new ArrayList<>();
        for (String id : disk.names(layout.datasets())) {
            bags.addAll(of(id));
        }
        return bags;
    }

    /** Those of one dataset, sorted by version. */
    List<BagRef> of(String id) {
        Path folder = layout.dataset(id);
        for (String name : disk.names(folder)) {
            int aside = name.startsWith(".") ? name.indexOf(ASIDE) : -1;
            if (aside > 1 && !Files.exists(folder.resolve(name.substring(1, aside)))) {
                putBack(folder, name.substring(1, aside));
            }
        }
        return disk.names(folder).stream()
                .filter(name -> !name.startsWith("."))
                .map(version -> new BagRef(id, version, folder.resolve(version)))
                .toList();
    }

    /** The one of that name, empty if there is none. */
    Optional<BagRef> find(String id, String version) {
        Path folder = layout.dataset(id);
        Path path = folder.resolve(version);
        if (!Files.isDirectory(path)) {
            putBack(folder, version);
        }
        return Files.isDirectory(path) ? Optional.of(new BagRef(id, version, path)) : Optional.empty();
    }

    /** The id of the dataset in whose folder a path lies; empty where it lies elsewhere. */
    Optional<String> datasetAt(Path path) {
        Path datasets;
        try {
            datasets = layout.datasets().toRealPath();
        } catch (IOException e) {
            // There is no such folder, and so nothing lies in it.
            return Optional.empty();
        }
        boolean below = path.startsWith(datasets) && !path.equals(datasets);
        return below ? Optional.of(datasets.relativize(path).getName(0).toString()) : Optional.empty();
    }

    private static String aside(String version) {
        return "." + version + ASIDE;
    }

    private void putBack(Path folder, String version) {
        for (String name : disk.names(folder)) {
            if (name.startsWith(aside(version))) {
                try {
                    disk.move(folder.resolve(name), folder.resolve(version));
                    return;
                } catch (IOException e) {
                    // Somebody else put it back, or is replacing it right now: then it is there again in a moment.
                    return;
                }
            }
        }
    }

    /**
     * Gives a bag its name, in one step and in the place of the one that had it.
     *
     * @throws Problem {@code USAGE} if something else than a bag has that name, which is left alone
     */
    BagRef publish(Path made, String id, String version) throws IOException, Problem {
        Path folder = layout.dataset(id);
        Path target = folder.resolve(version);
        for (int attempt = 0; ; attempt++) {
            disk.makeFolder(folder);
            Path aside = folder.resolve(aside(version) + UUID.randomUUID());
            moveAside(target, aside);
            try {
                disk.move(made, target);
            } catch (IOException e) {
                boolean theirs = Files.exists(target);
                boolean swept = !Files.exists(folder);
                if (!theirs && Files.exists(aside)) {
                    disk.move(aside, target);
                }
                if ((!theirs && !swept) || attempt == Disk.RIVALS) {
                    throw e;
                }
                // Somebody else published one in between, put the old one back, or removed the last one and with it the
                // folder of the dataset: ours goes there all the same.
                throwAway(aside);
                continue;
            }
            disk.force(folder);
            throwAway(aside);
            return new BagRef(id, version, target);
        }
    }

    private void moveAside(Path target, Path aside) throws IOException, Problem {
        try {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                deletion.refuse(MirrorPlace.BAG, target);
                disk.move(target, aside);
            }
        } catch (NoSuchFileException e) {
            // Somebody else moved it aside a moment ago.
            return;
        }
    }

    /** The new bag is there, whatever becomes of the old one; `histods gc` finds what is left of that. */
    private void throwAway(Path aside) {
        try {
            deletion.delete(MirrorPlace.REPLACED_BAG, aside);
        } catch (IOException | Problem e) {
            return;
        }
    }

    /** Takes a bag out of sight, and the folder of its dataset with the last one; gives the staging folder that it is in. */
    Path takeOut(BagRef bag) throws IOException, Problem {
        Path staging = deletion.moveToStaging(MirrorPlace.BAG, bag.path());
        disk.deleteEmpty(layout.dataset(bag.id()));
        return staging;
    }

    /** What was moved aside and is of no use, for another bag has its name. */
    List<Path> replaced() {
        List<Path> old = new ArrayList<>();
        for (BagRef bag : all()) {
            Path folder = layout.dataset(bag.id());
            for (String name : disk.names(folder)) {
                if (name.startsWith(aside(bag.version()))) {
                    old.add(folder.resolve(name));
                }
            }
        }
        return old;
    }
}
