package org.histods.audit.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.histods.audit.finding.FilePosition;
import org.histods.dataset.DatasetId;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.index.ContentIndex;
import org.jspecify.annotations.Nullable;

/**
 * Finds files of known datasets by their content, under any name. Only files with the size of a pulled or pinned file are
 * read.
 */
final class CopySearch implements ProjectWalk.Visitor {

    /** The most copies that are listed for a folder. */
    private static final int NAMED = 5;

    /** Files that hold images of a dataset in another form. */
    private static final Set<String> CONTAINERS =
            Set.of(("zip tar tgz gz bz2 xz zst 7z rar h5 hdf5 npz lmdb mdb tfrecord tfrecords parquet arrow "
                            + "zarr pkl pickle pt mat sqlite db")
                    .split(" "));

    private final ContentIndex index;
    private final PinnedChecksums pinned;
    private final DeclaredPaths places;
    private final Mirror mirror;
    private final Consumer<String> unchecked;
    private final Map<Long, Boolean> sizes = new HashMap<>();
    private final Map<DatasetId, Map<String, List<UsageEvidence>>> copies = new TreeMap<>();
    private final Map<DatasetId, Map<String, Integer>> counts = new HashMap<>();
    private final Map<DatasetId, List<UsageEvidence>> links = new TreeMap<>();
    private final Map<String, TreeSet<String>> otherLinks = new TreeMap<>();
    private final Map<String, List<String>> containers = new TreeMap<>();

    CopySearch(
            ContentIndex index,
            PinnedChecksums pinned,
            DeclaredPaths places,
            Mirror mirror,
            Consumer<String> unchecked) {
        this.index = index;
        this.pinned = pinned;
        this.places = places;
        this.mirror = mirror;
        this.unchecked = unchecked;
    }

    @Override
    public void file(String path, Path file, long bytes) throws Problem {
        String name = String.valueOf(file.getFileName());
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (CONTAINERS.contains(ending)) {
            containers.computeIfAbsent(ending, k -> new ArrayList<>()).add(path);
        }
        if (!ContentFingerprints.distinctive(name, bytes)) {
            return;
        }
        List<PinnedChecksums.Pin> candidates = pinned.candidates(name, bytes);
        boolean pulled = hasSize(bytes);
        if (!pulled && candidates.isEmpty()) {
            return;
        }
        Map<Algorithm, Checksum> checksums = checksums(path, file, candidates);
        Map<DatasetId, String> hits = new TreeMap<>();
        Checksum sha256 = checksums.get(Algorithm.SHA256);
        if (sha256 != null && pulled) {
            hits(sha256, hits);
        }
        for (PinnedChecksums.Pin pin : PinnedChecksums.matches(candidates, checksums)) {
            hits.putIfAbsent(
                    pin.id(),
                    pin.path() + ", by the "
                            + pin.published().checksum().algorithm().word() + " that manifests/" + pin.id()
                            + ".yaml pins (" + pin.published().by() + ")");
        }
        note(path, hits);
    }

    private boolean hasSize(long bytes) throws Problem {
        Boolean known = sizes.get(bytes);
        if (known == null) {
            known = index.hasSize(bytes);
            sizes.put(bytes, known);
        }
        return known;
    }

    private void hits(Checksum sha256, Map<DatasetId, String> hits) throws Problem {
        for (ContentIndex.Occurrence place : index.find(sha256)) {
            hits.putIfAbsent(
                    place.bag().id(),
                    place.path() + " of version " + place.bag().version() + ", byte for byte (" + sha256 + ")");
        }
        for (ContentIndex.Original original : index.originals(sha256)) {
            hits.putIfAbsent(
                    original.bag().id(), "the archive " + original.fetch().path() + ", byte for byte (" + sha256 + ")");
        }
        for (ContentIndex.Stated stated : index.stated(sha256)) {
            hits.putIfAbsent(
                    stated.id(),
                    (stated.archive() ? "the archive " : "") + stated.path() + " of version " + stated.version() + " ("
                            + sha256 + "), as the imported index of "
                            + stated.by().madeBy() + " states (fingerprint "
                            + stated.by().fingerprint() + ")");
        }
    }

