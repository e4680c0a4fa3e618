package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.histods.dataset.DatasetId;

/** Finds files that interrupted runs left behind: garbage, and transfers that a later run can continue. */
final class GarbageFinder {

    /**
     * After this time without changes, files of processes on other hosts count as abandoned: it is unknown whether
     * those processes run, and a pull touches its staging folder only at the end.
     */
    private static final Duration UNKNOWN_HOLDER = Duration.ofHours(24);

    private final MirrorLayout layout;
    private final FileOperations disk;
    private final BagStore bags;
    private final ShardStore shards;
    private final MirrorDeletion deletion;
    private final Clock clock;
    private final Function<DatasetId, List<BagRef>> indexed;

    /** @param indexed the bags of a dataset that this mirror has an index of, also those of mirrors below it */
    GarbageFinder(
            MirrorLayout layout,
            FileOperations disk,
            BagStore bags,
            ShardStore shards,
            MirrorDeletion deletion,
            Clock clock,
            Function<DatasetId, List<BagRef>> indexed) {
        this.layout = layout;
        this.disk = disk;
        this.bags = bags;
        this.shards = shards;
        this.deletion = deletion;
        this.clock = clock;
        this.indexed = indexed;
    }

    /**
     * Files that no run will use.
     *
     * @param transferAge how long a transfer or a shard must be unchanged before it counts
     */
    GarbageReport garbage(Duration transferAge) throws IOException {
        Search search = new Search();
        stagings(search);
        oldTransfers(search, transferAge);
        oldShards(search, transferAge);
        for (Path path : bags.replaced()) {
            search.add(PlaceKind.REPLACED_BAG, path, "a bag that was replaced");
        }
        oldIndexes(search);
        unfinishedStamps(search);
        unfinishedImports(search);
        unfinishedFiles(search);
        return search.found();
    }

    /** Collects garbage, and separately what is at the path of garbage but does not belong to histods. */
    private final class Search {

        private final List<GarbageItem> garbage = new ArrayList<>();
        private final List<GarbageItem> leftAlone = new ArrayList<>();

        void add(PlaceKind kind, Path path, String reason) throws IOException {
            if (ours(kind, path)) {
                garbage.add(new GarbageItem(kind, path, disk.usage(path).bytes(), reason));
            }
        }

        /** Whether a path is of the expected kind; if not, it is kept and reported. */
        boolean ours(PlaceKind kind, Path path) {
            String objection = deletion.objection(kind, path).orElse(null);
            // Another process has deleted it.
            if (objection != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                keep(kind, path, "not " + kind.word() + " of histods: " + objection);
            }
            return objection == null;
        }

        void keep(PlaceKind kind, Path path, String reason) {
            leftAlone.add(new GarbageItem(kind, path, 0, reason));
        }

        /** The content of a folder that histods made; empty if it is something else or a link. */
        List<Path> in(PlaceKind kind, Path folder) {
            if (Files.exists(folder) && !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                keep(kind, folder, "not a folder that histods made");
                return List.of();
            }
            return disk.names(folder).stream().map(folder::resolve).toList();
        }

        GarbageReport found() {
            return new GarbageReport(garbage, leftAlone);
        }
    }

    private void stagings(Search search) throws IOException {
        for (Path path : search.in(PlaceKind.STAGING, layout.staging())) {
            if (!search.ours(PlaceKind.STAGING, path) || mayBeInUse(path)) {
                continue;
            }
            if (PublishCompletion.pending(path)) {
                search.keep(PlaceKind.STAGING, path, "a line of the journal that could not be written yet");
            } else {
                search.add(PlaceKind.STAGING, path, "left by a pull or a removal that was interrupted");
            }
        }
    }

    /** Whether a process that is or may be alive works in a staging folder. */
    private boolean mayBeInUse(Path staging) throws IOException {
        return switch (PartialClaims.holder(staging)) {
            case ALIVE -> true;
            case DEAD -> false;
            case UNKNOWN -> !unusedFor(staging, UNKNOWN_HOLDER);
        };
    }

    /** Whether something is being made in the mirror, as far as can be known. */
    boolean inUse() throws IOException {
        for (String name : disk.names(layout.staging())) {
            Path path = layout.staging().resolve(name);
            if (deletion.objection(PlaceKind.STAGING, path).isEmpty() && mayBeInUse(path)) {
                return true;
            }
        }
        return false;
    }

    private void oldTransfers(Search search, Duration age) throws IOException {
        for (Path path : transfers(search)) {
            boolean old = path.endsWith(PartialClaims.IDLE)
                    ? unusedFor(path, age)
                    : switch (PartialClaims.holder(path)) {
                        case ALIVE -> false;
                        case DEAD -> unusedFor(path, age);
                        case UNKNOWN ->
                            unusedFor(path, age)
                                    && unusedFor(
                                            path, PartialClaims.torn(path) ? PartialClaims.SILENT : UNKNOWN_HOLDER);
                    };
            if (old) {
                search.add(PlaceKind.TRANSFER, path, "a transfer that no pull continued");
            }
        }
    }

