package org.histods.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.histods.audit.evidence.DatasetInventory;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.evidence.FolderSearch;
import org.histods.audit.evidence.HostReferences;
import org.histods.audit.evidence.OverlapDetector;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.HostState.Hosts;
import org.histods.audit.finding.Overlap;
import org.histods.audit.finding.Purpose;
import org.histods.audit.rules.AuditContext;
import org.histods.audit.rules.CitationRules;
import org.histods.audit.rules.DeclarationRules;
import org.histods.audit.rules.Findings;
import org.histods.audit.rules.HostRules;
import org.histods.audit.rules.LeakageRules;
import org.histods.audit.rules.LockRules;
import org.histods.audit.rules.ProblemRules;
import org.histods.audit.rules.RunRules;
import org.histods.audit.rules.TermRules;
import org.histods.catalogue.Catalogue;
import org.histods.catalogue.LineageGraph;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Lock;
import org.histods.project.Project;
import org.histods.project.RunLog;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.PulledManifest;
import org.histods.provenance.index.ContentIndex;
import org.jspecify.annotations.Nullable;

/**
 * Audits a project: which datasets it used, whether their terms allow it, and whether test data leaked into training. Reads
 * the project, the catalogue and the mirror; makes no request and writes nothing into the project.
 */
public final class Auditor {

    /**
     * What to audit.
     *
     * @param folder of the project, or any folder
     * @param purpose what the work is for; null for the project's own
     * @param readAll whether to read and hash every pulled file; otherwise sizes and times are compared
     * @param hosts gets the current state of hosts; null to make no request
     */
    public record Question(
            Path folder,
            @Nullable String purpose,
            boolean readAll,
            @Nullable Hosts hosts) {}

    private final Catalogue catalogue;
    private final ManifestReader manifests;
    private final HostReferences hosts;
    private final Mirror mirror;
    private final ContentIndex index;
    private final BagVerifier verifier;

    /** @param hosts how the project may refer to data */
    public Auditor(
            Catalogue catalogue,
            ManifestReader manifests,
            HostReferences hosts,
            Mirror mirror,
            ContentIndex index,
            BagVerifier verifier) {
        this.catalogue = catalogue;
        this.manifests = manifests;
        this.hosts = hosts;
        this.mirror = mirror;
        this.index = index;
        this.verifier = verifier;
    }

    /**
     * Audits a project.
     *
     * @throws Problem {@code USAGE} if a file of the project, or a manifest, cannot be read; {@code DISK} or
     *     {@code WRONG_BYTES} if the record of a pulled dataset cannot
     */
    public Audit audit(Question question) throws Problem {
        Path folder = question.folder();
        Optional<Project> project = Files.isRegularFile(folder.resolve(Declaration.FILE))
                ? Optional.of(Project.of(folder))
                : Optional.empty();
        Declaration declaration =
                project.isPresent() ? project.get().declaration() : new Declaration(null, List.of(), List.of());
        Optional<Lock> lock = project.isPresent() ? project.get().lock() : Optional.empty();
        RunLog.Reading uses =
                project.isPresent() ? new RunLog(project.get()).read() : new RunLog.Reading(List.of(), List.of());
        Findings findings = new Findings();
        List<ManifestFile> all = new ArrayList<>(catalogue.all());
        all.addAll(pulledOnly(all, findings));
        List<Manifest> known = all.stream().map(ManifestFile::manifest).toList();
        Map<String, Integer> lines = project.isPresent() ? project.get().declaredLines() : Map.of();
        DatasetInventory inventory =
                new DatasetInventory(catalogue, all, manifests, mirror, project.isPresent(), lines);
        FolderSearch search = new FolderSearch(known, hosts, index, mirror, findings::unchecked);
        Set<Path> apart = new HashSet<>(catalogue.folders());
        apart.add(mirror.root());
        FolderSearch.Found found = search.look(folder, inventory.places(declaration), apart);
        List<DatasetUse> subjects = inventory.subjects(declaration, lock, uses, found.evidence(), findings::unchecked);
        Purpose purpose = Purpose.of(question.purpose() != null ? question.purpose() : declaration.purpose());
        AuditContext context = new AuditContext(
                project.isPresent(),
                purpose,
                lock,
                uses,
                subjects,
                overlaps(subjects, new OverlapDetector(new LineageGraph(known))),
                found);
        for (AuditContext.Rules rules : rules(question)) {
            rules.check(context, findings);
        }
        Map<String, String> ids = new HashMap<>();
        subjects.forEach(s -> ids.put(s.name(), s.id().text()));
        return new Audit(
                String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
                purpose.text(),
                lock.map(l -> l.digest().toString()).orElse(null),
                subjects.stream().map(DatasetUse::audited).toList(),
                context.overlaps(),
                findings.judged(declaration.accepted(), ids),
                findings.unchecked());
    }

    private List<AuditContext.Rules> rules(Question question) {
        return List.of(
                new DeclarationRules(),
                new LockRules(mirror, verifier, question.readAll()),
                new RunRules(),
                new HostRules(question.hosts()),
                new TermRules(),
                new CitationRules(hosts.links()),
                new LeakageRules(),
                new ProblemRules());
    }

    /** The manifests of pulled datasets that the catalogue does not have, such as those of a person's own. */
    private List<ManifestFile> pulledOnly(List<ManifestFile> known, Findings findings) throws Problem {
        Map<DatasetId, ManifestFile> found = new TreeMap<>();
        Set<DatasetId> ids = new HashSet<>();
        known.forEach(file -> ids.add(file.manifest().id()));
        for (BagRef ref : mirror.bags()) {
            if (ids.contains(ref.id())) {
                continue;
            }
            try {
                ManifestFile file = PulledManifest.of(ref, manifests);
                if (file != null) {
                    found.put(ref.id(), file);
                }
            } catch (Problem p) {
                findings.unchecked(ref.id() + ": the manifest that it was pulled with cannot be read");
            }
        }
        return List.copyOf(found.values());
    }

    private static List<Overlap> overlaps(List<DatasetUse> subjects, OverlapDetector detector) throws Problem {
        List<DatasetUse> used = subjects.stream().filter(DatasetUse::used).toList();
        List<Overlap> overlaps = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            for (int j = i + 1; j < used.size(); j++) {
                Overlap overlap = detector.of(used.get(i), used.get(j));
                if (overlap != null) {
                    overlaps.add(overlap);
                }
            }
        }
        return overlaps;
    }

    /** The parts of a purpose that are not known words; empty if it is null. */
    public static List<String> unknownPurposes(@Nullable String purpose) {
        return Purpose.of(purpose).unknown();
    }
}
