package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.histods.audit.finding.FilePosition;
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
import org.histods.provenance.PulledManifest;
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
    private final Map<String, Integer> lines;

    /**
     * @param declares whether the project has a {@code histods.yaml}
     * @param lines of its entries there, by their names
     */
    public DatasetInventory(
            Catalogue catalogue,
            List<ManifestFile> all,
            ManifestReader manifests,
            Mirror mirror,
            boolean declares,
            Map<String, Integer> lines) {
        this.catalogue = catalogue;
        all.forEach(file -> byId.put(file.manifest().id(), file));
        this.manifests = manifests;
        this.mirror = mirror;
        this.declares = declares;
        this.lines = Map.copyOf(lines);
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
        found.forEach((id, evidence) -> others.put(id, List.copyOf(evidence)));
        Map<DatasetId, List<RunRecord.Used>> runs = new TreeMap<>();
        Map<RunRecord.Used, List<String>> words = new HashMap<>();
        for (RunRecord use : uses.uses()) {
            for (RunRecord.Used used : use.datasets()) {
                List<String> of = words.computeIfAbsent(used, k -> new ArrayList<>());
                if (of.isEmpty()) {
                    runs.computeIfAbsent(plain(used.id()), k -> new ArrayList<>())
                            .add(used);
                }
                of.add(use.shown() + ", on " + used.name()
                        + (used.name().equals(used.id().text()) ? "" : ", which is " + used.id()) + ", version "
                        + used.version() + ", fingerprint " + used.fingerprint());
            }
        }
        Map<String, DatasetId> listed = new LinkedHashMap<>();
        for (Declared declared : declaration.datasets()) {
            listed.put(declared.name(), plain(declared.id()));
        }
        for (Locked locked : lock.map(Lock::datasets).orElse(List.of())) {
            listed.putIfAbsent(locked.name(), plain(locked.id()));
        }
        List<DatasetUse> subjects = new ArrayList<>();
        for (Map.Entry<String, DatasetId> one : listed.entrySet()) {
            Declared declared = declaration.named(one.getKey()).orElse(null);
            Locked locked = lock.flatMap(l -> l.named(one.getKey())).orElse(null);
            DatasetId id = declared != null ? declared.id() : one.getValue();
            List<UsageEvidence> evidence = new ArrayList<>(others.getOrDefault(one.getValue(), List.of()));
            // A run counts for the entry that it names; one under a former name, for all entries of that dataset.
            runs.getOrDefault(one.getValue(), List.of()).stream()
                    .filter(used ->
                            used.name().equals(one.getKey()) || !one.getValue().equals(listed.get(used.name())))
                    .forEach(used -> evidence.addAll(ran(words.getOrDefault(used, List.of()))));
            subjects.add(subject(one.getKey(), id, declared, locked, evidence, unchecked));
        }
        Set<DatasetId> rest = new TreeSet<>(others.keySet());
        rest.addAll(runs.keySet());
        rest.removeAll(listed.values());
        for (DatasetId id : rest) {
            List<UsageEvidence> evidence = new ArrayList<>(others.getOrDefault(id, List.of()));
            runs.getOrDefault(id, List.of()).forEach(used -> evidence.addAll(ran(words.getOrDefault(used, List.of()))));
            subjects.add(subject(id.text(), id, null, null, evidence, unchecked));
        }
        return subjects;
    }

    private static List<UsageEvidence> ran(List<String> words) {
        return words.stream()
                .map(one -> new UsageEvidence(UsageEvidence.Kind.RUN, one))
                .toList();
    }

    /** The catalogue's id for an id or alias. */
    private DatasetId plain(DatasetId id) throws Problem {
        ManifestFile known = known(id);
        return known == null ? id : known.manifest().id();
    }

    /** The paths of the declared datasets, by the catalogue's ids. */
    public DeclaredPaths places(Declaration declaration) throws Problem {
        Map<String, DatasetId> ids = new HashMap<>();
        for (Declared declared : declaration.datasets()) {
            ids.put(declared.path(), plain(declared.id()));
        }
        return new DeclaredPaths(ids);
    }

    private DatasetUse subject(
            String name,
            DatasetId id,
            @Nullable Declared declared,
            @Nullable Locked locked,
            List<UsageEvidence> more,
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
        evidence.addAll(more);
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

    private List<UsageEvidence> stated(String name, @Nullable Declared declared, @Nullable Locked locked) {
        List<UsageEvidence> evidence = new ArrayList<>();
        if (declared != null) {
            String roles = declared.roles().isEmpty() ? "" : " for " + String.join(", ", declared.roles());
            evidence.add(new UsageEvidence(
                    UsageEvidence.Kind.DECLARED,
                    Declaration.FILE + " declares " + name + roles,
                    new FilePosition(Declaration.FILE, String.valueOf(lines.getOrDefault(name, 1)))));
        }
        if (locked != null) {
            evidence.add(new UsageEvidence(
                    UsageEvidence.Kind.LOCKED,
                    Lock.FILE + " has " + name + ", fingerprint " + locked.fingerprint(),
                    FilePosition.file(Lock.FILE)));
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
        ManifestFile file = null;
        try {
            file = PulledManifest.of(bag.ref(), manifests);
        } catch (Problem e) {
            // As if it was missing.
        }
        if (file == null) {
            unchecked.accept(bag.ref().id() + ": the manifest that it was pulled with cannot be read");
        }
        return file == null ? null : file.manifest();
    }
}
