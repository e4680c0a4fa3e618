package org.histods.pull;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.ShardSet;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FileSelection;
import org.jspecify.annotations.Nullable;

/** The part of a dataset that is already in the mirror: a bag, and finished shards that a pull adds to it. */
final class ExistingBag {

    static final ExistingBag NOTHING = new ExistingBag(null, null, List.of(), List.of(), null);

    private final @Nullable Bag bag;
    private final @Nullable String state;
    private final List<BagFile> files;
    private final @Nullable Shards shards;
    private final Map<String, Set<FilePath>> byFetchedPath = new HashMap<>();
    private final Set<FilePath> uncompared = new HashSet<>();

    /**
     * All shards of a dataset.
     *
     * @param held each of them
     * @param paths what they fetched
     */
    private record Shards(ShardSet set, List<Held> held, Set<String> paths) {}

    /**
     * A bag or shard, and those of its files that the next bag takes over.
     *
     * @param from for a shard, which shares no file with any other: the remote file of each fetch; else empty
     */
    record Held(Bag bag, List<BagFile> files, Map<String, String> from) {

        boolean shard() {
            return !from.isEmpty();
        }
    }

    private ExistingBag(
            @Nullable Bag bag,
            @Nullable String state,
            List<BagFile> files,
            List<FetchRecord> fetches,
            @Nullable Shards shards) {
        this.bag = bag;
        this.state = state;
        this.files = files;
        this.shards = shards;
        Map<String, FetchRecord> byId = new HashMap<>();
        for (FetchRecord fetch : fetches) {
            byId.put(fetch.id(), fetch);
            byFetchedPath.computeIfAbsent(fetch.path(), k -> new HashSet<>());
        }
        for (BagFile file : files) {
            FetchRecord fetch = byId.get(file.fetch());
            if (fetch != null) {
                byFetchedPath
                        .computeIfAbsent(fetch.path(), k -> new HashSet<>())
                        .add(file.path());
                if (fetch.ofRanges()) {
                    uncompared.add(file.path());
                }
            }
        }
    }

