package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;

/**
 * Finds and publishes bags in {@code datasets/}. A bag that is replaced is first moved aside, to a hidden name in the
 * same folder. If a crash leaves it there and its name is free, the next access moves it back.
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

    /** All bags, sorted by id and version. Entries that are not named like bags do not belong to histods. */
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
                .filter(bag -> isBag(bag.path()))
                .toList();
    }

    /** A folder that cannot be read counts as a bag, so that reading it reports the error. */
    private static boolean isBag(Path folder) {
        return Files.isDirectory(folder)
                && (!Files.isExecutable(folder)
                        || TagFiles.SIGNS.stream().anyMatch(name -> Files.exists(folder.resolve(name))));
    }

    /** Folders that are named like bags but are not; they do not belong to histods. */
    List<Path> strays() {
        List<Path> strays = new ArrayList<>();
        for (String name : disk.names(layout.datasets())) {
            DatasetId id = DatasetId.of(name).orElse(null);
            if (id != null) {
                disk.names(layout.dataset(id)).stream()
                        .map(DatasetVersion::of)
                        .flatMap(Optional::stream)
                        .map(version -> layout.bag(id, version))
                        .filter(path -> Files.isDirectory(path) && !isBag(path))
                        .forEach(strays::add);
            }
        }
        return strays;
    }

    /** The bag of that id and version; empty if there is none. */
    Optional<BagRef> find(DatasetId id, DatasetVersion version) {
        Path path = layout.bag(id, version);
        if (!Files.exists(path)) {
            putBack(path);
        }
        return isBag(path) ? Optional.of(new BagRef(id, version, path)) : Optional.empty();
    }

    /** The id of the dataset whose folder contains a path; empty if there is none. */
    Optional<DatasetId> datasetAt(Path path) {
        Path datasets;
        try {
            datasets = layout.datasets().toRealPath();
        } catch (IOException e) {
            // The folder does not exist, so it contains nothing.
            return Optional.empty();
        }
        boolean below = path.startsWith(datasets) && !path.equals(datasets);
        return below ? DatasetId.of(datasets.relativize(path).getName(0).toString()) : Optional.empty();
    }

    private static String aside(Path bag) {
        return "." + bag.getFileName() + ASIDE;
    }

    /** The name of the bag that was moved aside to there. */
    static Path successor(Path aside) {
        String name = String.valueOf(aside.getFileName());
        return aside.resolveSibling(name.substring(1, name.indexOf(ASIDE)));
    }

    private void putBack(Path bag) {
        if (!layout.holds(bag)) {
            return;
        }
        Path folder = bag.resolveSibling("");
        for (String name : disk.names(folder)) {
            Path aside = folder.resolve(name);
            boolean ours = name.startsWith(aside(bag))
                    && PlaceKind.REPLACED_BAG.has(
                            layout.root().relativize(aside).toString());
            if (ours && !Files.isSymbolicLink(aside) && isBag(aside)) {
                try {
                    disk.move(aside, bag);
                    return;
                } catch (IOException e) {
                    // Another process put it back, or is replacing it: then it exists again in a moment.
                    return;
                }
            }
        }
    }

    /**
     * A bag under its name.
     *
     * @param replaced where the bags are that had the name before; empty if none had it
     */
    record Published(BagRef bag, List<Path> replaced) {}

    /**
     * Gives a bag its name in one step; the bag that had the name is moved aside.
     *
     * @throws Problem {@code USAGE} if something other than a bag has that name, which is left alone; {@code DISK} if
     *     the path is not in the mirror; what {@code carry} throws
     */
    Published publish(Path made, DatasetId id, DatasetVersion version, CarryOver carry) throws IOException, Problem {
        Path folder = layout.dataset(id);
        Path target = layout.inside(layout.bag(id, version));
        List<Path> replaced = new ArrayList<>();
        for (int attempt = 0; ; attempt++) {
            disk.makeFolder(folder);
            Path aside = folder.resolve(aside(target) + UUID.randomUUID());
            if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
                deletion.refuse(PlaceKind.BAG, target);
                carry.expect(target);
                carry.carry(target, made);
            }
            moveAside(target, aside);
            try {
                if (Files.exists(aside)) {
                    expect(aside, target, carry);
                    replaced.add(aside);
                }
                disk.move(made, target);
            } catch (IOException e) {
                boolean theirs = Files.exists(target);
                boolean swept = !Files.exists(folder);
                if (!theirs && Files.exists(aside)) {
                    disk.move(aside, target);
                    replaced.remove(aside);
                }
                if ((!theirs && !swept) || attempt == FileOperations.MAX_RACES) {
                    throw e;
                }
                // Another process published a bag meanwhile, put the old one back, or removed the last one with the
                // folder of the dataset: ours is published anyway.
                continue;
            }
            disk.force(folder);
            return new Published(new BagRef(id, version, target), replaced);
        }
    }

    /** Checks the bag that was moved aside again, now that it cannot change; if refused, it gets its name back. */
    private void expect(Path aside, Path target, CarryOver carry) throws IOException, Problem {
        try {
            carry.expect(aside);
        } catch (Problem p) {
            disk.move(aside, target);
            throw p;
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

    /** Deletes a replaced bag. Best effort: the new one is published already, and {@code histods gc} finds the rest. */
    void deleteReplaced(Path aside) {
        try {
            deletion.delete(PlaceKind.REPLACED_BAG, aside);
        } catch (IOException | Problem e) {
            return;
        }
    }

    /** Moves a bag into a staging folder, which is returned, and deletes the folder of its dataset if it was the last one. */
    Path takeOut(BagRef bag) throws IOException, Problem {
        Path staging = deletion.moveToStaging(PlaceKind.BAG, layout.inside(layout.bag(bag.id(), bag.version())));
        disk.deleteEmpty(layout.dataset(bag.id()));
        return staging;
    }

    /** Bags that were moved aside and are not needed, because another bag has their name. */
    List<Path> replaced() {
        List<Path> old = new ArrayList<>();
        for (String dataset : disk.names(layout.datasets())) {
            DatasetId id = DatasetId.of(dataset).orElse(null);
            if (id == null) {
                continue;
            }
            Set<String> there = of(id).stream().map(bag -> bag.version().text()).collect(Collectors.toSet());
            for (String name : disk.names(layout.dataset(id))) {
                int aside = name.startsWith(".") ? name.indexOf(ASIDE) : -1;
                if (aside > 1 && there.contains(name.substring(1, aside))) {
                    old.add(layout.dataset(id).resolve(name));
                }
            }
        }
        return old;
    }
}
