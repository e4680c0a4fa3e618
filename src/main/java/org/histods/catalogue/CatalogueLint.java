package org.histods.catalogue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Lineage;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.manifest.SourceKinds;
import org.histods.manifest.SpdxLicenses;
import org.histods.manifest.UrlRules;
import org.histods.manifest.UsabilityRules;
import org.histods.problem.Problem;
import org.histods.text.Suggestions;
import org.histods.yaml.PointerError;
import org.histods.yaml.YamlError;
import org.jspecify.annotations.Nullable;

/** Finds what is wrong in a whole catalogue: in each manifest, and between them. */
final class CatalogueLint {

    private final ManifestReader manifests;
    private final SourceKinds kinds;
    private final SpdxLicenses licenses = new SpdxLicenses();
    private final List<YamlError> errors = new ArrayList<>();
    private final Map<DatasetId, ManifestFile> files = new TreeMap<>();

    CatalogueLint(ManifestReader manifests, SourceKinds kinds) {
        this.manifests = manifests;
        this.kinds = kinds;
    }

    /**
     * Everything that is wrong.
     *
     * @param texts the manifests' texts by the names of their files without the ending, which should be ids
     * @param groups the groups' texts, likewise
     */
    List<YamlError> errors(Map<String, String> texts, Map<String, String> groups) {
        UrlRules urls = new UrlRules(texts.values(), kinds);
        texts.forEach((id, text) -> check(id, text, urls));
        Map<String, DatasetId> names = names();
        files.values().forEach(file -> lineage(file, names, texts.keySet()));
        cycles();
        groups.forEach((id, text) -> GroupFormat.read(
                text,
                id,
                Catalogue.GROUPS + id + ".yaml",
                dataset -> texts.containsKey(dataset.text()) ? null : unknown(dataset, names, ""),
                errors));
        return errors.stream()
                .distinct()
                .sorted(Comparator.comparing(YamlError::file).thenComparingInt(YamlError::line))
                .toList();
    }

    private void check(String stem, String text, UrlRules urls) {
        String name = "manifests/" + stem + ".yaml";
        DatasetId id = DatasetId.of(stem).orElse(null);
        if (id == null) {
            errors.add(new YamlError(name, 1, "", "the file's name: " + DatasetId.fault(stem)));
        }
        errors.addAll(manifests
                .lint()
                .check(text, name, id, manifest -> new UsabilityRules(manifest, kinds, licenses).broken(), urls)
                .errors());
        ManifestFile file = readable(text, name, id);
        if (file != null && id != null) {
            files.put(id, file);
        }
    }

    private @Nullable ManifestFile readable(String text, String name, @Nullable DatasetId id) {
        try {
            return manifests.read(text, name, id);
        } catch (Problem ignored) {
            // Its errors are listed already; its relations cannot be checked.
            return null;
        }
    }

    private void report(ManifestFile file, String pointer, String message) {
        errors.add(manifests.lint().error(file, new PointerError(pointer, message)));
    }

    /** All names with their datasets; reports names that two datasets have. */
    private Map<String, DatasetId> names() {
        Map<String, DatasetId> owners = new LinkedHashMap<>();
        files.keySet().forEach(id -> owners.put(id.text(), id));
        for (ManifestFile file : files.values()) {
            Manifest manifest = file.manifest();
            for (int i = 0; i < manifest.names().aliases().size(); i++) {
                String alias = manifest.names().aliases().get(i);
                DatasetId owner = owners.putIfAbsent(Catalogue.normalised(alias), manifest.id());
                if (owner != null && !owner.equals(manifest.id())) {
                    boolean id = owner.text().equals(Catalogue.normalised(alias));
                    report(
                            file,
                            "/aliases/" + i,
                            "'" + alias + "' is "
                                    + (id ? "the id of another dataset" : "an alias of " + owner + " too"));
                }
            }
        }
        return owners;
    }

    private void lineage(ManifestFile file, Map<String, DatasetId> names, Set<String> ids) {
        List<Lineage> entries = file.manifest().contents().lineage();
        for (int i = 0; i < entries.size(); i++) {
            DatasetId dataset = entries.get(i).dataset();
            String outside = entries.get(i).outside();
            if (dataset != null && !ids.contains(dataset.text())) {
                report(
                        file,
                        "/lineage/" + i + "/dataset",
                        unknown(dataset, names, "; for one that is not in it, write 'outside'"));
            }
            DatasetId owner = outside == null ? null : names.get(Catalogue.normalised(outside));
            if (owner != null) {
                report(
                        file,
                        "/lineage/" + i + "/outside",
                        "'" + outside + "' is in the catalogue: write 'dataset: " + owner + "'");
            }
        }
    }

    private static String unknown(DatasetId dataset, Map<String, DatasetId> names, String otherwise) {
        DatasetId owner = names.get(dataset.text());
        Set<String> ids = names.values().stream().map(DatasetId::text).collect(Collectors.toSet());
        List<String> near = owner == null ? Suggestions.to(dataset.text(), ids) : List.of(owner.text());
        return "no dataset of the catalogue has the id '" + dataset + "'"
                + (near.isEmpty() ? otherwise : "; did you mean " + near.get(0) + "?");
    }

    /** Reports each cycle of datasets that come from each other once, at the member that is first by id. */
    private void cycles() {
        Set<DatasetId> done = new HashSet<>();
        for (DatasetId id : files.keySet()) {
            walk(id, new LinkedHashSet<>(), done);
        }
    }

    private void walk(DatasetId id, Set<DatasetId> path, Set<DatasetId> done) {
        if (path.contains(id)) {
            List<DatasetId> cycle = new ArrayList<>(path);
            cycle = new ArrayList<>(cycle.subList(cycle.indexOf(id), cycle.size()));
            Collections.rotate(cycle, -cycle.indexOf(Collections.min(cycle)));
            reportCycle(cycle);
            return;
        }
        ManifestFile file = files.get(id);
        if (file == null || done.contains(id)) {
            return;
        }
        path.add(id);
        for (Lineage entry : file.manifest().contents().lineage()) {
            if (entry.relation().fromOther()
                    && entry.dataset() != null
                    && !entry.dataset().equals(id)) {
                walk(entry.dataset(), path, done);
            }
        }
        path.remove(id);
        done.add(id);
    }

    private void reportCycle(List<DatasetId> cycle) {
        ManifestFile file = files.get(cycle.get(0));
        if (file == null) {
            return;
        }
        DatasetId next = cycle.get(1 % cycle.size());
        List<Lineage> entries = file.manifest().contents().lineage();
        for (int i = 0; i < entries.size(); i++) {
            if (next.equals(entries.get(i).dataset())
                    && entries.get(i).relation().fromOther()) {
                report(
                        file,
                        "/lineage/" + i,
                        "these come from each other: "
                                + cycle.stream().map(DatasetId::text).collect(Collectors.joining(" → ")) + " → "
                                + cycle.get(0) + "; one of these relations points the wrong way");
                return;
            }
        }
    }
}
