package org.histods.audit.evidence;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.index.ContentIndex;

/** Looks through a project's folder for datasets that it holds or names. */
public final class FolderSearch {

    private final List<Manifest> known;
    private final Function<SourceSpec, List<String>> links;
    private final ContentIndex index;
    private final Mirror mirror;
    private final Consumer<String> unchecked;

    public FolderSearch(
            List<Manifest> known,
            Function<SourceSpec, List<String>> links,
            ContentIndex index,
            Mirror mirror,
            Consumer<String> unchecked) {
        this.known = known;
        this.links = links;
        this.index = index;
        this.mirror = mirror;
        this.unchecked = unchecked;
    }

    /**
     * What there is.
     *
     * @param signs by the dataset's id
     * @param texts files that may hold citations
     */
    public record Found(Map<DatasetId, List<UsageEvidence>> signs, List<Path> texts) {}

    /**
     * Searches a project's folder.
     *
     * @param apart folders that are skipped, wherever they are
     */
    public Found look(Path folder, DeclaredPaths places, Set<Path> apart) throws Problem {
        try {
            index.refresh();
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            unchecked.accept("copies of what one bag of the mirror holds were not looked for: " + p.message());
        }
        CopySearch copies = new CopySearch(index, new PinnedChecksums(known), places, mirror, unchecked);
        MentionSearch mentions = new MentionSearch(new DatasetNames(known), new DatasetLinks(known, links), unchecked);
        new ProjectWalk(folder, real(apart), unchecked).tell(List.of(copies, mentions));
        Map<DatasetId, List<UsageEvidence>> signs = new TreeMap<>(copies.signs());
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
