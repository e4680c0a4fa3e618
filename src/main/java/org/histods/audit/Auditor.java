package org.histods.audit;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.audit.HostAnswer.Hosts;
import org.histods.manifest.Catalogue;
import org.histods.manifest.Lineages;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.Manifests;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Lock;
import org.histods.project.Project;
import org.histods.project.UseLog;
import org.histods.provenance.ContentIndex;
import org.histods.provenance.Verifier;
import org.jspecify.annotations.Nullable;

/**
 * Says which datasets a project used, whether their terms allow it, and whether the result can be believed. Reads the
 * project, the catalogue and the mirror; makes no request and writes nothing into the project.
 */
public final class Auditor {

    /**
     * What is asked.
     *
     * @param folder of the project, or any folder
     * @param purpose what the work is for; null for what the project says
     * @param readAll whether every pulled file is read and hashed; else sizes and times are compared
     * @param hosts asks hosts what they state today; null to leave them alone
     */
    public record Question(
            Path folder,
            @Nullable String purpose,
            boolean readAll,
            @Nullable Hosts hosts) {}

    private final Catalogue catalogue;
    private final Manifests manifests;
    private final Mirror mirror;
    private final ContentIndex index;
    private final Verifier verifier;

    public Auditor(Catalogue catalogue, Manifests manifests, Mirror mirror, ContentIndex index, Verifier verifier) {
        this.catalogue = catalogue;
        this.manifests = manifests;
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
        UseLog.Reading uses =
                project.isPresent() ? new UseLog(project.get()).read() : new UseLog.Reading(List.of(), List.of());
        List<ManifestFile> all = catalogue.all();
        List<Manifest> known = all.stream().map(ManifestFile::manifest).toList();
        Findings findings = new Findings();
        Inventory inventory = new Inventory(catalogue, all, manifests, mirror, project.isPresent());
        FolderSearch search = new FolderSearch(known, index, mirror, findings);
        FolderSearch.Found found =
                search.look(folder, inventory.places(declaration), Set.of(mirror.root(), catalogue.folder()));
        List<Subject> subjects = inventory.subjects(declaration, lock, uses, found.signs(), findings);
        Purpose purpose = Purpose.of(question.purpose() != null ? question.purpose() : declaration.purpose());
        Case about = new Case(
                folder,
                project.isPresent(),
                purpose,
                lock,
                uses,
                subjects,
                overlaps(subjects, new Comparison(new Lineages(known))),
                found.texts());
        for (Case.Rules rules : rules(question)) {
            rules.look(about, findings);
        }
        Map<String, String> ids = new HashMap<>();
        subjects.forEach(s -> ids.put(s.name(), s.id().text()));
        return new Audit(
                String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
                purpose.said(),
                lock.map(l -> l.digest().toString()).orElse(null),
                subjects.stream().map(Subject::audited).toList(),
                about.overlaps(),
                findings.judged(declaration.accepted(), ids),
                findings.unchecked());
    }

    private List<Case.Rules> rules(Question question) {
        return List.of(
                new DeclarationRules(),
                new LockRules(mirror, verifier, question.readAll()),
                new RunRules(),
                new HostRules(question.hosts()),
                new TermRules(),
                new CitationRules(),
                new LeakageRules(),
                new ProblemRules());
    }

    private static List<Overlap> overlaps(List<Subject> subjects, Comparison comparison) throws Problem {
        List<Subject> used = subjects.stream().filter(Subject::used).toList();
        List<Overlap> overlaps = new ArrayList<>();
        for (int i = 0; i < used.size(); i++) {
            for (int j = i + 1; j < used.size(); j++) {
                Overlap overlap = comparison.of(used.get(i), used.get(j));
                if (overlap != null) {
                    overlaps.add(overlap);
                }
            }
        }
        return overlaps;
    }

    /** The parts of a purpose that are none of the known words; empty where it is null. */
    public static List<String> unknownPurposes(@Nullable String purpose) {
        return Purpose.of(purpose).strange();
    }
}
