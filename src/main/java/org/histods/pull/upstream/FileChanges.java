package org.histods.pull.upstream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.pull.upstream.UpstreamCheck.Finding;
import org.histods.source.RemoteFile;
import org.histods.text.Count;
import org.histods.text.Size;

/**
 * The differences between the files of two versions.
 *
 * @param known whether they could be compared
 * @param added paths
 * @param changed paths of files with another size or checksum, and of those that could not be compared
 * @param removed paths
 * @param moved how many files have another name
 * @param size of the added and changed files
 */
public record FileChanges(
        boolean known, List<String> added, List<String> changed, List<String> removed, long moved, Size size) {

    /** No difference. */
    static final FileChanges NONE = new FileChanges(true, List.of(), List.of(), List.of(), 0, Size.ZERO);

    /** The files could not be compared. */
    static final FileChanges UNKNOWN = new FileChanges(false, List.of(), List.of(), List.of(), 0, Size.UNKNOWN);

    public FileChanges {
        added = List.copyOf(added);
        changed = List.copyOf(changed);
        removed = List.copyOf(removed);
    }

    /** The changes of single files among the findings of a comparison, with their sizes from a listing. */
    static FileChanges of(List<Finding> findings, List<RemoteFile> listed) {
        Map<String, Long> bytes = new HashMap<>();
        listed.forEach(file -> {
            if (file.bytes() != null) {
                bytes.put(file.path().text(), file.bytes());
            }
        });
        List<String> added = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        List<String> removed = new ArrayList<>();
        long moved = 0;
        for (Finding finding : findings) {
            String path = finding.path();
            if (path.isEmpty()) {
                continue;
            }
            switch (finding.outcome()) {
                case NEW -> added.add(path);
                case CHANGED -> changed.add(path);
                case GONE -> removed.add(path);
                case MOVED -> moved++;
                default -> {}
            }
        }
        Size size = Size.ZERO;
        for (List<String> paths : List.of(added, changed)) {
            for (String path : paths) {
                size = size.plus(Size.of(bytes.get(path)));
            }
        }
        return new FileChanges(true, added, changed, removed, moved, size);
    }

    /** Whether there is a difference, or the files could not be compared. */
    public boolean any() {
        return !known || !added.isEmpty() || !changed.isEmpty() || !removed.isEmpty() || moved > 0;
    }

    FileChanges plus(FileChanges other) {
        List<String> allAdded = new ArrayList<>(added);
        allAdded.addAll(other.added);
        List<String> allChanged = new ArrayList<>(changed);
        allChanged.addAll(other.changed);
        List<String> allRemoved = new ArrayList<>(removed);
        allRemoved.addAll(other.removed);
        return new FileChanges(
                known && other.known, allAdded, allChanged, allRemoved, moved + other.moved, size.plus(other.size));
    }

    /** Such as {@code 1 file added, 2 changed, 0 removed, up to 1.2 GB to fetch}: of a zip, less may differ. */
    public String words() {
        if (!known) {
            return "its files could not be compared";
        }
        return Count.of(added.size(), "file") + " added, " + changed.size() + " changed, " + removed.size() + " removed"
                + (moved == 0 ? "" : ", " + moved + " renamed") + ", "
                + (size.known() ? "up to " + size.text() : "an unknown number of bytes") + " to fetch";
    }
}
