package org.histods.project;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.histods.provenance.FileNames;
import org.histods.text.Count;

/** Checks a folder of files that histods put into a project. */
record PlacedTree(Path place, BagSelection subset, Path data) {

    /**
     * Whether it is unchanged. Changed links can be made again; changed files need a decision by the user.
     *
     * @param exact whether to read the content of copies
     * @throws Problem {@code USAGE} if files, other than links, are missing or changed
     */
    boolean intact(Placement.Form form, boolean exact) throws Problem, IOException {
        List<String> differ = new ArrayList<>();
        FileNames names = new FileNames(data);
        for (BagFile file : subset.files()) {
            Path at = place.resolve(file.path().text());
            if (!same(file, names.of(file.path()), at, form, exact)) {
                differ.add(file.path().text());
            }
        }
        if (exact) {
            differ.addAll(extra());
        }
        if (form == Placement.Form.LINK || differ.isEmpty()) {
            return differ.isEmpty();
        }
        throw new Problem(
                Problem.Kind.USAGE,
                place + " has changed since histods made it: " + Count.of(differ.size(), "file")
                        + (differ.size() == 1 ? " differs: " : " differ, such as ") + differ.get(0),
                "move or delete it, then run `histods sync`");
    }

    private List<String> extra() throws IOException {
        Set<String> known = subset.files().stream().map(f -> f.path().text()).collect(Collectors.toSet());
        try (var walk = Files.walk(place)) {
            return walk.filter(p -> !Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS))
                    .map(p -> place.relativize(p).toString())
                    .filter(p -> !known.contains(p))
                    .sorted()
                    .toList();
        }
    }

    private boolean same(BagFile file, Path original, Path at, Placement.Form form, boolean exact) throws IOException {
        return switch (form) {
            case LINK -> Files.isSymbolicLink(at) && Files.readSymbolicLink(at).equals(original);
            // A repair may have replaced the file in the mirror.
            case HARDLINK ->
                Files.isRegularFile(at)
                        && (Files.isSameFile(at, original) || Hasher.sha256(at).equals(file.sha256()));
            case COPY ->
                Files.isRegularFile(at)
                        && Files.size(at) == file.bytes()
                        && (!exact || Hasher.sha256(at).equals(file.sha256()));
        };
    }
}
