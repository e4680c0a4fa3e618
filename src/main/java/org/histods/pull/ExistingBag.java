package org.histods.pull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.FileSelection;
import org.jspecify.annotations.Nullable;

/** What the mirror has of a dataset already. */
final class ExistingBag {

    static final ExistingBag NOTHING = new ExistingBag(null, List.of(), Map.of());

    private final @Nullable Bag bag;
    private final List<BagFile> files;
    private final Map<String, Set<FilePath>> byFetchedPath = new HashMap<>();

    private ExistingBag(@Nullable Bag bag, List<BagFile> files, Map<String, String> paths) {
        this.bag = bag;
        this.files = files;
        paths.values().forEach(path -> byFetchedPath.computeIfAbsent(path, k -> new HashSet<>()));
        for (BagFile file : files) {
            String path = paths.get(file.fetch());
            if (path != null) {
                byFetchedPath.computeIfAbsent(path, k -> new HashSet<>()).add(file.path());
            }
        }
    }

    /** What a bag holds; its files are read only if they are asked for. */
    static ExistingBag of(Bag bag) throws Problem {
        return new ExistingBag(bag, List.of(), Map.of());
    }

    /** The same with its files and receipts. */
    ExistingBag withFiles() throws Problem {
        return bag == null ? this : new ExistingBag(bag, bag.files(), bag.fetchedPaths());
    }

    Optional<Bag> bag() {
        return Optional.ofNullable(bag);
    }

    List<BagFile> files() {
        return files;
    }

    long fileCount() {
        return bag == null ? 0 : bag.fileCount();
    }

    int receiptNumber() throws Problem {
        return bag == null ? 0 : bag.receiptFiles().size();
    }

    /** Whether everything that is asked for is there. */
    boolean covers(PullRequest request, Manifest manifest) throws Problem {
        if (bag == null) {
            return false;
        }
        List<String> has = bag.selection();
        FileSelection asked = FileSelection.of(request.only(), manifest);
        return has.isEmpty() || (!asked.everything() && has.containsAll(asked.globs()));
    }

    /** Whether a selection names anything of what is there: a file, a folder, or what files were unpacked from. */
    boolean holds(FileSelection asked) throws Problem {
        if (bag == null || asked.everything() || !bag.selection().isEmpty()) {
            return true;
        }
        return bag.sums().keySet().stream().anyMatch(path -> asked.matches(path) || asked.matchesFolderOf(path))
                || bag.fetchedPaths().values().stream().anyMatch(path -> asked.matches(new FilePath(path)));
    }

    /** Whether that item must be fetched: it is not there, not all of it was wanted before, or some of it is broken. */
    boolean lacks(PullPlan.Item item, Set<FilePath> broken) throws Problem {
        if (bag == null) {
            return true;
        }
        Set<FilePath> mine = byFetchedPath.get(item.file().path().text());
        if (!broken.isEmpty()) {
            return mine != null && mine.stream().anyMatch(broken::contains);
        }
        return mine == null
                || (item.unpack() && !FileSelection.ofGlobs(bag.selection()).whole(item.file()));
    }

    /** Whether that item may bring one of these files, as far as their paths tell. */
    static boolean mayHold(PullPlan.Item item, Set<FilePath> files) {
        if (!item.unpack()) {
            return files.contains(item.file().path());
        }
        String folder = item.into().isEmpty() ? "" : item.into() + "/";
        return files.stream().anyMatch(f -> f.text().startsWith(folder));
    }

    /** Those of these files that came with none of these items. */
    Set<FilePath> without(List<PullPlan.Item> items, Set<FilePath> files) {
        Set<FilePath> rest = new HashSet<>(files);
        items.forEach(item ->
                rest.removeAll(byFetchedPath.getOrDefault(item.file().path().text(), Set.of())));
        return rest;
    }

    /** The selection of the bag after this pull. */
    List<String> selectionWith(FileSelection asked, String action) {
        if (bag == null) {
            return asked.globs();
        }
        if (action.equals("repair")) {
            return bag.selection();
        }
        if (asked.everything() || bag.selection().isEmpty()) {
            return List.of();
        }
        List<String> both = new ArrayList<>(bag.selection());
        asked.globs().stream().filter(g -> !both.contains(g)).forEach(both::add);
        return both;
    }
}
