package org.histods.provenance;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;

/**
 * The selected files of a bag, and the fetches that they are from. A mirror may hold more of a dataset than one project
 * uses; the selection is the same whatever else was pulled.
 *
 * @param files sorted by path
 * @param fetches the records of the fetches that those files are from, by the fetched file's path; the newest where a file
 *     was fetched again
 * @param whole whether these are all files of the bag, and a later pull cannot add others to it
 */
public record BagSelection(List<BagFile> files, Map<String, FetchRecord> fetches, boolean whole) {

    public BagSelection {
        files = List.copyOf(files);
    }

    /**
     * The files of that bag that {@code --only} selects.
     *
     * @param only names of splits and globs; empty for everything
     * @throws Problem {@code DISK} or {@code WRONG_BYTES} if the bag's record cannot be read
     */
    public static BagSelection of(Bag bag, List<String> only, Manifest manifest) throws Problem {
        FileSelection selection = FileSelection.of(only, manifest);
        Map<String, FetchRecord> byId = new HashMap<>();
        bag.fetches().forEach(fetch -> byId.put(fetch.id(), fetch));
        List<BagFile> files = new ArrayList<>();
        Map<String, FetchRecord> fetches = new LinkedHashMap<>();
        List<BagFile> all = bag.files();
        for (BagFile file : all) {
            FetchRecord fetch = byId.get(file.fetch());
            if (selection.matches(file.path()) || (fetch != null && whole(selection, file, fetch))) {
                files.add(file);
                if (fetch != null) {
                    fetches.merge(fetch.path(), fetch, BagSelection::newer);
                }
            }
        }
        boolean complete = bag.selection().isEmpty();
        return new BagSelection(files, fetches, complete && files.size() == all.size());
    }

    private static FetchRecord newer(FetchRecord one, FetchRecord other) {
        return one.id().compareTo(other.id()) >= 0 ? one : other;
    }

    /** Whether the selection names the fetched file itself, or the folder that was taken out of it. */
    private static boolean whole(FileSelection selection, BagFile file, FetchRecord fetch) {
        String path = fetch.path();
        if (FilePath.fault(path) == null && selection.matches(new FilePath(path))) {
            return true;
        }
        String folder = fetch.folder();
        String name = folder.substring(folder.lastIndexOf('/') + 1);
        String parent = file.path().parent();
        while (!name.isEmpty() && !parent.isEmpty()) {
            FilePath at = new FilePath(parent);
            if (at.name().equals(name) && selection.matches(at)) {
                return true;
            }
            parent = at.parent();
        }
        return false;
    }
}