    /** Finds old shards. A set counts as a whole, because finished shards wait for the missing ones. */
    private void oldShards(Search search, Duration age) throws IOException {
        for (ShardSet set : shards.all()) {
            Collection<BagRef> finished = shards.finished(set).values();
            Instant newest = Instant.EPOCH;
            for (BagRef share : finished) {
                Instant written = Files.getLastModifiedTime(share.path()).toInstant();
                newest = written.isAfter(newest) ? written : newest;
            }
            if (!newest.plus(age).isAfter(clock.instant())) {
                for (BagRef share : finished) {
                    search.add(
                            PlaceKind.SHARD,
                            share.path(),
                            "shard " + share.path().getFileName() + " of " + set.count() + " of " + set.id() + " "
                                    + set.version() + ", which no pull published");
                }
            }
        }
    }

    private List<Path> transfers(Search search) {
        List<Path> transfers = new ArrayList<>();
        for (Path key : search.in(PlaceKind.TRANSFER, layout.partials())) {
            for (Path path : search.in(PlaceKind.TRANSFER, key)) {
                if (search.ours(PlaceKind.TRANSFER, path)) {
                    transfers.add(path);
                }
            }
        }
        return transfers;
    }

    private void oldIndexes(Search search) throws IOException {
        for (Path dataset : search.in(PlaceKind.INDEX, layout.indexes())) {
            DatasetId id = DatasetId.of(String.valueOf(dataset.getFileName())).orElse(null);
            if (id == null) {
                continue;
            }
            Set<Path> used = indexed.apply(id).stream()
                    .map(bag -> layout.index(id, bag.version()))
                    .collect(Collectors.toSet());
            for (Path path : search.in(PlaceKind.INDEX, dataset)) {
                if (!search.ours(PlaceKind.INDEX, path)) {
                    continue;
                }
                boolean old = String.valueOf(path.getFileName()).endsWith(".tmp")
                        ? unusedFor(path, UNKNOWN_HOLDER)
                        : !used.contains(path);
                if (old) {
                    search.add(PlaceKind.INDEX, path, "an index of a dataset that was removed, or an incomplete one");
                }
            }
        }
    }

    private void unfinishedStamps(Search search) throws IOException {
        for (Path dataset : search.in(PlaceKind.STAMPS, layout.stamps())) {
            for (Path path : search.in(PlaceKind.STAMPS, dataset)) {
                if (search.ours(PlaceKind.STAMPS, path)
                        && String.valueOf(path.getFileName()).endsWith(".tmp")
                        && unusedFor(path, UNKNOWN_HOLDER)) {
                    search.add(PlaceKind.STAMPS, path, "stamps that were not written to the end");
                }
            }
        }
    }

    private void unfinishedImports(Search search) throws IOException {
        for (Path path : search.in(PlaceKind.SHARED_INDEX, layout.sharedIndexes())) {
            if (search.ours(PlaceKind.SHARED_INDEX, path)
                    && String.valueOf(path.getFileName()).endsWith(".tmp")
                    && unusedFor(path, UNKNOWN_HOLDER)) {
                search.add(PlaceKind.SHARED_INDEX, path, "an index whose import did not end");
            }
        }
    }

    /** Files of the mirror itself; others beside them are the user's. */
    private void unfinishedFiles(Search search) throws IOException {
        for (Path folder : List.of(layout.root(), layout.locks())) {
            for (Path path : search.in(PlaceKind.UNFINISHED, folder)) {
                String relative = layout.root().relativize(path).toString();
                if (PlaceKind.UNFINISHED.has(relative) && unusedFor(path, UNKNOWN_HOLDER)) {
                    search.add(PlaceKind.UNFINISHED, path, "a file that was not written to the end");
                }
            }
        }
    }

    /** Transfers that a later run can continue, with their sizes. */
    List<GarbageItem> partials() throws IOException {
        Search search = new Search();
        for (Path path : transfers(search)) {
            search.add(PlaceKind.TRANSFER, path, "a transfer that can be continued");
        }
        return search.found().items();
    }

    /** All kept archives, of any age. */
    GarbageReport archives(Duration age) throws IOException {
        Search search = new Search();
        for (Path folder : search.in(PlaceKind.ARCHIVE, layout.archives())) {
            for (Path path : search.in(PlaceKind.ARCHIVE, folder)) {
                if (search.ours(PlaceKind.ARCHIVE, path) && unusedFor(path, age)) {
                    search.add(PlaceKind.ARCHIVE, path, "a kept archive");
                }
            }
        }
        return search.found();
    }

    private boolean unusedFor(Path path, Duration age) throws IOException {
        return !disk.newest(path).plus(age).isAfter(clock.instant());
    }
}
