package org.histods.audit.evidence;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.histods.catalogue.Catalogue;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock;
import org.histods.project.Lock.Locked;
import org.histods.project.RunLog;
import org.histods.project.RunRecord;
import org.histods.project.SelectedFiles;
import org.histods.provenance.Bag;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;

/** Lists the datasets that a project uses, with what is known about each. */
public final class DatasetInventory {

    /** The version of a dataset whose version is not known. */
    private static final DatasetVersion UNKNOWN = new DatasetVersion("unknown");

    private final Catalogue catalogue;
    private final Map<DatasetId, ManifestFile> byId = new HashMap<>();
    private final ManifestReader manifests;
    private final Mirror mirror;
    private final boolean declares;

    /** @param declares whether the project has a {@code histods.yaml} */
    public DatasetInventory(
            Catalogue catalogue, List<ManifestFile> all, ManifestReader manifests, Mirror mirror, boolean declares) {
        this.catalogue = catalogue;
        all.forEach(file -> byId.put(file.manifest().id(), file));
        this.manifests = manifests;
        this.mirror = mirror;
        this.declares = declares;
    }

    /**
     * The datasets: the declared ones in the project's order, then locked ones, then others by id.
     *
     * @param found evidence from the folder, by id
     */
    public List<DatasetUse> subjects(
            Declaration declaration,
            Optional<Lock> lock,
            RunLog.Reading uses,
            Map<DatasetId, List<UsageEvidence>> found,
            Consumer<String> unchecked)
            throws Problem {
        Map<DatasetId, List<UsageEvidence>> others = new TreeMap<>();
        found.forEach((id, evidence) -> others.put(id, new ArrayList<>(evidence)));
        runs(uses)
                .forEach((id, evidence) ->
                        others.computeIfAbsent(id, k -> new ArrayList<>()).addAll(evidence));
        List<DatasetUse> subjects = new ArrayList<>();
        Map<DatasetId, List<UsageEvidence>> listed = new LinkedHashMap<>();
        for (Declared declared : declaration.datasets()) {
            Locked locked = lock.flatMap(l -> l.named(declared.name())).orElse(null);
            subjects.add(subject(declared.name(), declared.id(), declared, locked, others, listed, unchecked));
        }
        for (Locked locked : lock.map(Lock::datasets).orElse(List.of())) {
            if (declaration.named(locked.name()).isEmpty()) {
                subjects.add(subject(locked.name(), locked.id(), null, locked, others, listed, unchecked));
            }
        }
        for (DatasetId id : others.keySet()) {
            if (!listed.containsKey(id)) {
                subjects.add(subject(id.text(), id, null, null, others, listed, unchecked));
            }
        }
        return subjects;
    }

    /** The paths of the declared datasets, by the catalogue's ids. */
    public DeclaredPaths places(Declaration declaration) throws Problem {
        Map<String, DatasetId> ids = new HashMap<>();
        for (Declared declared : declaration.datasets()) {
            ManifestFile known = known(declared.id());
            ids.put(
                    declared.path(),
                    known == null ? declared.id() : known.manifest().id());
        }
        return new DeclaredPaths(ids);
    }

    private static Map<DatasetId, List<UsageEvidence>> runs(RunLog.Reading uses) {
        Map<DatasetId, List<UsageEvidence>> evidence = new TreeMap<>();
        for (RunRecord use : uses.uses()) {
            for (RunRecord.Used used : use.datasets()) {
                evidence.computeIfAbsent(used.id(), k -> new ArrayList<>())
                        .add(new UsageEvidence(
                                UsageEvidence.Kind.RUN,
                                use.shown() + ", on " + used.id() + " " + used.version() + ", fingerprint "
                                        + used.fingerprint()));
            }
        }
        return evidence;
    }

    private DatasetUse subject(
            String name,
            DatasetId id,
            @Nullable Declared declared,
            @Nullable Locked locked,
            Map<DatasetId, List<UsageEvidence>> others,
            Map<DatasetId, List<UsageEvidence>> listed,
            Consumer<String> unchecked)
            throws Problem {
        ManifestFile known = known(id);
        DatasetId plain = known == null ? id : known.manifest().id();
        DatasetVersion version = locked != null ? locked.version() : declared != null ? declared.version() : null;
        if (version == null) {
            version = known == null ? UNKNOWN : known.manifest().version();
        }
        String variant = locked != null ? locked.variant() : declared != null ? declared.variant() : null;
        Bag bag = SelectedFiles.inMirror(mirror, plain, version, variant).orElse(null);
        Manifest own = bag == null ? null : own(bag, unchecked);
        Manifest stated = known != null ? known.manifest() : own != null ? own : Manifest.ofUnknown(plain, version);
        boolean moved = !stated.version().equals(version);
        Manifest ofBag = moved && own != null ? own : stated;
        List<String> only = declared != null ? declared.only() : locked != null ? locked.only() : List.of();
        List<UsageEvidence> evidence = new ArrayList<>(stated(name, declared, locked));
        List<UsageEvidence> more = others.getOrDefault(plain, List.of());
        evidence.addAll(more);
        listed.put(plain, more);
        return new DatasetUse(
                name,
                stated,
                known,
                declared,
                locked,
                bag,
                bag == null ? null : ContentFingerprints.of(bag, only, ofBag),
                !declares,
                evidence);
    }

    private static List<UsageEvidence> stated(String name, @Nullable Declared declared, @Nullable Locked locked) {
        List<UsageEvidence> evidence = new ArrayList<>();
        if (declared != null) {
            String roles = declared.roles().isEmpty() ? "" : " for " + String.join(", ", declared.roles());
            evidence.add(
                    new UsageEvidence(UsageEvidence.Kind.DECLARED, Declaration.FILE + " declares " + name + roles));
        }
        if (locked != null) {
            evidence.add(new UsageEvidence(
                    UsageEvidence.Kind.LOCKED, Lock.FILE + " has " + name + ", fingerprint " + locked.fingerprint()));
        }
        return evidence;
    }

    /** The catalogue's manifest of that id or alias; null if there is none. */
    private @Nullable ManifestFile known(DatasetId id) throws Problem {
        ManifestFile there = byId.get(id);
        if (there != null) {
            return there;
        }
        try {
            return catalogue.get(id);
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.USAGE) {
                return null;
            }
            throw p;
        }
    }

    /** The manifest that a bag was pulled with; null if it cannot be read. */
    private @Nullable Manifest own(Bag bag, Consumer<String> unchecked) {
        Path file = bag.ref().path().resolve("manifest.yaml");
        try {
            return manifests
                    .read(YamlText.read(file), file.toString(), bag.ref().id())
                    .manifest();
        } catch (Problem e) {
            unchecked.accept(bag.ref().id() + ": the manifest that it was pulled with cannot be read");
            return null;
        }
    }
}