    /** Finds what a mirror has of a dataset; nothing if another process removes it at this moment. */
    static ExistingBag in(Mirror mirror, PullSources used) throws Problem {
        BagRef ref = mirror.bag(used.manifest().id(), used.version()).orElse(null);
        if (ref == null) {
            return NOTHING;
        }
        try {
            return of(Bag.read(ref));
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.INTERRUPTED && gone(ref)) {
                return NOTHING;
            }
            throw p;
        }
    }

    private static boolean gone(BagRef ref) {
        return !Files.exists(ref.path().resolve("bagit.txt"));
    }

    /** The content of a bag; its files are read by {@link #withFiles} only. */
    static ExistingBag of(Bag bag) throws Problem {
        return new ExistingBag(bag, Bag.state(bag.ref().path()), List.of(), List.of(), null);
    }

    /** The same, with its files and receipts read. */
    ExistingBag withFiles() throws Problem {
        return bag == null ? this : new ExistingBag(bag, state, bag.files(), bag.fetches(), null);
    }

    /** The same, with all shards of a set. A file that a shard has too is taken from the shard. */
    ExistingBag with(ShardSet set, Collection<BagRef> finished) throws Problem {
        List<Held> held = new ArrayList<>();
        List<FetchRecord> fetches = bag == null ? new ArrayList<>() : new ArrayList<>(bag.fetches());
        Set<String> paths = new HashSet<>();
        Map<FilePath, BagFile> all = new TreeMap<>();
        for (BagFile file : files) {
            all.put(file.path(), file);
        }
        for (BagRef ref : finished) {
            Bag shard = Bag.read(ref);
            List<BagFile> ofShard = shard.files();
            ofShard.forEach(file -> all.put(file.path(), file));
            Map<String, String> from = new HashMap<>();
            for (FetchRecord fetch : shard.fetches()) {
                fetches.add(fetch);
                from.put(fetch.id(), fetch.path());
            }
            held.add(new Held(shard, ofShard, from));
            paths.addAll(from.values());
        }
        return new ExistingBag(bag, state, List.copyOf(all.values()), fetches, new Shards(set, held, paths));
    }

    /** The shards that were added; empty if none. */
    Optional<ShardSet> shardSet() {
        return Optional.ofNullable(shards).map(Shards::set);
    }

    /** The bag and the shards, each with the files that are taken over from it. */
    List<Held> held() {
        List<Held> all = new ArrayList<>();
        Set<FilePath> later = new HashSet<>();
        if (shards != null) {
            all.addAll(shards.held());
            shards.held().forEach(held -> held.files().forEach(file -> later.add(file.path())));
        }
        if (bag != null) {
            List<BagFile> own = later.isEmpty()
                    ? files
                    : files.stream()
                            .filter(file -> !later.contains(file.path()))
                            .toList();
            all.add(0, new Held(bag, own, Map.of()));
        }
        return all;
    }

    /** The {@link Bag#state} that it was in before it was read; null if there is none. */
    @Nullable
    String state() {
        return state;
    }

    /** Whether it was removed after it was read. */
    boolean gone() {
        return held().stream().anyMatch(one -> gone(one.bag().ref()));
    }

    Optional<Bag> bag() {
        return Optional.ofNullable(bag);
    }

    List<BagFile> files() {
        return files;
    }

    /** The files that came from ranges of an archive whose own checksum was never compared. */
    Set<FilePath> uncompared() {
        return uncompared;
    }

    /** Those of the given files that came from an item. */
    Set<FilePath> of(PullPlan.Item item, Set<FilePath> some) {
        Set<FilePath> all = byFetchedPath.getOrDefault(item.file().path().text(), Set.of());
        return some.stream().filter(all::contains).collect(Collectors.toSet());
    }

    long fileCount() {
        return shards != null ? files.size() : bag == null ? 0 : bag.fileCount();
    }

    int receiptNumber() throws Problem {
        int number = 0;
        for (Held one : held()) {
            number += one.bag().receiptFiles().size();
        }
        return number;
    }

    /** Whether the bag has everything requested. */
    boolean covers(PullRequest request, Manifest manifest) throws Problem {
        if (bag == null) {
            return false;
        }
        List<String> has = bag.selection();
        FileSelection requested = FileSelection.of(request.only(), manifest);
        return has.isEmpty() || (!requested.everything() && has.containsAll(requested.globs()));
    }

    /** Whether a selection matches anything in the bag: a file, a folder, or an archive that was unpacked. */
    boolean holds(FileSelection selection) throws Problem {
        if (bag == null || selection.everything() || !bag.selection().isEmpty()) {
            return true;
        }
        return bag.checksums().keySet().stream()
                        .anyMatch(path -> selection.matches(path) || selection.matchesFolderOf(path))
                || bag.fetchedPaths().values().stream().anyMatch(path -> selection.matches(new FilePath(path)));
    }

    /** Whether a selection names a file that was fetched, such as an archive. */
    boolean fetched(FileSelection selection) {
        return byFetchedPath.keySet().stream()
                .anyMatch(path -> FilePath.fault(path) == null && selection.matches(new FilePath(path)));
    }

    /** Whether an item must be fetched: the bag lacks it or a part of it, or some of it is broken. */
    boolean lacks(PullPlan.Item item, Set<FilePath> broken) throws Problem {
        if (shards != null && shards.paths().contains(item.file().path().text())) {
            return false;
        }
        if (bag == null) {
            return true;
        }
        Set<FilePath> files = byFetchedPath.get(item.file().path().text());
        if (!broken.isEmpty()) {
            return files != null && files.stream().anyMatch(broken::contains);
        }
        return files == null
                || (item.unpack() && !FileSelection.ofGlobs(bag.selection()).whole(item.file()));
    }

    /** Whether an item may contain one of these files, judging by their paths. */
    static boolean mayHold(PullPlan.Item item, Set<FilePath> files) {
        if (!item.unpack()) {
            return files.contains(item.file().path());
        }
        String folder = item.into().isEmpty() ? "" : item.into() + "/";
        return files.stream().anyMatch(f -> f.text().startsWith(folder));
    }

    /** The files that are from none of these items. */
    Set<FilePath> without(List<PullPlan.Item> items, Set<FilePath> files) {
        Set<FilePath> rest = new HashSet<>(files);
        items.forEach(item ->
                rest.removeAll(byFetchedPath.getOrDefault(item.file().path().text(), Set.of())));
        return rest;
    }

    /** The selection of the bag; empty if it is complete, or if there is none. */
    List<String> selection() {
        return bag == null ? List.of() : bag.selection();
    }

    /** The selection of the bag after a pull of more; empty for everything. */
    List<String> selectionWith(FileSelection more) {
        if (bag == null) {
            return more.globs();
        }
        if (more.everything() || bag.selection().isEmpty()) {
            return List.of();
        }
        List<String> both = new ArrayList<>(bag.selection());
        more.globs().stream().filter(g -> !both.contains(g)).forEach(both::add);
        return both;
    }
}