    /** Notes a copy. If several datasets have the content, it counts for the one whose path it is in, else for a declared one. */
    private void note(String path, Map<DatasetId, String> hits) {
        if (hits.keySet().stream().anyMatch(id -> places.holds(path, id))) {
            return;
        }
        Set<DatasetId> wanted = new HashSet<>(hits.keySet());
        wanted.retainAll(places.declared());
        for (Map.Entry<DatasetId, String> hit : hits.entrySet()) {
            DatasetId id = hit.getKey();
            if (!wanted.isEmpty() && !wanted.contains(id)) {
                continue;
            }
            int slash = path.lastIndexOf('/');
            String folder = slash < 0 ? "" : path.substring(0, slash + 1);
            int count = counts.computeIfAbsent(id, k -> new HashMap<>()).merge(folder, 1, Integer::sum);
            if (count <= NAMED) {
                copies.computeIfAbsent(id, k -> new TreeMap<>())
                        .computeIfAbsent(folder, k -> new ArrayList<>())
                        .add(new UsageEvidence(
                                UsageEvidence.Kind.COPY,
                                path + " is " + id + ": " + hit.getValue(),
                                FilePosition.file(path)));
            }
        }
    }

    private Map<Algorithm, Checksum> checksums(String path, Path file, List<PinnedChecksums.Pin> candidates) {
        try (InputStream in = Files.newInputStream(file)) {
            Hasher hasher = Hasher.toCompare(
                    candidates.stream().map(pin -> pin.published().checksum()).toList(), Files.size(file));
            byte[] buffer = new byte[1 << 16];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                hasher.update(buffer, 0, count);
            }
            return hasher.finish();
        } catch (IOException e) {
            unchecked.accept(path + " cannot be read, so it may be an undetected copy");
            return Map.of();
        }
    }

    @Override
    public void link(String path, Path link, @Nullable Path target) {
        Optional<DatasetId> id = target == null ? Optional.empty() : mirror.datasetAt(target);
        if (id.isPresent()) {
            if (!places.holds(path, id.get())) {
                links.computeIfAbsent(id.get(), k -> new ArrayList<>())
                        .add(new UsageEvidence(
                                UsageEvidence.Kind.LINK,
                                path + " is a link to " + id.get() + " in the mirror",
                                FilePosition.file(path)));
            }
        } else if (target != null && Files.isDirectory(target)) {
            unchecked.accept(path + " is a link to another folder, which was not searched");
        } else {
            int slash = path.lastIndexOf('/');
            otherLinks
                    .computeIfAbsent(slash < 0 ? "./" : path.substring(0, slash + 1), k -> new TreeSet<>())
                    .add(path);
        }
    }

    /** Reports what was left out, in a line for each folder of links and each kind of container. */
    void finish() {
        otherLinks.forEach((folder, paths) -> unchecked.accept(folder + ": "
                + (paths.size() == 1 ? "a link to a file, which was" : paths.size() + " links to files, which were")
                + " not read: " + paths.first() + (paths.size() == 1 ? "" : ", …")));
        containers.forEach((ending, paths) -> unchecked.accept("what is in "
                + (paths.size() == 1 ? paths.get(0) : paths.size() + " files ." + ending + ", such as " + paths.get(0))
                + " was not compared, only the whole file"));
    }

    /** The evidence, by dataset id. */
    Map<DatasetId, List<UsageEvidence>> evidence() {
        Map<DatasetId, List<UsageEvidence>> evidence = new TreeMap<>();
        links.forEach((id, list) ->
                evidence.computeIfAbsent(id, k -> new ArrayList<>()).addAll(list));
        copies.forEach((id, folders) -> folders.forEach((folder, named) -> {
            List<UsageEvidence> all = evidence.computeIfAbsent(id, k -> new ArrayList<>());
            all.addAll(named);
            int count = counts.getOrDefault(id, Map.of()).getOrDefault(folder, 0);
            if (count > NAMED) {
                all.add(new UsageEvidence(
                        UsageEvidence.Kind.COPY,
                        "and " + (count - NAMED) + " more copies in " + (folder.isEmpty() ? "./" : folder)));
            }
        }));
        return evidence;
    }
}
