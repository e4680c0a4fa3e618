package org.histods.audit;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.ContentIndex;

/** Looks through a project's folder for datasets that it holds or names. */
final class FolderSearch {

    private final List<Manifest> known;
    private final ContentIndex index;
    private final Mirror mirror;
    private final Findings findings;

    FolderSearch(List<Manifest> known, ContentIndex index, Mirror mirror, Findings findings) {
        this.known = known;
        this.index = index;
        this.mirror = mirror;
        this.findings = findings;
    }

    /**
     * What there is.
     *
     * @param signs by the dataset's id
     * @param texts files that may hold citations
     */
    record Found(Map<DatasetId, List<Sign>> signs, List<Path> texts) {}

    /** @param apart folders that are not looked into, wherever they are */
    Found look(Path folder, DeclaredPlaces places, Set<Path> apart) throws Problem {
        try {
            index.refresh();
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            findings.unchecked("copies of what one bag of the mirror holds were not looked for: " + p.message());
        }
        CopySearch copies = new CopySearch(index, new PinnedSums(known), places, mirror, findings);
        MentionSearch mentions = new MentionSearch(new Names(known), new Pointers(known), findings);
        new FolderWalk(folder, real(apart), findings).tell(List.of(copies, mentions));
        Map<DatasetId, List<Sign>> signs = new TreeMap<>(copies.signs());
        mentions.signs()
                .forEach((id, list) ->
                        signs.computeIfAbsent(id, k -> new ArrayList<>()).addAll(list));
        return new Found(signs, mentions.texts());
    }

    private static Set<Path> real(Set<Path> folders) {
        Set<Path> real = new HashSet<>();
        for (Path folder : folders) {
            try {
                real.add(folder.toRealPath());
            } catch (IOException ignored) {
                // What is not there is not found either.
            }
        }
        return real;
    }
}
