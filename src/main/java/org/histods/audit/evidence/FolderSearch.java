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
import org.histods.audit.finding.FilePosition;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.index.ContentIndex;

/** Searches a project's folder for files and names of datasets. */
public final class FolderSearch {

    private final List<Manifest> known;
    private final HostReferences hosts;
    private final ContentIndex index;
    private final Mirror mirror;
    private final Consumer<String> unchecked;

    public FolderSearch(
            List<Manifest> known, HostReferences hosts, ContentIndex index, Mirror mirror, Consumer<String> unchecked) {
        this.known = known;
        this.hosts = hosts;
        this.index = index;
        this.mirror = mirror;
        this.unchecked = unchecked;
    }

    /**
     * The result.
     *
     * @param evidence by dataset id
     * @param texts files that may have citations
     * @param unknown addresses of data in code that no manifest has, each with the places where it is
     * @param named files that are named as those of datasets that are not declared
     */
    public record Found(
            Map<DatasetId, List<UsageEvidence>> evidence,
            List<Path> texts,
            Map<String, List<FilePosition>> unknown,
            List<NameSearch.Named> named) {}

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
            unchecked.accept("copies of files in one bag of the mirror: " + p.message());
        }
        CopySearch copies = new CopySearch(index, new PinnedChecksums(known), places, mirror, unchecked);
        MentionSearch mentions = new MentionSearch(
                new DatasetNames(known),
                new DatasetLinks(known, hosts.links()),
                new DataAddresses(hosts.codePatterns()),
                unchecked);
        NameSearch names = new NameSearch(known, places);
        new ProjectWalk(folder, real(apart), unchecked).visit(List.of(copies, mentions, names));
        copies.finish();
        Map<DatasetId, List<UsageEvidence>> evidence = new TreeMap<>(copies.evidence());
        mentions.evidence()
                .forEach((id, list) ->
                        evidence.computeIfAbsent(id, k -> new ArrayList<>()).addAll(list));
        return new Found(evidence, mentions.texts(), mentions.unknownAddresses(), names.named());
    }

    private static Set<Path> real(Set<Path> folders) {
        Set<Path> real = new HashSet<>();
        for (Path folder : folders) {
            try {
                real.add(folder.toRealPath());
            } catch (IOException ignored) {
                // It does not exist, so the walk will not meet it.
            }
        }
        return real;
    }
}
