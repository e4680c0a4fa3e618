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
 * The bags under their names. A bag that another is to replace is moved aside first, to a hidden name beside its own;
 * where a crash left it there and its place is empty, it is put back as soon as somebody looks.
 */
final class BagStore {

    private static final String ASIDE = ".replaced-";

    /** One of these at least is in every bag of ours, however damaged. */
    private static final List<String> TAG_FILES = List.of(
            "bagit.txt",
            "bag-info.txt",
            "manifest-sha256.txt",
            "tagmanifest-sha256.txt",
            "manifest.yaml",
            "origins.jsonl",
            "receipts");

    private final MirrorLayout layout;
    private final FileOperations disk;
    private final MirrorDeletion deletion;

    BagStore(MirrorLayout layout, FileOperations disk, MirrorDeletion deletion) {
        this.layout = layout;
        this.disk = disk;
        this.deletion = deletion;
    }

    /** All, sorted by id and version. What has another name than bags have is somebody else's. */
    List<BagRef> all() {
        List<BagRef> bags = new ArrayList<>();
        for (String name : disk.names(layout.datasets())) {
            DatasetId.of(name).ifPresent(id -> bags.addAll(of(id)));
        }
        return bags;
    }

    /** Those of one dataset, sorted by version. */
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

    /** One that cannot be looked into counts, so that whoever reads it says so. */
    private static boolean isBag(Path folder) {
        return Files.isDirectory(folder)
                && (!Files.isExecutable(folder)
                        || TAG_FILES.stream().anyMatch(name -> Files.exists(folder.resolve(name))));
    }

    /** Folders that have the name of a bag and hold nothing of one: somebody else's. */
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

    /** The one of that name, empty if there is none. */
    Optional<BagRef> find(DatasetId id, DatasetVersion version) {
        Path path = layout.bag(id, version);
        if (!Files.exists(path)) {
            putBack(path);
        }
        return isBag(path) ? Optional.of(new BagRef(id, version, path)) : Optional.empty();
    }

    /** The id of the dataset in whose folder a path lies; empty where it lies elsewhere. */
    Optional<DatasetId> datasetAt(Path path) {
        Path datasets;
        try {
            datasets = layout.datasets().toRealPath();
        } catch (IOException e) {
            // There is no such folder, and so nothing lies in it.
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
            if (name.startsWith(aside(bag))) {
                try {
                    disk.move(folder.resolve(name), bag);
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
     * @param replaced where the bags are that had the name before; empty if none had it
     */
    record Published(BagRef bag, List<Path> replaced) {}

    /**
     * Gives a bag its name, in one step and in the place of the one that had it, which is moved aside.
     *
     * @throws Problem {@code USAGE} if something else than a bag has that name, which is left alone; {@code DISK} if that
     *     place is not in the mirror; what {@code carry} throws
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
                if ((!theirs && !swept) || attempt == FileOperations.RIVALS) {
                    throw e;
                }
                // Somebody else published one in between, put the old one back, or removed the last one and with it the
                // folder of the dataset: ours goes there all the same.
                continue;
            }
            disk.force(folder);
            return new Published(new BagRef(id, version, target), replaced);
        }
    }

    /** Looks once more at what was moved aside, which nobody can replace now; what is refused gets its name back. */
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
            // Somebody else moved it aside a moment ago.
            return;
        }
    }

    /** The new bag is there, whatever becomes of the old one; `histods gc` finds what is left of that. */
    void throwAway(Path aside) {
        try {
            deletion.delete(PlaceKind.REPLACED_BAG, aside);
        } catch (IOException | Problem e) {
            return;
        }
    }

    /** Takes a bag out of sight, and the folder of its dataset with the last one; gives the staging folder that it is in. */
    Path takeOut(BagRef bag) throws IOException, Problem {
        Path staging = deletion.moveToStaging(PlaceKind.BAG, layout.inside(layout.bag(bag.id(), bag.version())));
        disk.deleteEmpty(layout.dataset(bag.id()));
        return staging;
    }

    /** What was moved aside and is of no use, for another bag has its name. */
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
