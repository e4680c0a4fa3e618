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
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;

/**
 * The bags in {@code datasets/}. A bag that is replaced is first moved aside, to a hidden name in the same folder; if a crash
 * leaves it there without a replacement, the next look-up moves it back.
 */
final class BagStore {

    private static final String ASIDE = ".replaced-";

    private final MirrorLayout layout;
    private final FileOperations disk;
    private final MirrorDeletion deletion;

    BagStore(MirrorLayout layout, FileOperations disk, MirrorDeletion deletion) {
        this.layout = layout;
        this.disk = disk;
        this.deletion = deletion;
    }

    /** All bags, sorted by id and version. Entries with other names than bags have are ignored. */
    List<BagRef> all() {
        List<BagRef> bags = new ArrayList<>();
        for (String name : disk.names(layout.datasets())) {
            DatasetId.of(name).ifPresent(id -> bags.addAll(of(id)));
        }
        return bags;
    }

    /** The bags of one dataset, sorted by version. */
    List<BagRef> of(DatasetId id) {
        Path folder = layout.dataset(id);
        for (String name : disk.names(folder)) {
            int aside = name.startsWith(".") ? name.indexOf(ASIDE) : -1;
            if (aside > 1) {
                DatasetVersion.of(name.substring(1, aside)).ifPresent(version -> find(id, version));
            }
        }
        return disk.names(folder).stream()
                .map(DatasetVersion::of)
                .flatMap(Optional::stream)
                .map(version -> new BagRef(id, version, layout.bag(id, version)))
                .filter(bag -> Files.isDirectory(bag.path()))
                .toList();
    }

    /** The bag of that name, empty if there is none. */
    Optional<BagRef> find(DatasetId id, DatasetVersion version) {
        Path path = layout.bag(id, version);
        if (!Files.exists(path)) {
            putBack(path);
        }
        return Files.isDirectory(path) ? Optional.of(new BagRef(id, version, path)) : Optional.empty();
    }

    /** The id of the dataset whose folder contains a path; empty if none does. */
    Optional<DatasetId> datasetAt(Path path) {
        Path datasets;
        try {
            datasets = layout.datasets().toRealPath();
        } catch (IOException e) {
            // There is no such folder.
            return Optional.empty();
        }
        boolean below = path.startsWith(datasets) && !path.equals(datasets);
        return below ? DatasetId.of(datasets.relativize(path).getName(0).toString()) : Optional.empty();
    }

    private static String aside(Path bag) {
        return "." + bag.getFileName() + ASIDE;
    }

    private void putBack(Path bag) {
        if (!layout.holds(bag)) {
            return;
        }
        Path folder = bag.resolveSibling("");
        for (String name : disk.names(folder)) {
            if (name.startsWith(aside(bag))) {
                try {
                    disk.move(folder.resolve(name), bag);
                    return;
                } catch (IOException e) {
                    // Another process moved it back, or is replacing it: then it is there again in a moment.
                    return;
                }
            }
        }
    }

    /**
     * A published bag.
     *
     * @param replaced the path of the bag that had the name before; nothing is there if none had it
     */
    record Published(BagRef bag, Path replaced) {}

    /**
     * Publishes a bag under its name by one rename. A bag that has the name is moved aside.
     *
     * @throws Problem {@code USAGE} if something else than a bag has that name, which is left alone; {@code DISK} if a link
     *     leads out of the mirror; what {@code carry} throws
     */
    Published publish(Path made, DatasetId id, DatasetVersion version, CarryOver carry) throws IOException, Problem {
        Path folder = layout.dataset(id);
        Path target = layout.inside(layout.bag(id, version));
        for (int attempt = 0; ; attempt++) {
            disk.makeFolder(folder);
            Path aside = folder.resolve(aside(target) + UUID.randomUUID());
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                deletion.refuse(PlaceKind.BAG, target);
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
                if ((!theirs && !swept) || attempt == FileOperations.RIVALS) {
                    throw e;
                }
                // Another process published one in between, moved the old one back, or removed the last one together
                // with
                // the folder of the dataset: try again.
                deleteReplaced(aside);
                continue;
            }
            disk.force(folder);
            return new Published(new BagRef(id, version, target), aside);
        }
    }

    private void moveAside(Path target, Path aside) throws IOException, Problem {
        try {
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                deletion.refuse(PlaceKind.BAG, target);
                disk.move(target, aside);
            }
        } catch (NoSuchFileException e) {
            // Another process moved it aside a moment ago.
            return;
        }
    }

    /** Deletes a replaced bag. Best effort: `histods gc` finds what is left. */
    void deleteReplaced(Path aside) {
        try {
            deletion.delete(PlaceKind.REPLACED_BAG, aside);
        } catch (IOException | Problem e) {
            return;
        }
    }

    /** Moves a bag to a staging folder, and deletes the folder of its dataset if it was the last one; the staging folder. */
    Path moveToStaging(BagRef bag) throws IOException, Problem {
        Path staging = deletion.moveToStaging(PlaceKind.BAG, layout.inside(layout.bag(bag.id(), bag.version())));
        disk.deleteEmpty(layout.dataset(bag.id()));
        return staging;
    }

    /** Bags that were moved aside and whose name another bag has. */
    List<Path> replaced() {
        List<Path> old = new ArrayList<>();
        for (BagRef bag : all()) {
            Path folder = layout.dataset(bag.id());
            for (String name : disk.names(folder)) {
                if (name.startsWith(aside(bag.path()))) {
                    old.add(folder.resolve(name));
                }
            }
        }
        return old;
    }
}
