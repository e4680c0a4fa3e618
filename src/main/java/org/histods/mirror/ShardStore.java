package org.histods.mirror;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;

/**
 * The finished shards of datasets. Each is a folder with the files and the record of a bag. It gets its name by one
 * rename, so if it exists, it is complete. All shards of a set are in one folder: a node that has just renamed its own
 * shard into it also sees the earlier ones, even on NFS.
 */
final class ShardStore {

    private static final Pattern SET = Pattern.compile("([0-9a-f]{16})-([1-9][0-9]{0,3})");
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,3}");

    private final MirrorLayout layout;
    private final FileOperations disk;
    private final MirrorDeletion deletion;

    ShardStore(MirrorLayout layout, FileOperations disk, MirrorDeletion deletion) {
        this.layout = layout;
        this.disk = disk;
        this.deletion = deletion;
    }

    /** The sets with a finished share, sorted by dataset and version. */
    List<ShardSet> all() {
        List<ShardSet> sets = new ArrayList<>();
        for (String dataset : disk.names(layout.shards())) {
            DatasetId.of(dataset)
                    .ifPresent(id -> disk.names(layout.shards().resolve(dataset))
                            .forEach(name ->
                                    DatasetVersion.of(name).ifPresent(version -> sets.addAll(of(id, version)))));
        }
        return sets;
    }

    /** The sets of one version with a finished share. */
    List<ShardSet> of(DatasetId id, DatasetVersion version) {
        List<ShardSet> sets = new ArrayList<>();
        for (String name : disk.names(layout.shards(id, version))) {
            Matcher matcher = SET.matcher(name);
            if (matcher.matches()) {
                ShardSet set = new ShardSet(id, version, matcher.group(1), Integer.parseInt(matcher.group(2)));
                if (!finished(set).isEmpty()) {
                    sets.add(set);
                }
            }
        }
        return sets;
    }

    /** The finished shares of a set by their numbers. */
    NavigableMap<Integer, BagRef> finished(ShardSet set) {
        NavigableMap<Integer, BagRef> finished = new TreeMap<>();
        for (String name : disk.names(layout.shards(set))) {
            Path path = layout.shards(set).resolve(name);
            if (NUMBER.matcher(name).matches() && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                finished.put(Integer.valueOf(name), new BagRef(set.id(), set.version(), path));
            }
        }
        return finished;
    }

    /** Gives a share its name in one step; empty if another node was faster. */
    Optional<BagRef> publish(Path made, ShardSet set, int number) throws IOException, Problem {
        Path target = layout.inside(layout.shards(set).resolve(Integer.toString(number)));
        for (int attempt = 0; ; attempt++) {
            disk.makeFolder(layout.shards(set));
            try {
                disk.move(made, target);
                disk.force(layout.shards(set));
            } catch (FileSystemException e) {
                boolean theirs = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
                // Another process may have deleted the folder because it was empty.
                if (!theirs && (Files.exists(layout.shards(set)) || attempt == FileOperations.MAX_RACES)) {
                    throw e;
                }
                if (theirs) {
                    return Optional.empty();
                }
                continue;
            }
            return Optional.of(new BagRef(set.id(), set.version(), target));
        }
    }

    /** The name of the bag that a share is for, whether there is one or not. */
    BagRef bagOf(Path share) throws Problem {
        Path version = share.resolveSibling("").resolveSibling("");
        String id = String.valueOf(version.resolveSibling("").getFileName());
        Optional<BagRef> bag = DatasetId.of(id)
                .flatMap(dataset -> DatasetVersion.of(String.valueOf(version.getFileName()))
                        .map(one -> new BagRef(dataset, one, layout.bag(dataset, one))));
        return bag.orElseThrow(() -> new Problem(Problem.Kind.USAGE, share + " is not a shard of a dataset"));
    }

    /** Deletes the finished shares of a set, and the folders above them that are empty then. */
    void delete(ShardSet set) throws IOException, Problem {
        for (BagRef share : finished(set).values()) {
            deletion.delete(PlaceKind.SHARD, share.path());
        }
        deleteEmpty(layout.shards(set));
    }

    /** Deletes a folder of shares and those above it, as far as they are empty. */
    void deleteEmpty(Path folder) throws IOException {
        for (Path at = folder; !at.equals(layout.root()); at = Objects.requireNonNull(at.getParent())) {
            disk.deleteEmpty(at);
        }
    }
}
