package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
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

    Bags(Layout layout, Disk disk) {
        this.layout = layout;
        this.disk = disk;
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
     * A bag under its name.
     *
     * @param replaced where the bag is that had the name before; nothing is there if none had it
     */
    record Published(BagRef bag, Path replaced) {}

    /** Gives a bag its name, in one step and in the place of the one that had it, which is moved aside. */
    Published publish(Path made, String id, String version, CarryOver carry) throws IOException, Problem {
        Path folder = layout.dataset(id);
        Path target = folder.resolve(version);
        for (int attempt = 0; ; attempt++) {
            disk.makeFolder(folder);
            Path aside = folder.resolve(aside(version) + UUID.randomUUID());
            if (Files.exists(target)) {
                carry.carry(target, made);
            }
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
            return new Published(new BagRef(id, version, target), aside);
        }
    }

    private void moveAside(Path target, Path aside) throws IOException {
        try {
            if (Files.exists(target)) {
                disk.move(target, aside);
            }
        } catch (NoSuchFileException e) {
            // Somebody else moved it aside a moment ago.
            return;
        }
    }

    /** Best effort: `histods gc` finds what is left of a bag that was replaced. */
    void throwAway(Path aside) {
        try {
            if (Files.exists(aside)) {
                delete(aside);
            }
        } catch (IOException e) {
            return;
        }
    }

    /** Out of the way first, so that a half-deleted bag is never found or put back. */
    private void delete(Path bag) throws IOException {
        Files.createDirectories(layout.staging());
        Path away = layout.newInStaging();
        disk.move(bag, away);
        disk.deleteAll(away);
    }

    /** Takes a bag out, and the folder of its dataset with the last one. */
    void remove(BagRef bag) throws IOException {
        delete(bag.path());
        Path folder = layout.dataset(bag.id());
        if (disk.names(folder).isEmpty()) {
            Files.deleteIfExists(folder);
        }
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
