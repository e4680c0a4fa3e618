package org.histods.provenance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * How the files that a manifest pins differ from those that a bag was made of: the manifest was edited since, without another
 * version. Only sources that files were fetched from are compared.
 *
 * @param added paths that the manifest pins now, did not pin when the dataset was pulled, and that were not fetched; without
 *     optional files and those of other variants
 * @param removed paths of fetched files that the manifest no longer pins
 * @param changed files with another checksum
 */
public record EditedFiles(List<String> added, List<String> removed, List<Pin> changed) {

    /**
     * A checksum that a manifest pins, and that of the file that was fetched from there.
     *
     * @param path of the file
     * @param pinned by the manifest
     * @param fetched by the same algorithm
     */
    public record Pin(String path, Checksum pinned, Checksum fetched) {}

    private record Source(String kind, String record) {}

    /**
     * Compares a manifest with what was fetched.
     *
     * @param now the manifest
     * @param then the one that the dataset was pulled with; null if it cannot be read: then only checksums are compared
     * @param selection the files that matter; others are not compared
     */
    public static EditedFiles of(Manifest now, @Nullable Manifest then, Bag bag, FileSelection selection)
            throws Problem {
        Map<Source, Map<String, FetchRecord>> fetches = new HashMap<>();
        for (FetchRecord fetch : bag.fetches()) {
            fetches.computeIfAbsent(new Source(fetch.source(), fetch.record()), source -> new HashMap<>())
                    .put(fetch.path(), fetch);
        }
        Set<String> fetched =
                fetches.values().stream().flatMap(of -> of.keySet().stream()).collect(Collectors.toSet());
        Set<String> added = new TreeSet<>();
        Set<String> removed = new TreeSet<>();
        List<Pin> changed = new ArrayList<>();
        for (SourceSpec source : now.sources()) {
            Map<String, FetchRecord> here = fetches.get(new Source(source.kind(), source.record()));
            if (here == null || source.files().isEmpty()) {
                continue;
            }
            for (PinnedFile file : source.files()) {
                FetchRecord fetch = here.get(file.path());
                if (fetch != null && !fetch.ofRanges()) {
                    changed.addAll(compare(file, fetch));
                }
            }
            Set<String> before = then == null ? Set.of() : pinned(then, source);
            if (before.isEmpty()) {
                continue;
            }
            String variant = bag.variant().orElse(null);
            for (PinnedFile file : source.files()) {
                if (!file.optional()
                        && file.belongsTo(variant)
                        && !before.contains(file.path())
                        && !fetched.contains(file.path())
                        && selects(selection, file.path())) {
                    added.add(file.path());
                }
            }
            Set<String> left = pinned(now, source);
            for (String path : before) {
                if (!left.contains(path) && here.containsKey(path) && selects(selection, path)) {
                    removed.add(path);
                }
            }
        }
        return new EditedFiles(List.copyOf(added), List.copyOf(removed), List.copyOf(changed));
    }

    /** Whether there is a difference. */
    public boolean any() {
        return !added.isEmpty() || !removed.isEmpty() || !changed.isEmpty();
    }

    private static Set<String> pinned(Manifest manifest, SourceSpec like) {
        Set<String> paths = new HashSet<>();
        for (SourceSpec source : manifest.sources()) {
            if (source.kind().equals(like.kind()) && source.record().equals(like.record())) {
                source.files().forEach(file -> paths.add(file.path()));
            }
        }
        return paths;
    }

    private static boolean selects(FileSelection selection, String path) {
        return selection.everything() || (FilePath.fault(path) == null && selection.matches(new FilePath(path)));
    }

    private static List<Pin> compare(PinnedFile file, FetchRecord fetch) {
        List<Pin> changed = new ArrayList<>();
        for (PinnedFile.Published published : file.checksums()) {
            Checksum then = fetch.checksums().get(published.checksum().algorithm());
            if (then != null && !then.equals(published.checksum())) {
                changed.add(new Pin(file.path(), published.checksum(), then));
            }
        }
        return changed;
    }
}
